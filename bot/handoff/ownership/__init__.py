"""Who has a conversation, from when to when, and what applicants hear meanwhile."""
