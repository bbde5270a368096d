"""The imported classification in memory: codes of both editions, links between them, risks, and a search by words."""

from __future__ import annotations

import math
import re
from collections import Counter
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from functools import cached_property
from typing import TYPE_CHECKING

from sqlalchemy import func, select
from sqlalchemy.dialects.postgresql import distinct_on

from bot.kbli.find import Candidate
from bot.kbli.models import RISKS, KbliCode, KbliImport, KbliLink, KbliRisk

if TYPE_CHECKING:
    from sqlalchemy.ext.asyncio import AsyncSession

    from bot.storage.database import Database

_WORD = re.compile(r"[a-z]{3,}")
_EXCLUDED = re.compile(r"(?:kelompok|golongan|kategori) ini tidak (?:mencakup|termasuk)", re.IGNORECASE)
_COVERS = re.compile(r"kelompok ini(?: juga)? mencakup(?: kegiatan| usaha| aktivitas)?(?=[ :])", re.IGNORECASE)
_EMPTY_WORDS = """
    dan atau yang untuk dari dengan dalam pada oleh serta seperti lainnya termasuk usaha kegiatan kelompok ini mencakup
    aktivitas industri perdagangan jasa saya mau buka kode kbli apa nomor jualan jual bikin usahanya
"""
_EMPTY = frozenset(_EMPTY_WORDS.split())
_TITLE_WEIGHT = 4
_K, _B = 1.2, 0.75  # of BM25
_LEAST = 4.0  # a score below says nothing


@dataclass(frozen=True, slots=True)
class Entry:
    """One code with its official words."""

    code: str
    title: str
    description: str = ""

    @property
    def covers(self) -> str:
        """The description without what it excludes and without its list marks."""
        text = _EXCLUDED.split(self.description)[0]
        text = re.sub(r"(?<!\s)\s+-+\s+", " ", _COVERS.sub("Mencakup", text))
        return re.sub(r"[:;]\s*$", ".", text.strip())

    def as_candidate(self) -> Candidate:
        title = plain_title(self.title)
        return Candidate(self.code, title, title, self.code, ())


@dataclass(frozen=True, slots=True)
class Heir:
    """A code of 2025 that took over from one of 2020."""

    entry: Entry
    doubtful: bool


@dataclass(frozen=True)
class Classification:
    """What was imported; parts that were not are empty."""

    codes: Mapping[str, Entry] = field(default_factory=dict)
    codes_2020: Mapping[str, Entry] = field(default_factory=dict)
    links: Mapping[str, Mapping[str, bool]] = field(default_factory=dict)  # 2020 -> 2025 -> doubtful
    risks: Mapping[str, Mapping[str, tuple[str, ...]]] = field(default_factory=dict)  # code -> scale -> risks

    def heirs(self, code_2020: str) -> list[Heir]:
        """Codes of 2025 for a code of 2020: sure ones first. Mediators of a whole group are left out when others
        stand beside them: they are listed for nearly every code of their group."""
        found = [
            Heir(self.codes.get(code, Entry(code, "")), doubtful)
            for code, doubtful in self.links.get(code_2020, {}).items()
        ]
        makers = [one for one in found if "intermediasi" not in one.entry.title.lower()]
        title = self.codes_2020[code_2020].title if code_2020 in self.codes_2020 else ""
        return sorted(
            makers or found,
            key=lambda one: (one.doubtful, one.entry.code != code_2020, -_likeness(title, one.entry.title)),
        )

    def ancestors(self, code: str) -> list[str]:
        """Codes of 2020 that this code of 2025 took over from, without doubtful links."""
        return self._ancestors.get(code, [])

    @cached_property
    def _ancestors(self) -> dict[str, list[str]]:
        found: dict[str, list[str]] = {}
        for old, heirs in self.links.items():
            for code, doubtful in heirs.items():
                if not doubtful:
                    found.setdefault(code, []).append(old)
        return {
            code: sorted(olds, key=lambda old: (old != code, -self._same_title(old, code)))
            for code, olds in found.items()
        }

    def _same_title(self, old: str, code: str) -> float:
        old_entry, entry = self.codes_2020.get(old), self.codes.get(code)
        return _likeness(old_entry.title, entry.title) if old_entry and entry else 0.0

    def search(self, text: str, prefixes: tuple[str, ...] = ()) -> list[Entry]:
        """The codes whose official words fit best (BM25, titles count fourfold); only of these first digits."""
        words = [word for word in _WORD.findall(text.lower()) if word not in _EMPTY]
        scores: dict[str, float] = {}
        for word in words:
            for code, weight in self._weights.get(word, {}).items():
                if not prefixes or code.startswith(prefixes):
                    scores[code] = scores.get(code, 0.0) + weight
        if not scores and prefixes:
            return self.search(text)
        best = sorted(scores, key=lambda code: -scores[code])[:10]
        return [self.codes[code] for code in best if scores[code] >= _LEAST]

    @cached_property
    def _weights(self) -> dict[str, dict[str, float]]:
        """Word -> code -> what the word counts for it."""
        counts = {code: _counts(entry) for code, entry in self.codes.items()}
        if not counts:
            return {}
        average = sum(sum(one.values()) for one in counts.values()) / len(counts)
        holders: Counter[str] = Counter(word for one in counts.values() for word in one)
        found: dict[str, dict[str, float]] = {}
        for code, one in counts.items():
            length = _K * (1 - _B + _B * sum(one.values()) / average)
            for word, times in one.items():
                rarity = math.log(1 + (len(counts) - holders[word] + 0.5) / (holders[word] + 0.5))
                found.setdefault(word, {})[code] = rarity * times * (_K + 1) / (times + length)
        return found


def plain_title(title: str) -> str:
    """An official title as it reads inside a sentence: "Aktivitas Kedai Minuman YTDL" -> "kedai minuman YTDL"."""
    text = re.sub(r"^(?:aktivitas|industri)\s+(?=\S)", "", title.strip(), flags=re.IGNORECASE)
    if text.count("(") > text.count(")"):  # titles that their source cut off
        text = text.rpartition("(")[0].strip()
    if text.isupper():
        return text.lower()
    return " ".join(word if word.isupper() and len(word) > 1 else word.lower() for word in text.split())


def _counts(entry: Entry) -> Counter[str]:
    words: Counter[str] = Counter(word for word in _WORD.findall(entry.covers.lower()) if word not in _EMPTY)
    for word in _WORD.findall(entry.title.lower()):
        if word not in _EMPTY:
            words[word] += _TITLE_WEIGHT
    return words


def _likeness(first: str, second: str) -> float:
    """Shared words of two titles, 0 to 1."""
    one = set(_WORD.findall(first.lower())) - _EMPTY
    two = set(_WORD.findall(second.lower())) - _EMPTY
    return len(one & two) / len(one | two) if one and two else 0.0


async def newest_imports(session: AsyncSession) -> list[KbliImport]:
    """The file that each part came from last."""
    newest = select(KbliImport).ext(distinct_on(KbliImport.part)).order_by(KbliImport.part, KbliImport.id.desc())
    return list((await session.scalars(newest)).all())


class Shelf:
    """One classification a process: read on first use, and again when a file was imported since."""

    def __init__(self) -> None:
        self._revision = -1
        self._held: Classification | None = None

    async def get(self, database: Database) -> Classification | None:
        """The imported classification; None when nothing was imported."""
        async with database.session() as session:
            revision = await session.scalar(select(func.max(KbliImport.id))) or 0
            if revision != self._revision:
                codes = (await session.execute(select(KbliCode))).scalars().all()
                links = (await session.execute(select(KbliLink))).scalars().all()
                risks = (await session.execute(select(KbliRisk))).scalars().all()
                self._held = _made(codes, links, risks) if revision else None
                self._revision = revision
        return self._held


def _made(codes: Iterable[KbliCode], links: Iterable[KbliLink], risks: Iterable[KbliRisk]) -> Classification:
    editions: dict[int, dict[str, Entry]] = {2020: {}, 2025: {}}
    for row in codes:
        editions[row.edition][row.code] = Entry(row.code, row.title, row.description)
    heirs: dict[str, dict[str, bool]] = {}
    for link in links:
        heirs.setdefault(link.code_2020, {})[link.code_2025] = link.doubtful
    by_scale: dict[str, dict[str, tuple[str, ...]]] = {}
    for risk in sorted(risks, key=lambda one: RISKS.index(one.risk)):
        scales = by_scale.setdefault(risk.code, {})
        scales[risk.scale] = (*scales.get(risk.scale, ()), risk.risk)
    return Classification(editions[2025], editions[2020], heirs, by_scale)
