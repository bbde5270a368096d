"""Silence for the client libraries, which log addresses with tokens, headers and whole messages."""

from __future__ import annotations

import logging

HTTP = ("httpx", "httpcore")


def quiet_libraries(*libraries: str, silent: str = "") -> None:
    """Keeps these libraries, and the HTTP client, to warnings, whatever the log level of Pandu. `silent`: the part that
    writes whole answers into its errors, with what people were told in them."""
    for name in (*HTTP, *libraries):
        logging.getLogger(name).setLevel(logging.WARNING)
    if silent:
        logging.getLogger(silent).setLevel(logging.CRITICAL)
