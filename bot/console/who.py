"""Names of those who stand in events and logs as "officer:12"."""

from __future__ import annotations

import re
from collections.abc import Iterable

from sqlalchemy.ext.asyncio import AsyncSession

from bot.officers.service import names

_ACTOR = re.compile(r"\bofficer:(\d+)\b")


async def people(session: AsyncSession, actors: Iterable[str]) -> dict[str, str]:
    """Actor -> what officers read: a name, or the actor itself where it is none of theirs."""
    wanted = set(actors)
    ids = {int(match[1]) for one in wanted if (match := _ACTOR.search(one))}
    known = await names(session, ids)
    return {one: _ACTOR.sub(lambda match: known.get(int(match[1]), match[0]), one) for one in wanted}


async def named(session: AsyncSession, text: str) -> str:
    """A sentence with the names in the place of "officer:12"."""
    return (await people(session, [text]))[text]
