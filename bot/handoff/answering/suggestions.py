"""Answers from knowledge/ that an officer may take over, each with its source."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from sqlalchemy import select

from bot.answers import TOPICS, Asked, Context, answer
from bot.answers.regions import region_in
from bot.answers.wording import TOPIC_TITLES
from bot.conversations.hiding import staff_incoming
from bot.dialogue.client import EngineUnavailable, UnknownPayload
from bot.handoff.case import case_of
from bot.handoff.desk import Act
from bot.knowledge.models import Knowledge

MOST = 3
_LOOK_BACK = 5  # messages among which the newest question is looked for
_LEAST = 0.08  # confidence below which a second or third meaning is no suggestion


@dataclass(frozen=True, slots=True)
class Suggestion:
    """`title` names the question ("Biaya"), `text` is the answer with its source line, `source` the source alone."""

    title: str
    text: str
    source: str


@dataclass(frozen=True, slots=True)
class _Meaning:
    ranking: list[tuple[str, float]]
    entities: dict[str, str]


async def suggestions(desk: Act, knowledge: Knowledge, conversation_id: int) -> list[Suggestion]:
    """Up to three answers to the applicant's newest question; none when nothing sourced fits. Never raises for an
    engine that is away."""
    said = staff_incoming.c
    query = select(said.text, said.understood).where(
        said.conversation_id == conversation_id, said.kind == "text", said.text != ""
    )
    rows = (await desk.session.execute(query.order_by(said.id.desc()).limit(_LOOK_BACK))).all()
    case = await case_of(desk.session, knowledge, conversation_id, desk.sight)
    memory = case.context.with_(
        office=case.office.id if case.office else None, service=case.service.id if case.service else None
    )
    for row in rows:
        meaning = await _meaning(desk, row)
        found = _answers(knowledge, row.text, meaning, memory, desk.runtime.settings.office) if meaning else []
        if found:
            return found
    return []


async def _meaning(desk: Act, row: Any) -> _Meaning | None:
    """As the engine understands it now: what an officer was asked was never parsed, and entities are not stored."""
    try:
        (one,) = await desk.runtime.engine.parse([row.text])
    except (EngineUnavailable, UnknownPayload):
        known = row.understood or {}
        ranking = known.get("ranking") or ([{"name": known["intent"], "confidence": 1.0}] if known else [])
        return _Meaning([(item["name"], float(item["confidence"])) for item in ranking], {}) if ranking else None
    ranked = [(item["name"], float(item["confidence"])) for item in one.ranking]
    entities: dict[str, str] = {}
    for item in one.entities:
        entities.setdefault(str(item.get("entity")), str(item.get("value")))
    return _Meaning([(one.intent, one.confidence), *ranked], entities)


def _answers(
    knowledge: Knowledge, text: str, meaning: _Meaning, memory: Context, default_office: str
) -> list[Suggestion]:
    named = meaning.entities
    office = named.get("office") if named.get("office") in knowledge.offices else None
    service = knowledge.services.get(named.get("service", ""))
    if service is not None and office not in (None, service.office):
        service = None
    asked = Asked(
        office=office, service=service.id if service else None, kind=named.get("service_kind"),
        region=None if office else region_in(text), text=text,
    )  # fmt: skip
    found: list[Suggestion] = []
    done: set[str] = set()
    for position, (topic, confidence) in enumerate(meaning.ranking):
        if topic not in TOPICS or topic in done or (position and confidence < _LEAST):
            continue
        done.add(topic)
        replies = answer(knowledge, topic, asked, memory, default_office).replies
        sources = dict.fromkeys(
            f"{one.document}, {one.clause}" if one.clause else one.document
            for reply in replies
            for one in reply.sources
        )
        if sources:
            words = "\n\n".join(reply.text for reply in replies)
            found.append(Suggestion(TOPIC_TITLES.get(topic, topic), words, "; ".join(sources)))
        if len(found) == MOST:
            break
    return found
