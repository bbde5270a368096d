"""WhatsApp's 24 hours: how long messages without a template may still go out."""

from __future__ import annotations

from datetime import datetime, timedelta

from bot.conversations.outbox import WINDOW

WINDOWED = frozenset({"whatsapp"})
"""Channels on which only templates go out WINDOW after the applicant's last message."""


def window_left(channel: str, last_incoming_at: datetime, now: datetime) -> timedelta | None:
    """Zero when the time is over; None where the channel has no limit."""
    if channel not in WINDOWED:
        return None
    return max(last_incoming_at + WINDOW - now, timedelta(0))
