"""Facts that are due for a second reading: by review date, or because the document below them has changed."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Iterator
from dataclasses import asdict, dataclass
from datetime import date
from typing import Any

from bot.knowledge.base import Source
from bot.knowledge.check import walk
from bot.knowledge.check_questions import facts_of
from bot.knowledge.models import Knowledge, Service
from bot.knowledge.question_models import QuestionEntry, TroubleCard
from bot.knowledge.statements import statements

NO_DATE = ""
"""The review date of what has none: it is due at once."""


@dataclass(frozen=True, slots=True)
class Due:
    """`documents`: where to look. `said_in`: the entries and cards that rest on it and change with it."""

    id: str
    kind: str  # "fact", "entry", "guide"
    text: str
    review: str
    documents: tuple[str, ...]
    said_in: tuple[str, ...] = ()

    def shown(self) -> dict[str, Any]:
        return asdict(self)


def due(knowledge: Knowledge, until: date) -> list[Due]:
    """National facts and guides whose date is reached or missing, entries with a date of their own; oldest first."""
    said = _said_in(knowledge)
    facts = [
        Due(one.id, "fact", one.text, one.review or NO_DATE, (one.source.document,), tuple(said[one.id]))
        for one in knowledge.national.values()
    ]
    guides = [_guide(one) for one in knowledge.services.values() if one.review or knowledge.is_national_guide(one)]
    held = statements(knowledge)
    entries = [
        Due(one.id, "entry", one.answer, one.review, _documents(held[fact].sources for fact in one.facts))
        for one in knowledge.questions.values()
        if one.review
    ]
    found = [one for one in (*facts, *guides, *entries) if one.review <= until.isoformat()]
    return sorted(found, key=lambda one: (one.review, one.documents, one.id))


def resting_on(knowledge: Knowledge, document: str) -> list[Due]:
    """Everything that names `document`, whatever its date: for the day the document is replaced."""
    said = _said_in(knowledge)
    dates = {one.id: one.review for one in knowledge.national.values()}
    dates |= {one.id: one.review for one in knowledge.services.values()}
    return [
        Due(one.id, "fact", one.text, dates.get(one.service or one.id) or NO_DATE, (document,), tuple(said[one.id]))
        for one in statements(knowledge).values()
        if any(source.document == document for source in one.sources)
    ]


def _guide(service: Service) -> Due:
    sources = [part for _, part in walk(service) if isinstance(part, Source)]
    return Due(service.id, "guide", service.title, service.review or NO_DATE, _documents([sources]))


def _said_in(knowledge: Knowledge) -> dict[str, list[str]]:
    """Fact to the entries and cards that rest on it."""
    found: dict[str, list[str]] = defaultdict(list)
    told: Iterator[QuestionEntry | TroubleCard] = iter([*knowledge.questions.values(), *knowledge.troubles.values()])
    for one in told:
        for fact in facts_of(one):
            found[fact].append(one.id)
    return found


def _documents(groups: Iterable[Iterable[Source]]) -> tuple[str, ...]:
    return tuple(dict.fromkeys(source.document for group in groups for source in group))
