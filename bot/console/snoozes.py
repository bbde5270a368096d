"""The moments until which a conversation is put off, as forms offer and send them."""

from __future__ import annotations

from datetime import datetime, time, timedelta
from zoneinfo import ZoneInfo

from bot.handoff.desk import BadInput
from bot.handoff.triage.snoozing import Until
from bot.handoff.wording import BAD_SNOOZE

CHOICES = (("1", "1 jam lagi"), ("3", "3 jam lagi"), ("tomorrow", "Besok pagi (08.00)"), ("monday", "Senin (08.00)"))
MORNING = time(8)


def moment(typed: str) -> Until:
    """Of a choice, or "2026-11-30T09:00", by the clock of the conversation's office."""

    def until(now: datetime, zone: ZoneInfo) -> datetime:
        today = now.astimezone(zone).date()
        match typed:
            case "1" | "3":
                return now + timedelta(hours=int(typed))
            case "tomorrow":
                return datetime.combine(today + timedelta(days=1), MORNING, zone)
            case "monday":
                return datetime.combine(today + timedelta(days=7 - today.weekday()), MORNING, zone)
        try:
            said = datetime.fromisoformat(typed)
        except ValueError:
            raise BadInput(BAD_SNOOZE) from None
        return said if said.tzinfo else said.replace(tzinfo=zone)

    return until
