"""Five lines above the transcript: who, what about, what was asked, what the bot tried, what is missing."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from sqlalchemy import Row, select
from sqlalchemy.ext.asyncio import AsyncSession

from bot.answers.wording import CHOICE_TITLES
from bot.applications.errors import NotFound
from bot.applications.service import stage_of
from bot.channels.all import kind_of
from bot.conversations.hiding import NAME, staff_incoming, staff_outgoing
from bot.conversations.models import Conversation, Incoming, StoredFile
from bot.conversations.walls import ALL, Sight
from bot.dialogue.intents import FALLBACK_INTENT
from bot.handoff import wording
from bot.handoff.case import Case, case_of
from bot.handoff.desk import NoConversation
from bot.handoff.reading.asked import asks
from bot.knowledge.models import Knowledge

QUESTIONS = 3  # of the applicant that are quoted
MAX_QUOTED = 160  # characters of each


@dataclass(frozen=True, slots=True)
class Packet:
    """Each a sentence or two of Indonesian, ready to show after its title; `lines` pairs them with titles.

    `application`: the id of the one that is named.
    """

    who: str
    about: str
    asked: str
    tried: str
    missing: str
    application: int | None = None

    @property
    def lines(self) -> tuple[tuple[str, str], ...]:
        return (
            ("Siapa", self.who),
            ("Layanan", self.about),
            ("Ditanyakan", self.asked),
            ("Jawaban Pandu", self.tried),
            ("Belum ada", self.missing),
        )


async def packet(session: AsyncSession, knowledge: Knowledge, conversation_id: int, sight: Sight = ALL) -> Packet:
    """Of the conversation as it is now. Numbers are masked. Raises NoConversation."""
    conversation = await session.get(Conversation, conversation_id)
    if conversation is None:
        raise NoConversation(wording.UNKNOWN)
    case = await case_of(session, knowledge, conversation_id, sight)
    asked = await _questions(session, conversation_id)
    return Packet(
        who=_who(conversation, case.hides),
        about=_about(knowledge, case),
        asked="; ".join(f"“{_short(one.text)}”" for one in asked) or wording.P_NOTHING_ASKED,
        tried=await _tried(session, conversation_id, asked),
        missing=await _missing(session, conversation, case),
        application=case.application.id if case.application else None,
    )


def masked(address: str) -> str:
    """ "+62•••1234" for "channel:+628123451234"; "" for addresses that are no telephone number."""
    found = re.fullmatch(r"(?:[a-z]+:)?(\+\d\d)\d+(\d{4})", address)
    return f"{found[1]}•••{found[2]}" if found else ""


def shown_address(channel: str, address: str) -> str:
    """As staff may read it: masked, unless it is nobody's."""
    return address if kind_of(channel).local else masked(address)


def _who(conversation: Conversation, hides: bool) -> str:
    channel = kind_of(conversation.channel).title
    if hides:
        return f"{NAME}, {channel}"
    name = conversation.profile_name or wording.P_NO_NAME
    return ", ".join(part for part in (name, channel, masked(conversation.address)) if part)


def _about(knowledge: Knowledge, case: Case) -> str:
    parts = []
    if case.service is not None:
        office = f" ({case.office.name})" if case.office else ""
        parts.append(f"{case.service.title}{office}")
    elif case.office is not None:
        parts.append(case.office.name)
    if application := case.application:
        try:
            stage = stage_of(knowledge, application).title
        except NotFound:
            stage = application.stage
        parts.append(wording.P_APPLICATION.format(number=application.number, stage=stage))
    elif case.applications:
        parts.append(wording.P_APPLICATIONS.format(count=len(case.applications)))
    return "; ".join(parts) or wording.P_NOTHING_KNOWN


async def _questions(session: AsyncSession, conversation_id: int) -> Sequence[Row[Any]]:
    """The last questions, oldest first; without greetings and thanks, and without what is withheld."""
    said = staff_incoming.c
    query = select(said.id, said.text, said.understood, said.withheld).where(
        said.conversation_id == conversation_id, said.kind == "text"
    )
    newest = (await session.execute(query.order_by(said.id.desc()).limit(12))).all()
    rows = [one for one in newest if one.text and not one.withheld]
    asked = [one for one in rows if asks(one.text, (one.understood or {}).get("intent"))]
    return list(reversed((asked or rows)[:QUESTIONS]))


async def _tried(session: AsyncSession, conversation_id: int, asked: Sequence[Any]) -> str:
    """What the bot took the questions for, and the sources it answered from."""
    topics, lost = [], 0
    asked = asked if any(one.understood for one in asked) else await _understood(session, conversation_id)
    for one in asked:
        intent = (one.understood or {}).get("intent")
        if intent == FALLBACK_INTENT:
            lost += 1
        elif intent:
            topics.append(CHOICE_TITLES.get(intent, wording.P_OTHER_TOPIC))
    ids = [one.id for one in asked]
    query = select(staff_outgoing.c.sources).where(staff_outgoing.c.in_reply_to.in_(ids)).order_by(staff_outgoing.c.id)
    documents = [one["document"] for sources in await session.scalars(query) for one in sources]
    parts = []
    if topics:
        parts.append(wording.P_ANSWERED.format(topics=", ".join(dict.fromkeys(topics))))
    if documents:
        parts.append(wording.P_SOURCES.format(sources=", ".join(list(dict.fromkeys(documents))[:3])))
    if lost:
        parts.append(wording.P_LOST.format(count=lost))
    return " ".join(parts) or wording.P_NOT_TRIED


async def _understood(session: AsyncSession, conversation_id: int) -> Sequence[Any]:
    """The last messages that were the bot's to answer, however long an officer has been talking since."""
    said = staff_incoming.c
    query = select(said.id, said.text, said.understood, said.withheld).where(
        said.conversation_id == conversation_id, said.understood.is_not(None), said.withheld.is_(False)
    )
    return (await session.execute(query.order_by(said.id.desc()).limit(QUESTIONS))).all()


async def _missing(session: AsyncSession, conversation: Conversation, case: Case) -> str:
    """What an officer will have to ask for."""
    files = select(StoredFile.error).join(Incoming, Incoming.id == StoredFile.incoming_id)
    broken = (
        await session.scalars(files.where(Incoming.conversation_id == conversation.id, StoredFile.error != ""))
    ).all()
    parts = [
        wording.P_M_NAME if not conversation.profile_name and not case.hides else "",
        wording.P_M_OFFICE if case.office is None else "",
        wording.P_M_SERVICE if case.service is None else "",
        wording.P_M_APPLICATION if case.application is None else "",
        wording.P_M_FILE if broken else "",
    ]
    return ", ".join(part for part in parts if part).capitalize() or wording.P_M_NOTHING


def _short(text: str) -> str:
    text = " ".join(text.split())
    return text if len(text) <= MAX_QUOTED else text[: MAX_QUOTED - 1].rstrip() + "…"
