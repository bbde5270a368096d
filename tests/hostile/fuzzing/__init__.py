"""Hostile input against everything that reads what others wrote: `python -m tests.hostile.fuzzing` (`make fuzz`)."""
