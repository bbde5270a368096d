"""Replies kept for use again, with fields filled from the case."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from sqlalchemy.ext.asyncio import AsyncSession

from bot.handoff.desk import Desk
from bot.handoff.models import CannedReply
from bot.knowledge.models import Knowledge

FIELDS = ("nama", "nomor_permohonan", "layanan", "kantor", "petugas")


@dataclass(frozen=True, slots=True)
class Filled:
    """A canned reply for one conversation. `missing`: fields that stay open ("{nama}") because nothing is known."""

    id: int
    title: str
    text: str
    source: str
    missing: tuple[str, ...]


async def save(desk: Desk, reply_id: int | None, title: str, text: str, **where: str) -> int:
    """Adds or changes one (`where`: source, office, service). Raises BadInput: empty, a field not in FIELDS, title
    taken."""
    raise NotImplementedError


async def remove(desk: Desk, reply_id: int) -> None:
    raise NotImplementedError


async def listed(session: AsyncSession, office: str = "", service: str = "") -> Sequence[CannedReply]:
    """Those for everybody and those of this office and service, by title."""
    raise NotImplementedError


async def fill(desk: Desk, knowledge: Knowledge, reply_id: int, conversation_id: int) -> Filled:
    """One reply with its fields filled. Raises NoConversation."""
    raise NotImplementedError


async def filled(desk: Desk, knowledge: Knowledge, conversation_id: int) -> list[Filled]:
    """All that fit this conversation's office and service."""
    raise NotImplementedError
