"""A person: the name officers read, the conversations they write in, what was before, and notes."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Annotated

from fastapi import APIRouter, Form, HTTPException, Query, Request, Response
from sqlalchemy import func, not_, or_, select
from sqlalchemy.ext.asyncio import AsyncSession

from bot.applications.models import Application, ApplicationLink
from bot.audit.service import note
from bot.complaints.models import DRAFTS, Complaint
from bot.console.access import AnyOfficer, listed_to, read
from bot.console.acting import acting
from bot.console.complaints import names_of
from bot.console.desk import Desk, Here
from bot.console.register import RegisterRow, row_of, today_at
from bot.conversations import persons
from bot.conversations.hiding import hides, hiding
from bot.conversations.models import Conversation
from bot.conversations.persons import CannotJoin, chats_of
from bot.conversations.walls import seen, seen_of
from bot.handoff.case import case_of
from bot.handoff.desk import DeskError
from bot.handoff.models import Handoff, Note
from bot.handoff.notes import add_note
from bot.handoff.reading.packet import shown_address
from bot.officers.models import Officer
from bot.officers.signing_in import Signed

router = APIRouter(prefix="/persons")
ROOT = "/console/persons"
MOST = 30  # of each list
MOST_FOUND = 10
STILL_OPEN = "masih terbuka"
_ENDS = {"given_back": "kembali ke Pandu", "closed": "ditutup", "back_to_bot": "pemohon kembali ke Pandu"}


@dataclass(frozen=True, slots=True)
class Chat:
    """One conversation of the person, as officers may see it."""

    row: Conversation
    address: str
    office: str
    here: bool


@dataclass(frozen=True, slots=True)
class Before:
    """An earlier request for an officer."""

    conversation_id: int
    at: datetime
    reason: str
    officer: str
    end: str


@router.get("/{conversation_id}")
async def person(
    request: Request,
    desk: Here,
    signed: AnyOfficer,
    conversation_id: int,
    q: Annotated[str, Query(max_length=100)] = "",
) -> Response:
    """Everything about the person of a conversation; `q` looks for another conversation of theirs."""
    return await _page(request, desk, signed, conversation_id, q)


@router.post("/{conversation_id}/name")
async def name(
    request: Request,
    desk: Here,
    signed: AnyOfficer,
    conversation_id: int,
    name: Annotated[str, Form(max_length=2 * persons.MAX_NAME)] = "",
) -> Response:
    """Sets the name in all conversations of the person; without one it is again what the channel says."""
    async with desk.session() as session:
        chats = await _chats(session, signed, conversation_id)
        await persons.rename(session, chats, name)
        for one in chats:
            await note(session, signed.actor, "person.named", "conversation", one.id)
    return desk.done(
        request, f"{ROOT}/{conversation_id}", "Nama disimpan." if name.strip() else "Nama dari kanal dipakai."
    )


@router.post("/{conversation_id}/join")
async def join(
    request: Request, desk: Here, signed: AnyOfficer, conversation_id: int, other: Annotated[int, Form(ge=1, lt=2**62)]
) -> Response:
    """Another conversation is the same person's. For officers only: it opens nothing to the person."""
    try:
        async with desk.session() as session:
            await _chats(session, signed, conversation_id)
            if other not in await seen_of(session, signed.sight, [other]):
                raise CannotJoin("Percakapan itu tidak ada, atau milik kantor lain.")
            if other != conversation_id:
                await persons.join(session, conversation_id, other, "officer")
                await note(session, signed.actor, "person.joined", "conversation", conversation_id, other=other)
    except CannotJoin as wrong:
        return await _page(request, desk, signed, conversation_id, error=wrong.said)
    return desk.done(request, f"{ROOT}/{conversation_id}", "Percakapan digabungkan.")


@router.post("/{conversation_id}/part")
async def part(request: Request, desk: Here, signed: AnyOfficer, conversation_id: int) -> Response:
    """The conversation is no longer this person's."""
    async with desk.session() as session:
        await _chats(session, signed, conversation_id)
        await persons.part(session, conversation_id)
        await note(session, signed.actor, "person.parted", "conversation", conversation_id)
    return desk.done(request, f"{ROOT}/{conversation_id}", "Percakapan dipisahkan.")


@router.post("/{conversation_id}/notes")
async def noted(
    request: Request, desk: Here, signed: AnyOfficer, conversation_id: int, text: Annotated[str, Form()] = ""
) -> Response:
    """A note for colleagues; it stands in the conversation, too."""
    try:
        async with desk.session() as session:
            await _chats(session, signed, conversation_id)
            await add_note(acting(desk, signed, session), conversation_id, text)
    except DeskError as wrong:
        return await _page(request, desk, signed, conversation_id, error=wrong.why)
    return desk.done(request, f"{ROOT}/{conversation_id}", "Catatan disimpan.")


async def _chats(session: AsyncSession, signed: Signed, conversation_id: int) -> list[Conversation]:
    """The person's conversations that are seen. 404 for none, and for one that hides whose it is."""
    if await hides(session, conversation_id):
        raise HTTPException(404, "Identitas pelapor ini dijaga.")
    chats = await chats_of(session, conversation_id)
    allowed = await seen_of(session, signed.sight, [one.id for one in chats])
    if conversation_id not in allowed:
        raise HTTPException(404, "Percakapan itu tidak ada, atau milik kantor lain.")
    return [one for one in chats if one.id in allowed]


async def _page(
    request: Request, desk: Desk, signed: Signed, conversation_id: int, q: str = "", error: str = ""
) -> Response:
    async with desk.session() as session:
        chats = await _chats(session, signed, conversation_id)
        ids = [one.id for one in chats]
        for one in ids:
            await read(session, signed, "conversation", one, desk)
        applications = await _applications(session, desk, signed, chats)
        reports = await _reports(session, signed, ids)
        found = await _found(session, signed, ids, q) if q.strip() else []
        likely = await _likely(session, signed, ids, [one.application for one in applications])
        await listed_to(session, signed, "application", [one.application.id for one in applications], desk)
        await listed_to(session, signed, "complaint", [one.id for one in reports], desk)
        await listed_to(session, signed, "conversation", [one.id for one in (*found, *likely)], desk)
        befores, notes = await _befores(session, ids), await _notes(session, ids)
    return desk.page(
        request,
        signed,
        "person.html",
        section="inbox",
        status=422 if error else 200,
        error=error,
        this=chats[0],
        chats=[_chat(desk, one, conversation_id) for one in chats],
        applications=applications,
        statuses=names_of(desk.knowledge)["status"],
        q=q,
        most_name=persons.MAX_NAME,
        reports=reports,
        befores=befores,
        notes=notes,
        found=found,
        likely=likely,
    )


def _chat(desk: Desk, row: Conversation, here: int = 0) -> Chat:
    office = desk.knowledge.offices.get(row.office)
    return Chat(row, shown_address(row.channel, row.address), office.label if office else "", row.id == here)


async def _applications(
    session: AsyncSession, desk: Desk, signed: Signed, chats: Sequence[Conversation]
) -> list[RegisterRow]:
    found: dict[int, Application] = {}
    for one in chats:
        case = await case_of(session, desk.knowledge, one.id, signed.sight)
        found |= {each.id: each for each in case.applications}
    return [row_of(desk.knowledge, one, today_at(desk, one.office)) for one in list(found.values())[:MOST]]


async def _reports(session: AsyncSession, signed: Signed, ids: Sequence[int]) -> list[Complaint]:
    query = select(Complaint).where(
        Complaint.conversation_id.in_(ids), Complaint.hides.is_(False), Complaint.status.not_in(DRAFTS)
    )
    found = await session.scalars(query.order_by(Complaint.id.desc()).limit(MOST))
    return [one for one in found if signed.sight.of(one.office)]


async def _befores(session: AsyncSession, ids: Sequence[int]) -> list[Before]:
    query = (
        select(Handoff, Officer.name)
        .outerjoin(Officer, Officer.id == Handoff.officer_id)
        .where(Handoff.conversation_id.in_(ids))
        .order_by(Handoff.id.desc())
        .limit(MOST)
    )
    return [
        Before(
            one.conversation_id,
            one.created_at,
            one.reason,
            officer or "",
            _ENDS.get(one.outcome or "", STILL_OPEN),
        )
        for one, officer in await session.execute(query)
    ]


async def _notes(session: AsyncSession, ids: Sequence[int]) -> list[tuple[Note, str]]:
    query = (
        select(Note, Officer.name)
        .outerjoin(Officer, Officer.id == Note.officer_id)
        .where(Note.conversation_id.in_(ids), Note.kind == "note")
        .order_by(Note.id.desc())
        .limit(MOST)
    )
    return [(one, officer or "") for one, officer in await session.execute(query)]


async def _found(session: AsyncSession, signed: Signed, ids: Sequence[int], q: str) -> list[Conversation]:
    """Other conversations whose name or number the officer types."""
    digits = re.sub(r"^(?:62|0)", "", re.sub(r"\D", "", q))
    fits = [Conversation.profile_name.icontains(" ".join(q.split()), autoescape=True)]
    if len(digits) >= 4 and re.fullmatch(r"[\d\s()+.-]+", q):
        fits.append(func.reverse(Conversation.address).startswith(digits[::-1], autoescape=True))
    query = select(Conversation).where(or_(*fits), Conversation.id.not_in(ids), seen(signed.sight), not_(hiding()))
    return list(await session.scalars(query.order_by(Conversation.last_incoming_at.desc()).limit(MOST_FOUND)))


async def _likely(
    session: AsyncSession, signed: Signed, ids: Sequence[int], applications: Sequence[Application]
) -> list[Conversation]:
    """Conversations that see the same applications: probably the same person, or who helps them."""
    linked = select(ApplicationLink.conversation_id).where(
        ApplicationLink.application_id.in_([one.id for one in applications])
    )
    query = select(Conversation).where(
        Conversation.id.in_(linked), Conversation.id.not_in(ids), seen(signed.sight), not_(hiding())
    )
    return list(await session.scalars(query.order_by(Conversation.id).limit(MOST_FOUND)))
