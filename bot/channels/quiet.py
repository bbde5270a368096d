"""The client libraries log addresses with tokens in them, headers and whole messages; none of it may be written."""

from __future__ import annotations

import logging

LIBRARIES = ("httpx", "httpcore", "telegram", "twilio")


def quiet_libraries() -> None:
    """Keeps these libraries to warnings, whatever the log level of Pandu."""
    for name in LIBRARIES:
        logging.getLogger(name).setLevel(logging.WARNING)
