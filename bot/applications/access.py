"""The right to see an application, by a verified telephone number or a claim code. Every look is written down.

A number that does not exist and one that belongs to somebody else are answered alike, and after five wrong tries
within an hour a conversation has to pause.
"""

from __future__ import annotations

from collections.abc import Sequence
from contextlib import suppress
from dataclasses import dataclass
from datetime import timedelta
from typing import Literal

from sqlalchemy import func, literal, or_, select, update
from sqlalchemy.dialects.postgresql import insert
from sqlalchemy.sql import ColumnElement

from bot.applications.claim_codes import Made
from bot.applications.models import (
    Application,
    ApplicationContact,
    ApplicationLink,
    ApplicationLook,
    ClaimCode,
    NewsMute,
)
from bot.applications.service import Register
from bot.channels.all import kind_of, numbered
from bot.conversations import persons
from bot.conversations.models import Conversation
from bot.storage.encrypted import hashes_of

WRONG_TRIES = 5
PAUSE = timedelta(hours=1)
RECEIPT_LIFETIME = timedelta(days=30)
CHANNEL_LIFETIME = timedelta(minutes=30)
SEEN_AT_ONCE = 50
SHARED = "conversation:"  # begins who made the code on a receipt that went into a chat

Outcome = Literal["shown", "refused", "paused", "linked", "own"]


@dataclass(frozen=True, slots=True)
class Look:
    """`application` only where the outcome is "shown"; for "linked" all that were opened. "own": a code for another
    chat of the person's, which this chat was told itself."""

    outcome: Outcome
    applications: Sequence[Application] = ()


async def mine(register: Register, conversation_id: int) -> list[Application]:
    """The applications that a conversation may see: open ones first, newest change first."""
    return list(
        await register.session.scalars(
            select(Application)
            .where(await _visible(register, conversation_id))
            .order_by(Application.turn == "nobody", Application.stage_since.desc(), Application.id.desc())
            .limit(SEEN_AT_ONCE)
        )
    )


async def look(register: Register, conversation_id: int, number: str) -> Look:
    """One application by its number, for the conversation that asks."""
    visible = await _visible(register, conversation_id)
    query = select(Application).where(Application.number == number, visible)
    application = (await register.session.execute(query)).scalar_one_or_none()
    if application is None:
        outcome: Outcome = "paused" if await is_paused(register, conversation_id) else "refused"
        await note(register, outcome, conversation_id)
        return Look(outcome)
    await note(register, "shown", conversation_id, application.id)
    return Look("shown", (application,))


async def claim(register: Register, conversation_id: int, hashed: str) -> Look:
    """Uses a claim code: links what it opens to the conversation. Used, expired and unknown codes are refused alike.

    `hashed`: by bot/applications/claim_codes.py. The conversation that used it may send it again (a message can be
    handled twice).
    """
    if await is_paused(register, conversation_id):
        await note(register, "paused", conversation_id)
        return Look("paused")
    now = register.now()
    query = (
        select(ClaimCode)
        .where(ClaimCode.hash == hashed)
        .where(or_(ClaimCode.used_at.is_(None), ClaimCode.used_by == conversation_id), ClaimCode.expires_at > now)
        .with_for_update()
    )
    found = (await register.session.execute(query)).scalar_one_or_none()
    if found and (found.from_conversation == conversation_id or found.made_by == f"{SHARED}{conversation_id}"):
        return Look("own")  # and it still holds for the other one
    opened = await _opened(register, found) if found else []
    if found is None or not opened:
        await note(register, "refused", conversation_id)
        return Look("refused")
    found.used_at, found.used_by = found.used_at or now, conversation_id
    for application in opened:
        how = "channel" if found.from_conversation else "code"
        link = insert(ApplicationLink).values(application_id=application.id, conversation_id=conversation_id, how=how)
        await register.session.execute(link.on_conflict_do_nothing())
        await note(register, "linked", conversation_id, application.id)
    await register.session.flush()
    if found.from_conversation is not None:
        await _same_person(register, found.from_conversation, conversation_id)
    return Look("linked", opened)


async def _same_person(register: Register, one: int, other: int) -> None:
    """Who carries a code from one chat to the other is one person; a chat that hides whose it is stays alone."""
    with suppress(persons.CannotJoin):
        if one != other:
            await persons.join(register.session, one, other, "code")


async def claims_for_applications(
    register: Register, application_ids: Sequence[int], made_by: str, made: Sequence[Made]
) -> None:
    """A code for each application's receipt. Codes of earlier receipts that were not used end here."""
    unused = update(ClaimCode).where(ClaimCode.application_id.in_(application_ids), ClaimCode.used_at.is_(None))
    await register.session.execute(unused.values(expires_at=register.now()))
    expires = register.now() + RECEIPT_LIFETIME
    register.session.add_all(
        ClaimCode(hash=one.hash, application_id=application_id, made_by=made_by[:100], expires_at=expires)
        for application_id, one in zip(application_ids, made, strict=True)
    )
    await register.session.flush()


async def claim_to_share(register: Register, application_id: int, conversation_id: int, made: Made) -> None:
    """A code for the receipt that goes into a chat: one at a time, beside the one on paper."""
    made_by = f"{SHARED}{conversation_id}"
    unused = update(ClaimCode).where(
        ClaimCode.application_id == application_id, ClaimCode.made_by == made_by, ClaimCode.used_at.is_(None)
    )
    await register.session.execute(unused.values(expires_at=register.now()))
    expires = register.now() + RECEIPT_LIFETIME
    row = ClaimCode(hash=made.hash, application_id=application_id, made_by=made_by, expires_at=expires)
    register.session.add(row)
    await register.session.flush()


async def claim_for_channel(register: Register, conversation_id: int, made: Made) -> None:
    """A short-lived code that opens the same applications in another chat of the same person."""
    unused = update(ClaimCode).where(ClaimCode.from_conversation == conversation_id, ClaimCode.used_at.is_(None))
    await register.session.execute(unused.values(expires_at=register.now()))
    expires = register.now() + CHANNEL_LIFETIME
    row = ClaimCode(hash=made.hash, from_conversation=conversation_id, made_by="conversation", expires_at=expires)
    register.session.add(row)
    await register.session.flush()


async def is_paused(register: Register, conversation_id: int) -> bool:
    """Whether there were too many wrong tries within the last hour."""
    query = select(func.count()).where(
        ApplicationLook.conversation_id == conversation_id,
        ApplicationLook.outcome == "refused",
        ApplicationLook.at > register.now() - PAUSE,
    )
    return int((await register.session.execute(query)).scalar_one()) >= WRONG_TRIES


async def note(
    register: Register,
    outcome: str,
    conversation_id: int | None = None,
    application_id: int | None = None,
    actor: str = "conversation",
) -> None:
    """A line of the audit log."""
    line = ApplicationLook(
        at=register.now(),
        actor=actor,
        conversation_id=conversation_id,
        application_id=application_id,
        outcome=outcome,
    )
    register.session.add(line)
    await register.session.flush()


async def note_listed(register: Register, application_ids: Sequence[int], actor: str) -> None:
    """A line for every application in a list: one an application, actor and hour."""
    now = register.now()
    hour = now.replace(minute=0, second=0, microsecond=0)
    known = select(ApplicationLook.application_id).where(
        ApplicationLook.application_id.in_(application_ids),
        ApplicationLook.actor == actor,
        ApplicationLook.outcome == "listed",
        ApplicationLook.at >= hour,
    )
    noted = set(await register.session.scalars(known))
    register.session.add_all(
        ApplicationLook(at=now, actor=actor, application_id=one, outcome="listed")
        for one in application_ids
        if one not in noted
    )
    await register.session.flush()


async def audience(register: Register, application_ids: Sequence[int]) -> Sequence[tuple[int, int]]:
    """(application id, conversation id) of everyone who may see the applications."""
    linked = select(ApplicationLink.application_id, ApplicationLink.conversation_id).where(
        ApplicationLink.application_id.in_(application_ids)
    )
    found = {(application, conversation) for application, conversation in await register.session.execute(linked)}
    # The numbers are encrypted: they are read here, and looked for as addresses.
    numbers = select(ApplicationContact.application_id, ApplicationContact.value).where(
        ApplicationContact.kind == "phone", ApplicationContact.application_id.in_(application_ids)
    )
    contacts = (await register.session.execute(numbers)).all()
    for kind in numbered() if contacts else ():
        query = select(Conversation.address, Conversation.id).where(
            Conversation.channel == kind.name,
            Conversation.address.in_({kind.address_of(value) for _, value in contacts}),
        )
        chats = dict((await register.session.execute(query)).all())
        places = ((application, chats.get(kind.address_of(value))) for application, value in contacts)
        found |= {(application, chat) for application, chat in places if chat is not None}
    return sorted(found)


async def written_last(register: Register, application_ids: Sequence[int]) -> dict[int, int]:
    """Application id -> the conversation in which its applicant wrote last, of those that want news about it."""
    pairs = await audience(register, application_ids)
    chats = {conversation for _, conversation in pairs}
    muted = select(NewsMute.conversation_id)
    query = select(Conversation.id).where(Conversation.id.in_(chats), Conversation.id.not_in(muted))
    newest_last = (await register.session.scalars(query.order_by(Conversation.last_incoming_at, Conversation.id))).all()
    place = {conversation: number for number, conversation in enumerate(newest_last)}
    wanted = [pair for pair in pairs if pair[1] in place]
    return dict(sorted(wanted, key=lambda pair: place[pair[1]]))


async def _visible(register: Register, conversation_id: int) -> ColumnElement[bool]:
    """The one gate: linked to the conversation, or its telephone number is a verified contact; what is seen in a chat
    that a code has joined with it is seen here, too."""
    chats = persons.proved(conversation_id).union(select(literal(conversation_id)))
    ids = select(ApplicationLink.application_id).where(ApplicationLink.conversation_id.in_(chats))
    query = select(Conversation.channel, Conversation.address).where(Conversation.id.in_(chats))
    places = (await register.session.execute(query)).all()
    numbers = {number for channel, address in places if (number := kind_of(channel).number_of(address))}
    if not numbers:
        return Application.id.in_(ids)
    by_number = select(ApplicationContact.application_id).where(
        ApplicationContact.kind == "phone",
        ApplicationContact.value_hash.in_([one for number in sorted(numbers) for one in hashes_of(number)]),
    )
    return Application.id.in_(ids.union(by_number))


async def _opened(register: Register, code: ClaimCode) -> list[Application]:
    if code.from_conversation is not None:
        return await mine(register, code.from_conversation)
    application = await register.session.get(Application, code.application_id)
    return [application] if application else []
