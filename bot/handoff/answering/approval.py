"""Answers of the bot that wait for an officer's yes, and topics that a person answers: rules, off by default."""

from __future__ import annotations

import time
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import func, or_, select, text, update
from sqlalchemy.ext.asyncio import AsyncSession

from bot.audit.service import note as audit
from bot.conversations.hiding import shown_name, staff_incoming, staff_outgoing
from bot.conversations.models import Conversation, Outgoing
from bot.conversations.outbox import Extra, put, wake
from bot.conversations.people import Verdict
from bot.conversations.walls import ALL, Sight, mine, seen
from bot.dialogue.client import Understanding
from bot.dialogue.intents import FALLBACK_INTENT, FAMILIES, INTENT_FAMILY, family_of
from bot.handoff import wording
from bot.handoff.answering.topics import topic_title
from bot.handoff.desk import Act, BadInput, DeskError, NoConversation, NotAllowed, open_handoff, tell
from bot.handoff.models import ACTS, HeldAnswer, Rule
from bot.messages import Button
from bot.storage.database import Database

CACHED = 5.0  # seconds for which a process believes the rules that it has read
MAX_TEXT = 4096
_NEVER = frozenset({"talk_to_human", "back_to_bot"})
# No answers: a rule on confidence alone leaves them.
_NO_ANSWERS = frozenset({"greet", "goodbye", "thanks", "affirm", "deny", "bot_identity", "complaint"})

_IN_FORCE = (Rule.ended_at.is_(None), or_(Rule.ends_at.is_(None), Rule.ends_at > func.now()))
_DECIDE = text("""
update held_answers set decision = :decision, decided_at = :now, officer_id = :officer
where id = :id and decision is null returning conversation_id, incoming_id
""")


@dataclass(frozen=True, slots=True)
class Held:
    """One answer that waits. `bubbles`: {"id", "text", "buttons", "sources"} in order; `left`: seconds to decide."""

    id: int
    conversation_id: int
    name: str
    question: str
    bubbles: tuple[dict[str, Any], ...]
    why: str
    left: float


class Rules:
    """The rules in force, as one process knows them: read again every few seconds, free when there are none."""

    def __init__(self, database: Database) -> None:
        self._database = database
        self._rules: Sequence[Any] = ()
        self._until = 0.0

    async def verdict(self, understood: Understanding, decision: Mapping[str, Any] | None = None) -> Verdict | None:
        """What the rules say to an answer; a rule that hands over goes before one that wants a yes."""
        if time.monotonic() >= self._until:
            self._rules = await self._database.run(select(Rule.__table__).where(*_IN_FORCE))
            self._until = time.monotonic() + CACHED
        if not self._rules or understood.intent in _NEVER:
            return None
        fitting = [one for one in self._rules if _fits(one, understood) and _there(one, decision or {})]
        chosen = min(fitting, key=lambda one: (one.act != "hand_over", one.id), default=None)
        return Verdict(chosen.act, chosen.id) if chosen is not None else None

    def forget(self) -> None:
        """The rules have changed."""
        self._until = 0.0


def _fits(rule: Any, understood: Understanding) -> bool:
    family = family_of(understood.intent)
    if rule.topic:
        about = rule.topic in (understood.intent, family) and understood.intent != FALLBACK_INTENT
    elif rule.office or rule.service:  # `_there` has seen to it that something was answered
        return rule.below is None or bool(understood.confidence < rule.below)
    else:
        about = family not in _NO_ANSWERS and understood.intent != FALLBACK_INTENT
    return about and (rule.below is None or understood.confidence < rule.below)


def _there(rule: Any, decision: Mapping[str, Any]) -> bool:
    """Whether an answer is of the rule's office and service (bot/answers/decision.py says which it is of)."""
    if rule.service and rule.service not in (decision.get("service"), str(decision.get("said", "")).split("/")[0]):
        return False
    return not rule.office or decision.get("office") == rule.office


async def rules(session: AsyncSession, sight: Sight = ALL) -> Sequence[Rule]:
    """Those in force: of these offices, and those for all."""
    query = select(Rule).where(*_IN_FORCE, or_(Rule.office == "", mine(Rule.office, sight)))
    return (await session.scalars(query.order_by(Rule.id))).all()


async def add_rule(
    desk: Act,
    act: str,
    topic: str = "",
    below: float | None = None,
    office: str = "",
    service: str = "",
    ends_at: datetime | None = None,
) -> int:
    """Raises BadInput (unknown topic, nothing said, `below` not within 0 to 1, an end that is past) and NotAllowed
    (officers, and supervisors for another office than theirs).

    Other processes follow within CACHED seconds.
    """
    _may(desk, office)
    known = topic in FAMILIES or topic in INTENT_FAMILY
    said = topic or office or service or below is not None
    if act not in ACTS or (topic and not known) or topic in _NEVER or not said:
        raise BadInput(wording.BAD_RULE)
    if below is not None and not 0 < below <= 1:
        raise BadInput(wording.BAD_BELOW)
    if ends_at is not None and ends_at <= desk.now():
        raise BadInput(wording.BAD_END)
    rule = Rule(
        act=act,
        topic=topic,
        below=below,
        office=office,
        service=service,
        ends_at=ends_at,
        created_by=desk.officer_id,
    )
    desk.session.add(rule)
    await desk.session.flush()
    until = ends_at.isoformat() if ends_at else None
    places = {"office": office, "service": service, "until": until}
    await _noted(desk, "rule.added", rule.id, act=act, topic=topic, below=below, **places)
    return rule.id


async def end_rule(desk: Act, rule_id: int) -> None:
    """Raises NotAllowed and NoConversation (there is no such rule in force)."""
    rule = await desk.session.get(Rule, rule_id)
    _may(desk, rule.office if rule else "")
    change = update(Rule).where(Rule.id == rule_id, Rule.ended_at.is_(None)).values(ended_at=desk.now())
    if (await desk.session.execute(change.returning(Rule.id))).first() is None:
        raise NoConversation(wording.NO_RULE)
    await _noted(desk, "rule.ended", rule_id)


async def hold(
    session: AsyncSession, conversation_id: int, message_id: int, verdict: Verdict, expires_at: datetime
) -> None:
    """An answer of the bot is being kept back; the applicant is told."""
    held_answer = HeldAnswer(
        conversation_id=conversation_id, incoming_id=message_id, rule_id=verdict.rule_id, expires_at=expires_at
    )
    session.add(held_answer)
    await session.flush()
    await put(session, conversation_id, wording.CHECKING, "system", (), Extra(in_reply_to=message_id))
    await tell(session, conversation_id, "held", held=held_answer.id, sound=True)


async def held(
    session: AsyncSession, now: datetime, conversation_id: int | None = None, sight: Sight = ALL
) -> list[Held]:
    """What waits, the most urgent first."""
    query = (
        select(HeldAnswer, Rule, shown_name().label("profile_name"), staff_incoming.c.text)
        .join(Conversation, Conversation.id == HeldAnswer.conversation_id)
        .join(staff_incoming, staff_incoming.c.id == HeldAnswer.incoming_id)
        .outerjoin(Rule, Rule.id == HeldAnswer.rule_id)
        .where(HeldAnswer.decision.is_(None), seen(sight))
        .order_by(HeldAnswer.expires_at)
        .limit(100)
    )
    if conversation_id is not None:
        query = query.where(HeldAnswer.conversation_id == conversation_id)
    found = (await session.execute(query)).all()
    bubbles: dict[int, list[dict[str, Any]]] = {}
    ours = staff_outgoing.c
    waiting = select(staff_outgoing).where(
        ours.in_reply_to.in_([one.HeldAnswer.incoming_id for one in found]), ours.status == "held"
    )
    for row in await session.execute(waiting.order_by(ours.id)):
        bubble = {"id": row.id, "text": row.text, "buttons": row.buttons, "sources": row.sources}
        bubbles.setdefault(row.in_reply_to or 0, []).append(bubble)
    return [
        Held(
            one.id,
            one.conversation_id,
            name,
            question,
            tuple(bubbles.get(one.incoming_id, ())),
            _why(rule),
            (one.expires_at - now).total_seconds(),
        )
        for one, rule, name, question in found
    ]


async def approve(desk: Act, held_id: int, texts: Mapping[int, str] | None = None) -> None:
    """Sends the answer, with the officer's own `texts` by message id where they differ.

    It goes out as the bot's while the bot has the conversation, as the officer's own once she has it. Raises DeskError
    when it was decided before or a colleague has the conversation, BadInput for an empty or too long text.
    """
    changed = {number: one.strip() for number, one in (texts or {}).items()}
    if any(not one or len(one) > MAX_TEXT for one in changed.values()):
        raise BadInput(wording.BAD_TEXT.format(most=MAX_TEXT))
    one = await _decide(desk, held_id, "edited" if changed else "approved")
    handoff = await open_handoff(desk.session, one.conversation_id)
    if handoff is not None and handoff.owned_at is not None and handoff.officer_id != desk.officer_id:
        raise DeskError(wording.HELD_ELSEWHERE)
    author = "officer" if handoff is not None and handoff.owned_at is not None else "bot"
    await _send(desk, one.incoming_id, changed, author)
    await wake(desk.runtime, desk.session, one.conversation_id)
    await tell(desk.session, one.conversation_id, "decided", held=held_id)


async def reject(desk: Act, held_id: int) -> int:
    """Nothing is sent; the officer should answer herself (service.claim with step_in). Returns the conversation."""
    one = await _decide(desk, held_id, "rejected")
    await _keep_back(desk.session, one.incoming_id)
    await tell(desk.session, one.conversation_id, "decided", held=held_id)
    return int(one.conversation_id)


async def expired(session: AsyncSession, now: datetime) -> list[int]:
    """Answers whose time is over are kept back for good. Returns their conversations; the caller has people asked."""
    over = select(HeldAnswer).where(HeldAnswer.decision.is_(None), HeldAnswer.expires_at <= now)
    conversations = []
    for one in await session.scalars(over.with_for_update(skip_locked=True)):
        one.decision, one.decided_at = "expired", now
        await _keep_back(session, one.incoming_id)
        await tell(session, one.conversation_id, "decided", held=one.id)
        conversations.append(one.conversation_id)
    return conversations


async def _decide(desk: Act, held_id: int, decision: str) -> Any:
    values = {"id": held_id, "decision": decision, "now": desk.now(), "officer": desk.officer_id}
    one = (await desk.session.execute(_DECIDE, values)).one_or_none()
    if one is None:
        raise DeskError(wording.DECIDED)
    await desk.record(f"answer.{decision}", one.conversation_id, held=held_id)
    return one


async def _send(desk: Act, incoming_id: int, changed: Mapping[int, str], author: str) -> None:
    """The bubbles as new messages, after what was said meanwhile. The bot's words that were edited are kept, unsent."""
    query = select(Outgoing).where(Outgoing.in_reply_to == incoming_id, Outgoing.status == "held").order_by(Outgoing.id)
    for old in (await desk.session.scalars(query)).all():
        words = changed.get(old.id, old.text)
        buttons = [Button(**item) for item in old.buttons]
        extra = Extra(in_reply_to=incoming_id, officer_id=desk.officer_id, sources=old.sources)
        await put(desk.session, old.conversation_id, words, author, buttons, extra)
        if words == old.text:
            await desk.session.delete(old)
        else:
            old.status = "suppressed"
    await desk.session.flush()


async def _keep_back(session: AsyncSession, incoming_id: int) -> None:
    change = update(Outgoing).where(Outgoing.in_reply_to == incoming_id, Outgoing.status == "held")
    await session.execute(change.values(status="suppressed").execution_options(synchronize_session=False))


def _why(rule: Rule | None) -> str:
    if rule is None:
        return wording.HELD_BY_RULE
    parts = [wording.HELD_TOPIC.format(topic=topic_title(rule.topic))] if rule.topic else []
    if rule.office or rule.service:
        parts.append(wording.HELD_PLACE)
    if rule.below is not None:
        parts.append(wording.HELD_UNSURE.format(percent=round(rule.below * 100)))
    return " ".join(parts)


def _may(desk: Act, office: str) -> None:
    if not desk.supervises:
        raise NotAllowed(wording.ONLY_SUPERVISOR_RULES)
    desk.only_own(office)


async def _noted(desk: Act, action: str, rule_id: int, **detail: Any) -> None:
    await audit(desk.session, desk.actor, action, "rule", rule_id, **detail)
