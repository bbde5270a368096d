"""The one error that ends a command: its text is a sentence for the technician."""

from __future__ import annotations


class CannotRun(Exception):
    """Something outside the program must be changed first. `str(error)` says what happened and what to do."""
