"""Who did what, and who read whose data."""
