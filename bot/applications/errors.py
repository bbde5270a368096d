"""Errors of a request to the register: said once for programs, once for the office's staff."""

from __future__ import annotations


class RegisterError(Exception):
    """What an officer or another system asked for cannot be done; the message says why, without personal data.

    `said` is the same in Indonesian, for the office's staff.
    """

    def __init__(self, message: str, said: str) -> None:
        super().__init__(message)
        self.said = said


class NotFound(RegisterError):
    """There is no such application, service or stage."""


class NotAllowed(RegisterError):
    """The procedure has no such way, or the data are wrong."""


class Conflict(RegisterError):
    """Somebody else was quicker."""


class Busy(RegisterError):
    """Too many slow things are made at this moment, or one asks for too many of them."""

    def __init__(self) -> None:
        super().__init__(
            "too many claim codes are made at this moment; try again soon",
            "sedang banyak kode klaim yang dibuat; coba lagi sebentar lagi",
        )


class Unreadable(RegisterError):
    """A file as a whole cannot be read."""
