"""A knowledge in parts: a question is compared with what may answer it, however many offices there are.

The common part holds what is true everywhere, the first offices, and of every other kind of service one. Every question
is compared with it; another office is a part of its own, for questions about that office.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from itertools import islice

from bot.answers.passages import Passage, passages_in, statements_of
from bot.knowledge.check_questions import places_of
from bot.knowledge.derived import derived
from bot.knowledge.models import Knowledge, Service
from bot.knowledge.question_models import QuestionEntry

TOGETHER = 4
"""Offices of regions in the common part."""
_EXAMPLES = 200
"""Services of other offices in it, each of a kind that it would not hold otherwise."""


class Parts:
    """The parts of one knowledge. Not to be changed."""

    def __init__(self, knowledge: Knowledge) -> None:
        regional = [one.id for one in knowledge.offices.values() if one.region]
        self._knowledge = knowledge
        self.apart = frozenset(regional[TOGETHER:])
        self._services: dict[str, list[Service]] = {}
        for service in knowledge.services.values():
            self._services.setdefault(service.office, []).append(service)
        self._entries: dict[str, list[QuestionEntry]] = {}
        self._placed: dict[str, str] = {}
        self.common = self._common() if self.apart else knowledge

    def _common(self) -> Knowledge:
        whole = self._knowledge
        entries: list[QuestionEntry] = []
        held = statements_of(whole)
        for entry in whole.questions.values():
            place = next(iter(places_of(entry.facts, held)), None)
            if place is not None and place in self.apart:
                self._entries.setdefault(place, []).append(entry)
                self._placed[entry.id] = place
            else:
                entries.append(entry)
        services = [one for one in whole.services.values() if one.office not in self.apart]
        kinds = {one.kind for one in services}
        others: dict[str, Service] = {}
        for one in whole.services.values():
            if one.kind not in kinds:
                others.setdefault(one.kind, one)
        services += islice(others.values(), _EXAMPLES)
        homes = {one.office for one in services}
        return whole.model_copy(
            update={
                "offices": {key: one for key, one in whole.offices.items() if key in homes or key not in self.apart},
                "services": {one.id: one for one in services},
                "questions": {one.id: one for one in entries},
            }
        )

    def of(self, office: str) -> Sequence[Passage]:
        """The passages of an office that is apart."""
        whole, mine = self._knowledge, self._services.get(office, [])
        nothing = ("terms", "topics", "troubles", "national", "legal_notes")
        alone = whole.model_copy(
            update={
                "offices": {office: whole.offices[office]},
                "services": {one.id: one for one in mine},
                "questions": {one.id: one for one in self._entries.get(office, [])},
                **{name: {} for name in nothing},
            }
        )
        found = passages_in(alone, statements_of(whole))
        return tuple(one for one in found if one.office == office)

    def home(self, identity: str) -> str | None:
        """The office that is apart and has the passage with this id."""
        first, _, rest = identity.partition("/")
        name = rest.partition("/")[0] if first in ("office", "list") else first
        if first != "office":
            service = self._knowledge.services.get(name)
            name = service.office if service else self._placed.get(name, "")
        return name if name in self.apart else None

    def compared(self, services: Sequence[str]) -> tuple[str, ...]:
        """Of services that a question names without a region, those that it is compared with."""
        near = self.outside((), services)
        whole = self._knowledge.services
        return tuple(one for one in services if one in self.common.services or whole[one].office in near)

    def outside(self, offices: Iterable[str], services: Iterable[str]) -> list[str]:
        """Of `offices`, else of those that have `services`, the ones that are apart; a few."""
        named = [*offices] or [self._knowledge.services[one].office for one in services]
        return list(islice(dict.fromkeys(one for one in named if one in self.apart), _MOST))


_MOST = 3  # parts that one question is compared with beside the common one


@derived
def parts_of(knowledge: Knowledge) -> Parts:
    """The parts of a knowledge, found once."""
    return Parts(knowledge)
