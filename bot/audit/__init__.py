"""The record of acts, and of looks at people's data."""
