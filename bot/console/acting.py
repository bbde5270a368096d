"""From a signed-in officer to an act at the officers' desk (bot/handoff)."""

from __future__ import annotations

from sqlalchemy.ext.asyncio import AsyncSession

from bot.console.desk import Desk
from bot.handoff.desk import Act
from bot.officers.signing_in import Signed


def acting(desk: Desk, signed: Signed, session: AsyncSession) -> Act:
    """What the services of bot/handoff ask for, in the page's own transaction."""
    return Act(session, desk.runtime, signed.officer, desk.now)
