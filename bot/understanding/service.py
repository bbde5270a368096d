"""Work on messages that were not understood: look at the groups, label them, export examples."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import UTC, datetime

from sqlalchemy import ColumnElement, func, select, true, update
from sqlalchemy.ext.asyncio import AsyncSession

from bot.conversations.models import Conversation, Incoming
from bot.conversations.walls import ALL, Sight, seen
from bot.dialogue.intents import FALLBACK_INTENT, INTENT_FAMILY
from bot.understanding.clusters import centre_of, group
from bot.understanding.collect import unpack
from bot.understanding.models import UnknownMessage

NOTHING = "-"
"""The label of what holds nothing to learn."""
LABELS = frozenset(INTENT_FAMILY) - {FALLBACK_INTENT, "start", "guide_answer"}
MOST = 2000
"""Newest messages that are grouped; more take seconds."""
_MASK = re.compile(r"\[(?:NIK|NIB|NPWP|kode|sandi|telepon|angka|nomor|e-mail|akun|alamat|nama)\]")


class UnknownLabel(ValueError):
    """No intent of that name, or no message of that number."""


@dataclass(frozen=True, slots=True)
class Group:
    """Messages of one meaning. `id` is the number of the most typical one (`example`).

    `guess` is what the applicants themselves chose afterwards, else the engine's best guess; None where it had none.
    `guesses` are all of both kinds, likeliest first.
    """

    id: int
    example: str
    people: int
    messages: int
    guess: str | None
    guesses: list[str]
    chosen: bool
    reasons: dict[str, int]
    texts: list[str]
    members: list[int]


@dataclass(frozen=True, slots=True)
class Given:
    """Messages that were labelled at once; `number` is one of them, `example` its kind of words."""

    number: int
    label: str
    at: datetime
    messages: int
    example: str


async def groups(session: AsyncSession, most: int = MOST, sight: Sight = ALL) -> list[Group]:
    """Groups of the newest `most` messages that are not labelled yet; those of most people first."""
    query = (
        select(UnknownMessage)
        .where(UnknownMessage.label.is_(None), _seen(sight))
        .order_by(UnknownMessage.id.desc())
        .limit(most)
    )
    rows = sorted((await session.execute(query)).scalars().all(), key=lambda row: row.id)
    vectors = [unpack(row.vector) if row.vector else None for row in rows]
    found = [
        _group([rows[position] for position in positions], [vectors[position] for position in positions])
        for positions in group(vectors, [_plain(row.text) for row in rows])
    ]
    return sorted(found, key=lambda one: (-one.people, -one.messages, one.id))


async def label(session: AsyncSession, number: int, intent: str, *, alone: bool = False, sight: Sight = ALL) -> int:
    """Label the group that message `number` is in (or that message alone). Returns how many. Raises UnknownLabel."""
    if intent != NOTHING and intent not in LABELS:
        raise UnknownLabel(f"There is no intent {intent}; one of: {', '.join(sorted(LABELS))}, or - for nothing.")
    members = [number]
    if not alone:
        found = next((one for one in await groups(session, sight=sight) if number in one.members), None)
        members = found.members if found else [number]
    changed = await session.execute(
        update(UnknownMessage)
        .where(UnknownMessage.id.in_(members), _seen(sight))
        .values(label=intent, labelled_at=datetime.now(UTC))
        .returning(UnknownMessage.id)
    )
    count = len(changed.all())
    if not count:
        raise UnknownLabel(f"There is no message {number}: see pandu nlu unknown list.")
    return count


async def given(session: AsyncSession, sight: Sight = ALL, limit: int = 20) -> list[Given]:
    """What was labelled last, one line for what was labelled at once; the newest first."""
    first = func.min(UnknownMessage.id)
    query = (
        select(first, UnknownMessage.label, UnknownMessage.labelled_at, func.count(), func.min(UnknownMessage.text))
        .where(UnknownMessage.label.is_not(None), _seen(sight))
        .group_by(UnknownMessage.label, UnknownMessage.labelled_at)
        .order_by(UnknownMessage.labelled_at.desc(), first)
        .limit(limit)
    )
    found = (await session.execute(query)).all()
    return [Given(number, name, at, count, text) for number, name, at, count, text in found if name and at]


async def unlabel(session: AsyncSession, number: int, sight: Sight = ALL) -> int:
    """Take back what was labelled at once with message `number`: the messages wait again. Returns how many; 0 where
    there is no such label."""
    row = await session.get(UnknownMessage, number)
    if row is None or row.label is None:
        return 0
    same = (UnknownMessage.label == row.label, UnknownMessage.labelled_at == row.labelled_at, _seen(sight))
    changed = update(UnknownMessage).where(*same).values(label=None, labelled_at=None).returning(UnknownMessage.id)
    return len((await session.execute(changed)).all())


async def labels(session: AsyncSession, sight: Sight = ALL) -> list[tuple[str, str]]:
    """Intent and text of every message whose label teaches something."""
    query = (
        select(UnknownMessage.label, UnknownMessage.text)
        .where(UnknownMessage.label.is_not(None), UnknownMessage.label != NOTHING, _seen(sight))
        .order_by(UnknownMessage.label, UnknownMessage.id)
    )
    return [(intent or "", text) for intent, text in (await session.execute(query)).all()]


async def export(session: AsyncSession, sight: Sight = ALL) -> str:
    """Everything labelled as Rasa examples (YAML), by intent; empty when there is nothing."""
    return as_yaml(await labels(session, sight))


def as_yaml(labelled: Sequence[tuple[str, str]]) -> str:
    """Pairs of intent and text as Rasa examples; empty when there is nothing."""
    by_intent: dict[str, dict[str, str]] = {}
    for intent, text in labelled:
        line = as_example(text)
        if line:
            by_intent.setdefault(intent, {}).setdefault(_plain(line), line)
    if not by_intent:
        return ""
    blocks = [
        f"- intent: {intent}\n  examples: |\n" + "".join(f"    - {line}\n" for line in lines.values())
        for intent, lines in by_intent.items()
    ]
    return 'version: "3.1"\n\nnlu:\n' + "\n".join(blocks)


async def labelled(session: AsyncSession, sight: Sight = ALL) -> int:
    """How many messages have a label that teaches something."""
    query = select(func.count()).where(UnknownMessage.label.is_not(None), UnknownMessage.label != NOTHING, _seen(sight))
    return int((await session.execute(query)).scalar_one())


def as_example(text: str) -> str:
    """One line of Rasa's example format: masks as people mask ("xxxx"), nothing that Rasa takes for markup."""
    line = _MASK.sub("xxxx", text)
    line = re.sub(r"[\[\]{}|\\]", " ", line)
    return " ".join(line.split()).lstrip("-/ ")


def _seen(sight: Sight) -> ColumnElement[bool]:
    """Whether the message is of a conversation that is seen."""
    if sight.offices is None:
        return true()
    there = select(Incoming.id).join(Conversation, Conversation.id == Incoming.conversation_id)
    return there.where(Incoming.id == UnknownMessage.message_id, seen(sight)).exists()


def _group(rows: Sequence[UnknownMessage], vectors: Sequence[list[float] | None]) -> Group:
    typical = rows[centre_of(vectors)]
    chosen = Counter(row.chosen for row in rows if row.chosen)
    guessed: Counter[str] = Counter()
    second: Counter[str] = Counter()
    for row in rows:
        for place, one in enumerate((row.understood.get("ranking") or [])[:5]):
            (second if place else guessed)[one["name"]] += 1
    likely = [name for names in (chosen, guessed, second) for name, _ in sorted(names.items(), key=_most)]
    return Group(
        id=typical.id,
        example=typical.text,
        people=len({row.person for row in rows}),
        messages=len(rows),
        guess=likely[0] if chosen or guessed else None,
        guesses=list(dict.fromkeys(likely)),
        chosen=bool(chosen),
        reasons=dict(Counter(row.reason for row in rows)),
        texts=list(dict.fromkeys(row.text for row in rows)),
        members=[row.id for row in rows],
    )


def _most(counted: tuple[str, int]) -> tuple[int, str]:
    return -counted[1], counted[0]


def _plain(text: str) -> str:
    return " ".join(re.findall(r"[^\W_]+", text.lower())) or text
