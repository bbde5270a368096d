"""Ownership of conversations, from when to when, and what applicants hear meanwhile."""
