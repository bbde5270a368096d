"""Another day for the tests: PANDU_TEST_CLOCK=2033-12-31 (noon in Jakarta), or with a time, 2026-08-16T23:30.

Python's clocks and the `now()` of the test databases go on from there. Processes of their own keep the real day, so
tests that watch the clock of one are left out.
"""

from __future__ import annotations

import os
from datetime import UTC, datetime, time
from zoneinfo import ZoneInfo

import time_machine

_SAID = os.environ.get("PANDU_TEST_CLOCK", "")
_WIB = ZoneInfo("Asia/Jakarta")
_FUNCTIONS = ("now", "clock_timestamp", "statement_timestamp", "transaction_timestamp")
SEARCH_PATH = "public,pg_catalog"
"""Where PostgreSQL looks for a function: ours go before its own."""


def _destination(said: str) -> datetime:
    moment = datetime.fromisoformat(said)
    if "T" not in said:
        moment = datetime.combine(moment, time(12))
    return (moment if moment.tzinfo else moment.replace(tzinfo=_WIB)).astimezone(UTC)


def shifted() -> bool:
    """Whether the tests run on another day."""
    return bool(_SAID)


def start() -> None:
    """Move Python's clocks; they go on ticking."""
    if _SAID:
        time_machine.travel(_destination(_SAID), tick=True).start()


def for_postgres() -> list[str]:
    """Statements that give a database the same clock."""
    if not _SAID:
        return []
    shift = datetime.now(UTC) - time_machine.escape_hatch.datetime.datetime.now(UTC)
    return [
        f"create function public.{name}() returns timestamptz language sql stable"
        f" as 'select pg_catalog.{name}() + interval ''{shift.total_seconds()} seconds'''"
        for name in _FUNCTIONS
    ]
