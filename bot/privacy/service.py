"""The notice about data, requests of applicants, holds, and who of the staff read a conversation.

Nothing is committed here: the transaction belongs to the caller.
"""

from __future__ import annotations

import hashlib
import secrets
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Literal

from sqlalchemy import BigInteger, cast, exists, func, or_, select, text, update
from sqlalchemy.dialects.postgresql import insert
from sqlalchemy.ext.asyncio import AsyncSession

from bot.applications.models import Application, ApplicationContact
from bot.audit.models import AuditLine
from bot.audit.service import note
from bot.channels.all import addresses_of
from bot.complaints.models import Complaint
from bot.conversations.models import Conversation
from bot.officers.models import Officer
from bot.privacy.models import SUBJECTS, LegalHold, NoticeShown, PrivacyRequest

SURE_WITHIN = timedelta(minutes=10)
"""How long "ya, hapus" may be said after it was asked."""
LINK_LIFETIME = timedelta(minutes=15)
MOST_USES = 5
"""Downloads by one link: a phone may fail half-way."""

Answer = Literal["started", "already", "expired", "held"]


# --- the notice ---


async def seen_version(session: AsyncSession, conversation_id: int, message_id: int | None) -> int | None:
    """The newest version of the notice shown before this message; None when there was none."""
    query = select(func.max(NoticeShown.version)).where(
        NoticeShown.conversation_id == conversation_id,
        or_(NoticeShown.message_id.is_(None), NoticeShown.message_id != message_id),
    )
    return (await session.execute(query)).scalar_one()


async def note_shown(session: AsyncSession, conversation_id: int, version: int, message_id: int | None) -> None:
    """Records that a version is shown with the answer to a message; the first time counts."""
    values = {"conversation_id": conversation_id, "version": version, "message_id": message_id}
    await session.execute(insert(NoticeShown).values(values).on_conflict_do_nothing())


# --- requests ---


async def make_link(session: AsyncSession, conversation_id: int, now: datetime) -> str:
    """A token that opens the copy of this conversation's data for a while; earlier ones end."""
    earlier = update(PrivacyRequest).where(
        PrivacyRequest.conversation_id == conversation_id, PrivacyRequest.kind == "export"
    )
    await session.execute(earlier.where(PrivacyRequest.expires_at > now).values(expires_at=now))
    token = secrets.token_urlsafe(32)
    actor = f"conversation:{conversation_id}"
    session.add(
        PrivacyRequest(
            conversation_id=conversation_id,
            kind="export",
            asked_by=actor,
            asked_at=now,
            expires_at=now + LINK_LIFETIME,
            token_hash=_hash(token),
        )
    )
    await note(session, actor, "privacy.copy-asked", "conversation", conversation_id)
    await session.flush()
    return token


async def opened_by(session: AsyncSession, token: str, now: datetime, *, using: bool) -> int | None:
    """The conversation that a link opens; None for one that is unknown, used up or over. `using` counts a download."""
    query = select(PrivacyRequest).where(
        PrivacyRequest.token_hash == _hash(token),
        PrivacyRequest.expires_at > now,
        PrivacyRequest.uses < MOST_USES,
        exists().where(Conversation.id == PrivacyRequest.conversation_id),
    )
    found = (await session.execute(query.with_for_update() if using else query)).scalar_one_or_none()
    if found is None:
        return None
    if using:
        found.uses += 1
        found.status, found.done_at = "done", now
        await note(session, found.asked_by, "privacy.copy-given", "conversation", found.conversation_id)
    return found.conversation_id


async def ask_erasing(session: AsyncSession, conversation_id: int, now: datetime, asked_by: str = "") -> PrivacyRequest:
    """Notes that erasing was asked for; it waits for a yes. `held` where something forbids it."""
    held = await is_held(session, conversation_id)
    request = PrivacyRequest(
        conversation_id=conversation_id,
        kind="erase",
        status="held" if held else "asked",
        asked_by=asked_by or f"conversation:{conversation_id}",
        asked_at=now,
        expires_at=now + SURE_WITHIN,
    )
    session.add(request)
    await session.flush()
    if held:
        await note(session, request.asked_by, "privacy.erasing-held", "conversation", conversation_id)
    return request


async def open_erasing(session: AsyncSession, conversation_id: int, now: datetime) -> int:
    """The question that waits for a yes; 0 without one."""
    query = select(func.max(PrivacyRequest.id)).where(
        PrivacyRequest.conversation_id == conversation_id,
        PrivacyRequest.kind == "erase",
        PrivacyRequest.status == "asked",
        PrivacyRequest.expires_at > now,
    )
    return (await session.execute(query)).scalar_one_or_none() or 0


async def confirm_erasing(session: AsyncSession, conversation_id: int, request_id: int, now: datetime) -> Answer:
    """The yes to an earlier question; "started" only once."""
    query = select(PrivacyRequest).where(
        PrivacyRequest.id == request_id,
        PrivacyRequest.conversation_id == conversation_id,
        PrivacyRequest.kind == "erase",
    )
    request = (await session.execute(query.with_for_update())).scalar_one_or_none()
    if request is None:
        return "expired"
    if request.status == "held" or await is_held(session, conversation_id):
        request.status = "held"
        return "held"
    if request.status != "asked":
        return "already"
    if request.expires_at <= now:
        return "expired"
    request.status = "confirmed"
    await note(session, request.asked_by, "privacy.erasing-confirmed", "conversation", conversation_id)
    return "started"


async def held_requests(session: AsyncSession) -> Sequence[PrivacyRequest]:
    """Requests for erasing that wait for a hold to end, oldest first."""
    query = select(PrivacyRequest).where(PrivacyRequest.kind == "erase", PrivacyRequest.status == "held")
    return (await session.scalars(query.order_by(PrivacyRequest.id))).all()


# --- holds ---


class NoSuchSubject(Exception):
    """There is no such conversation, application or report. The message is a sentence for the staff."""


async def hold(session: AsyncSession, subject: str, subject_id: int, reason: str, made_by: str) -> LegalHold:
    """Forbids erasing it and what it covers. A second hold on the same subject changes nothing. Raises NoSuchSubject.

    `made_by`: as in the audit log.
    """
    models = {"conversation": Conversation, "application": Application, "complaint": Complaint}
    if subject not in SUBJECTS or await session.get(models[subject], subject_id) is None:
        raise NoSuchSubject(f"There is no {subject} {subject_id}.")
    values = {"subject": subject, "subject_id": subject_id, "reason": reason.strip()[:500], "made_by": made_by}
    active = LegalHold.released_at.is_(None)
    made = (
        insert(LegalHold)
        .values(values)
        .on_conflict_do_nothing(index_elements=["subject", "subject_id"], index_where=active)
    )
    fresh = (await session.execute(made.returning(LegalHold.id))).first()
    if fresh:
        await note(session, made_by, "privacy.held", subject, subject_id)
    query = select(LegalHold).where(LegalHold.subject == subject, LegalHold.subject_id == subject_id, active)
    return (await session.execute(query)).scalar_one()


async def release(session: AsyncSession, hold_id: int, released_by: str, now: datetime) -> LegalHold | None:
    """Ends a hold; None when there is no active one with this id. Requests that waited stay: see `held_requests`."""
    query = select(LegalHold).where(LegalHold.id == hold_id, LegalHold.released_at.is_(None)).with_for_update()
    found = (await session.execute(query)).scalar_one_or_none()
    if found is not None:
        found.released_at, found.released_by = now, released_by
        await note(session, released_by, "privacy.released", found.subject, found.subject_id)
        await session.flush()
    return found


async def holds(session: AsyncSession) -> Sequence[LegalHold]:
    """The active holds, oldest first."""
    return (
        await session.scalars(select(LegalHold).where(LegalHold.released_at.is_(None)).order_by(LegalHold.id))
    ).all()


async def is_held(session: AsyncSession, conversation_id: int) -> bool:
    """Whether a hold covers the conversation."""
    query = text(f"select 1 from {HELD} held where conversation_id = :id limit 1")  # noqa: S608
    given = {"id": conversation_id, **await held_addresses(session)}
    return (await session.execute(query, given)).first() is not None


HELD = """(select conversation_id from held_conversations
    union all select id from conversations where (channel, address) in (
        select * from unnest(cast(:held_channels as text[]), cast(:held_addresses as text[]))))"""
"""The conversations that holds cover, in SQL; wants what `held_addresses` returns."""


async def held_addresses(session: AsyncSession) -> dict[str, list[str]]:
    """Where those write from who see a held application by their number, which the database cannot read."""
    query = (
        select(ApplicationContact.value)
        .join(LegalHold, LegalHold.subject_id == ApplicationContact.application_id)
        .where(LegalHold.subject == "application", LegalHold.released_at.is_(None), ApplicationContact.kind == "phone")
    )
    places = addresses_of(await session.scalars(query))
    return {"held_channels": [one for one, _ in places], "held_addresses": [one for _, one in places]}


# --- who read what ---


LOOKS = ("read", "listed", "taken", "revealed", "file-read", "receipt")
"""Acts on a subject by which staff see something of it."""


@dataclass(frozen=True, slots=True)
class Read:
    """Somebody of the staff (by role) saw it, for the first time within this hour. `act`: "conversation.read" …"""

    at: datetime
    role: str
    act: str


async def reads_of(
    session: AsyncSession, subject: str, subject_id: int, looks: Sequence[str] = ("read",)
) -> list[Read]:
    """Who of the staff saw it, newest first, without names. `looks`: of LOOKS."""
    number = cast(func.substring(AuditLine.actor, "^officer:([0-9]{1,18})$"), BigInteger)
    query = (
        select(AuditLine.at, func.coalesce(Officer.role, ""), AuditLine.action)
        .join(Officer, Officer.id == number, isouter=True)
        .where(
            AuditLine.subject == subject,
            AuditLine.subject_id == subject_id,
            AuditLine.action.in_([f"{subject}.{one}" for one in looks]),
            AuditLine.actor.regexp_match("^(officer:[0-9]{1,18}$|command-line)"),
        )
        .order_by(AuditLine.id.desc())
    )
    return [Read(*row) for row in (await session.execute(query))]


def _hash(token: str) -> str:
    return hashlib.sha256(token.encode()).hexdigest()
