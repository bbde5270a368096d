"""The indexes of a knowledge: the common one made before the first question, an office's own when it is first asked."""

from __future__ import annotations

from collections import OrderedDict
from collections.abc import Iterable, Sequence
from functools import lru_cache
from threading import Lock

from bot.answers.parts import parts_of
from bot.answers.passages import Passage, passages_of, statements_of
from bot.answers.ranking import Index, Searched
from bot.hearing.names import names_of
from bot.hearing.signs import other_systems
from bot.knowledge.derived import derived
from bot.knowledge.models import Knowledge

_KEPT = 100
"""Offices whose own index is kept; each is some two hundred passages, made in a fraction of a second."""


class _Store:
    """Indexes by what they were made of: publishing one office's service leaves the others' as they are."""

    def __init__(self) -> None:
        self._lock = Lock()
        self._common: Index | None = None
        self._own: OrderedDict[str, Index] = OrderedDict()

    def common(self, passages: Sequence[Passage]) -> Index:
        kept = self._common
        if kept is not None and kept.passages == passages:
            return kept
        made = Index(passages)
        with self._lock:
            self._common = made
            self._own.clear()  # each held the one before
        return made

    def own(self, office: str, passages: Sequence[Passage], common: Index) -> Index:
        with self._lock:
            kept = self._own.get(office)
        if kept is None or kept.beside is not common or kept.passages != passages:
            kept = Index(passages, common)
        with self._lock:
            self._own[office] = kept
            self._own.move_to_end(office)
            while len(self._own) > _KEPT:
                self._own.popitem(last=False)
        return kept


_store = _Store()


class _Of:
    """The indexes of one knowledge that were asked for."""

    def __init__(self, knowledge: Knowledge) -> None:
        self.parts = parts_of(knowledge)
        self.common = _store.common(passages_of(self.parts.common))
        self._passages: OrderedDict[str, Sequence[Passage]] = OrderedDict()

    def own(self, office: str) -> Index:
        passages = self._passages.pop(office, None) or self.parts.of(office)
        self._passages[office] = passages
        if len(self._passages) > _KEPT:
            self._passages.popitem(last=False)
        return _store.own(office, passages, self.common)


@derived
def _of(knowledge: Knowledge) -> _Of:
    return _Of(knowledge)


def index_of(knowledge: Knowledge) -> Index:
    """What every question is compared with."""
    return _of(knowledge).common


def searched(knowledge: Knowledge, offices: Iterable[str], services: Iterable[str]) -> Searched:
    """Everything that may answer about these offices, or, where none is named, about these services."""
    of = _of(knowledge)
    return Searched((of.common, *(of.own(one) for one in of.parts.outside(offices, services))))


def prepare(knowledge: Knowledge) -> None:
    """Makes what the first question would wait for."""
    statements_of(knowledge)
    names_of(knowledge)
    _about_systems(index_of(knowledge))
    index_of(knowledge).wordings.make_ready()


def about_system(knowledge: Knowledge, name: str) -> frozenset[str]:
    """The ids of the passages that speak of a system that is none of ours."""
    return _about_systems(index_of(knowledge)).get(name, frozenset())


@lru_cache(maxsize=2)
def _about_systems(common: Index) -> dict[str, frozenset[str]]:
    found: dict[str, set[str]] = {}
    for one in common.passages:
        for name in other_systems(" . ".join((one.title, *one.asks)).lower()):
            found.setdefault(name, set()).add(one.id)
    return {name: frozenset(ids) for name, ids in found.items()}


def passages_for(knowledge: Knowledge, offices: Iterable[str]) -> list[Passage]:
    """The passages that may answer about these offices."""
    of = _of(knowledge)
    own = [one for office in of.parts.outside(offices, ()) for one in of.own(office).passages]
    return [*of.common.passages, *own]


def passage_of(knowledge: Knowledge, identity: str) -> Passage | None:
    """The passage with this id."""
    of = _of(knowledge)
    found = _by_id(of.parts.common).get(identity)
    if found is not None or not of.parts.apart:
        return found
    office = of.parts.home(identity)
    return next((one for one in of.own(office).passages if one.id == identity), None) if office else None


@derived
def _by_id(common: Knowledge) -> dict[str, Passage]:
    return {one.id: one for one in passages_of(common)}
