"""Silence for the client libraries, which log addresses with tokens, headers and whole messages."""

from __future__ import annotations

import logging

HTTP = ("httpx", "httpcore")


def quiet_libraries(*libraries: str) -> None:
    """Keeps these libraries, and the HTTP client, to warnings, whatever the log level of Pandu."""
    for name in (*HTTP, *libraries):
        logging.getLogger(name).setLevel(logging.WARNING)
