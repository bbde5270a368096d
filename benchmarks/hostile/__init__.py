"""Hostile input against everything that reads what others wrote: `python -m benchmarks.hostile` (`make fuzz`)."""
