"""An office's own group for emergencies: named by a code said there, told a number and a link, and nothing else."""

from __future__ import annotations

import hashlib
import secrets
from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import TYPE_CHECKING

import structlog
from sqlalchemy import Select, delete, select
from sqlalchemy.dialects.postgresql import insert
from sqlalchemy.ext.asyncio import AsyncSession

from bot import links
from bot.audit.service import note
from bot.channels.base import Announces, SendError
from bot.conversations.jobs import RetryLater
from bot.handoff.calling import words
from bot.handoff.calling.models import OfficeGroup
from bot.handoff.desk import utc_now
from bot.handoff.models import Handoff
from bot.knowledge.load import get_knowledge
from bot.storage.database import Database

if TYPE_CHECKING:
    from bot.conversations.runtime import Runtime

log = structlog.get_logger(__name__)
CODE_LASTS = timedelta(minutes=30)
PATIENCE = 20.0  # seconds between tries where the provider names none
_LETTERS = "ABCDEFGHJKLMNPQRSTUVWXYZ23456789"


@dataclass(frozen=True, slots=True)
class Groups:
    """What a channel asks about groups; follows the protocol `OfficeGroups` of bot/channels/base.py."""

    database: Database
    now: Callable[[], datetime] = utc_now

    async def join(self, channel: str, address: str, code: str) -> str | None:
        """What is said in the group when the code names it; None when it does not."""
        now = self.now()
        async with self.database.session() as session:
            query = select(OfficeGroup).where(OfficeGroup.code_hash == _hash(code), OfficeGroup.code_until > now)
            found = (await session.scalars(query.with_for_update())).one_or_none()
            if found is None:
                return None
            found.code_hash = found.code_until = None
            found.channel, found.address, found.joined_at, found.problem = channel, address, now, ""
            await note(session, "system", "office.group-joined", "office", None, office=found.office)
            return words.GROUP_JOINED.format(office=_title(found.office))

    async def knows(self, channel: str, address: str) -> bool:
        async with self.database.session() as session:
            return (await session.scalars(_at(channel, address).limit(1))).first() is not None

    async def moved(self, channel: str, address: str, to: str) -> None:
        """The group has another address now; "": we are not in it any more."""
        async with self.database.session() as session:
            for one in await session.scalars(_at(channel, address).with_for_update()):
                if to:
                    one.address = to
                else:
                    await session.delete(one)
                    await note(session, "system", "office.group-lost", "office", None, office=one.office)


async def make_code(session: AsyncSession, office: str, actor: str, now: datetime) -> str:
    """A code that names the group in which it is said as the office's; shown once. An earlier one holds no more."""
    parts = ("".join(secrets.choice(_LETTERS) for _ in range(4)) for _ in range(3))
    code = "-".join(("GRUP", *parts))
    values = {"code_hash": _hash(code), "code_until": now + CODE_LASTS}
    made = insert(OfficeGroup).values(office=office, **values)
    await session.execute(made.on_conflict_do_update(index_elements=["office"], set_=values))
    await note(session, actor, "office.group-code", "office", None, office=office)
    return code


async def group_of(session: AsyncSession, office: str) -> OfficeGroup | None:
    """The office's group; for nobody's conversation, or an office without one, the one of all offices ("")."""
    query = select(OfficeGroup).where(OfficeGroup.office.in_({office, ""}), OfficeGroup.address != "")
    found = {one.office: one for one in await session.scalars(query)}
    return found.get(office) or found.get("")


async def stands(session: AsyncSession, office: str) -> OfficeGroup | None:
    """The office's own, joined or with a code that waits."""
    return await session.get(OfficeGroup, office)


async def part(session: AsyncSession, office: str, actor: str) -> None:
    await session.execute(delete(OfficeGroup).where(OfficeGroup.office == office))
    await note(session, actor, "office.group-parted", "office", None, office=office)


async def call_group(runtime: Runtime, office: str, handoff: int, mark: int, until: datetime, now: datetime) -> None:
    """The emergency's number and link into the group, while it waits. Raises RetryLater."""
    async with runtime.database.session() as session:
        about = await session.get(Handoff, handoff)
        group = await group_of(session, office)
    waits = about is not None and about.closed_at is None and about.owned_at is None
    if (
        about is None
        or group is None
        or not waits
        or abs(about.queued_at.timestamp() * 1000 - mark) > 1
        or now >= until
    ):
        return
    minutes = int((now - about.queued_at).total_seconds() // 60)
    said = words.GROUP_CALL.format(number=about.conversation_id, minutes=minutes)
    link = links.public(runtime.settings, f"/console/conversations/{about.conversation_id}")
    await say(runtime, group, f"{said}\n{link}" if link else said)


async def say(runtime: Runtime, group: OfficeGroup, text: str) -> str:
    """Says it there; returns why it did not arrive, for officers ("": it did). Raises RetryLater."""
    channel, problem = runtime.channels.get(group.channel), ""
    if not isinstance(channel, Announces):
        problem = words.NO_CHANNEL
    else:
        try:
            address = await channel.announce(group.address, text)
            if address != group.address:
                await Groups(runtime.database).moved(group.channel, group.address, address)
        except SendError as error:
            if not error.permanent:
                raise RetryLater(error.retry_after or PATIENCE) from None
            log.warning("a group was not told", code=error.code)
            problem = words.GROUP_REFUSED
    async with runtime.database.session() as session:
        found = await session.get(OfficeGroup, group.office)
        if found is not None:
            found.problem = problem
    return problem


def _at(channel: str, address: str) -> Select[OfficeGroup]:
    return select(OfficeGroup).where(OfficeGroup.channel == channel, OfficeGroup.address == address)


def _hash(code: str) -> str:
    return hashlib.sha256(code.encode()).hexdigest()


def _title(office: str) -> str:
    known = get_knowledge().offices.get(office)
    return known.label if known else words.ALL_OFFICES
