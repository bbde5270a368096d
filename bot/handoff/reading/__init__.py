"""What officers see: the list of conversations, one conversation, its files."""
