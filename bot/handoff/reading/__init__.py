"""Officers' views: the list of conversations, one conversation, its files."""
