"""Replies kept for use again, with fields filled from the case."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass

from sqlalchemy import or_, select
from sqlalchemy.ext.asyncio import AsyncSession

from bot.audit.service import note as audit
from bot.audit.service import note_listed
from bot.conversations.models import Conversation
from bot.conversations.walls import ALL, Sight, mine
from bot.handoff import wording
from bot.handoff.case import Case, case_of
from bot.handoff.desk import Act, BadInput, NoConversation
from bot.handoff.models import CannedReply
from bot.knowledge.models import Knowledge

FIELDS = ("nama", "nomor_permohonan", "layanan", "kantor", "petugas")
MAX_TITLE, MAX_TEXT = 80, 4000
_FIELD = re.compile(r"\{([a-z_]+)\}")


@dataclass(frozen=True, slots=True)
class Filled:
    """A canned reply for one conversation. `missing`: fields that stay open ("{nama}") because nothing is known."""

    id: int
    title: str
    text: str
    source: str
    missing: tuple[str, ...]


async def save(
    desk: Act, reply_id: int | None, title: str, text: str, *, source: str = "", office: str = "", service: str = ""
) -> int:
    """Adds or changes one. Raises BadInput (empty, too long, a field not in FIELDS, title taken), NoConversation
    (there is no such reply) and NotAllowed (it is, or would be, another office's)."""
    desk.only_own(office)
    title, text = title.strip(), text.replace("\r\n", "\n").strip()
    if not (0 < len(title) <= MAX_TITLE and 0 < len(text) <= MAX_TEXT):
        raise BadInput(wording.BAD_CANNED.format(title=MAX_TITLE, text=MAX_TEXT))
    unknown = [name for name in _FIELD.findall(text) if name not in FIELDS]
    if unknown:
        raise BadInput(wording.NO_FIELD.format(field="}, {".join(dict.fromkeys(unknown)), fields=", ".join(FIELDS)))
    taken = select(CannedReply.id).where(CannedReply.title == title, CannedReply.id.is_distinct_from(reply_id))
    if (await desk.session.execute(taken)).first() is not None:
        raise BadInput(wording.TITLE_TAKEN)
    reply = await _own(desk, reply_id) if reply_id is not None else CannedReply(created_by=desk.officer_id)
    reply.title, reply.text, reply.source, reply.office, reply.service = title, text, source.strip(), office, service
    reply.updated_at = desk.now()
    desk.session.add(reply)
    await desk.session.flush()
    await _noted(desk, "canned-reply.saved", reply.id)
    return reply.id


async def remove(desk: Act, reply_id: int) -> None:
    """Raises NoConversation when there is no such reply, NotAllowed for another office's."""
    reply = await _own(desk, reply_id)
    await desk.session.delete(reply)
    await _noted(desk, "canned-reply.removed", reply_id)


async def listed(
    session: AsyncSession, office: str | None = None, service: str | None = None, sight: Sight = ALL
) -> Sequence[CannedReply]:
    """By title: all of these offices and for everybody; or those for everybody and for this office and service."""
    query = select(CannedReply).order_by(CannedReply.title)
    query = query.where(or_(CannedReply.office == "", mine(CannedReply.office, sight)))
    if office is not None:
        query = query.where(CannedReply.office.in_(["", office]))
    if service is not None:
        query = query.where(CannedReply.service.in_(["", service]))
    return (await session.scalars(query)).all()


async def filled(desk: Act, knowledge: Knowledge, conversation_id: int) -> list[Filled]:
    """All that fit this conversation's office and service."""
    values, case = await _values(desk, knowledge, conversation_id)
    if desk.officer and case.application:
        await note_listed(desk.session, desk.officer.id, "application", [case.application.id], desk.now())
    office, service = case.office.id if case.office else "", case.service.id if case.service else ""
    return [_filled(one, values) for one in await listed(desk.session, office, service, desk.sight)]


async def _reply(session: AsyncSession, reply_id: int) -> CannedReply:
    reply = await session.get(CannedReply, reply_id)
    if reply is None:
        raise NoConversation(wording.NO_CANNED)
    return reply


async def _own(desk: Act, reply_id: int) -> CannedReply:
    reply = await _reply(desk.session, reply_id)
    desk.only_own(reply.office)
    return reply


async def _values(desk: Act, knowledge: Knowledge, conversation_id: int) -> tuple[dict[str, str], Case]:
    conversation = await desk.session.get(Conversation, conversation_id)
    if conversation is None:
        raise NoConversation(wording.UNKNOWN)
    case = await case_of(desk.session, knowledge, conversation_id, desk.sight)
    application = case.application
    name = (application.applicant if application else "") or ("" if case.hides else conversation.profile_name)
    values = {
        "nama": name,
        "nomor_permohonan": application.number if application else "",
        "layanan": case.service.title if case.service else "",
        "kantor": case.office.name if case.office else "",
        "petugas": desk.name if desk.officer else "",
    }
    return values, case


def _filled(reply: CannedReply, values: dict[str, str]) -> Filled:
    missing = tuple(dict.fromkeys(name for name in _FIELD.findall(reply.text) if not values.get(name)))
    text = _FIELD.sub(lambda found: values.get(found[1]) or found[0], reply.text)
    return Filled(reply.id, reply.title, text, reply.source, missing)


async def _noted(desk: Act, action: str, reply_id: int) -> None:
    await audit(desk.session, desk.actor, action, "canned-reply", reply_id)
