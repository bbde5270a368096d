"""The window of a channel: how long messages without a template may still go out."""

from __future__ import annotations

from datetime import datetime, timedelta

from bot.channels.all import kind_of


def window_left(channel: str, last_incoming_at: datetime, now: datetime) -> timedelta | None:
    """Zero when the time is over; None where the channel has no limit."""
    window = kind_of(channel).window
    return None if window is None else max(last_incoming_at + window - now, timedelta(0))
