"""The wordings of passages, compared with a question all at once: how much of each side the other holds."""

from __future__ import annotations

import re
from collections.abc import Callable, Collection, Iterable, Mapping, Sequence, Set
from functools import cached_property, lru_cache

import numpy as np

from bot.hearing.signs import aspects_of
from bot.hearing.words import STOP, key_of, keys_of, words

SERVICE_KEYS = frozenset(
    ("izin", "pabrik", "usaha", "perluasan", "iui", "oss", "siinas", "layanan", "sop", "standar", "pelayanan")
)
"""Keys of which services and systems have their names: the scope has heard them, so they weigh little."""
_SCOPE_SAID = 0.35  # what such a word weighs in a wording
_SMOOTH = 2.0  # added to what a wording weighs: one of a single word fits everything
_AGAINST = 0.8  # of a shared word's weight that is lost where one side denies what the other says
_DENYING = ("tidak", "belum", "bukan", "gagal", "tanpa", "not")
_AFFIRMING = ("sudah", "telah", "berhasil", "lancar")
_DENIED = re.compile(rf"\b(?:{'|'.join(_DENYING)}) (?:bisa |dapat |pernah |ada |juga |lagi |mau )*(\w+)")
_AFFIRMED = re.compile(
    rf"\b(?:{'|'.join(_AFFIRMING)}) (?:bisa |dapat |pernah |di ?)*(\w+)|(?<!tidak )(?<!belum )\bbisa (\w+)"
)
_ASKED = re.compile(r"\b(?:bisa|boleh|perlu|wajib|harus|apakah|atau|apa) $")


class Weighed:
    """What a question holds, read once for all candidates: its keys with what they weigh (`weighed`), and what they
    count in this question (`counts`)."""

    def __init__(self, plain: str, scope: Set[str], weights: Mapping[str, float], share: Mapping[str, float]) -> None:
        self.counted = {one: weight * share.get(one, 1.0) for one, weight in weights.items()}
        self.weighed, self.counts = weights, self.counted.__getitem__
        self.total = sum(self.counted.values()) or 1.0
        self.core = self.counted.keys() - scope
        self.core_total = sum(map(self.counts, self.core)) or 1.0
        self.denied, self.affirmed = denied(plain), affirmed(plain)


class Wordings:
    """The wordings of all passages of an index, one after another. Not to be changed."""

    def __init__(
        self, texts: Sequence[Sequence[str]], keys: Sequence[Sequence[str]], weight: Callable[[str], float]
    ) -> None:
        self._texts = texts
        self._starts = np.concatenate(([0], np.cumsum([len(mine) for mine in texts], dtype=np.intp)))
        contents = [frozenset(mine) - STOP or frozenset(mine) for mine in keys]
        self._holding = _rows(contents)
        heavy = {key: weight(key) * (_SCOPE_SAID if key in SERVICE_KEYS else 1.0) for key in self._holding}
        self._total = np.array([sum(map(heavy.__getitem__, mine)) or 1.0 for mine in contents]) + _SMOOTH

    def make_ready(self) -> None:
        """Reads what the first questions would wait for."""
        _ = self._denying, self._affirming

    def fits(self, asked: Weighed) -> tuple[np.ndarray, np.ndarray]:
        """Recall and precision of every wording. What one side denies and the other says counts against it."""
        recall, agreed = np.zeros(len(self._total)), np.zeros(len(self._total))
        for key, counts in asked.counted.items():
            weighed = asked.weighed[key]
            for rows, share in ((self._holding.get(key), 1.0), (self._against(key, asked), -_AGAINST)):
                if rows is not None:
                    recall[rows] += share * counts
                    agreed[rows] += share * weighed
        return recall / asked.total, np.minimum(1.0, agreed / self._total)

    def best(self, row: int, recall: np.ndarray, precision: np.ndarray) -> tuple[str, float, float]:
        """The wording of a passage that fits best, with its recall and precision; the first where none fits."""
        mine = slice(self._starts[row], self._starts[row + 1])
        fits = recall[mine] + precision[mine]
        at = int(fits.argmax())
        if fits[at] <= 0:
            return self._texts[row][0], 0.0, 0.0
        return self._texts[row][at], float(recall[mine][at]), float(precision[mine][at])

    def _against(self, key: str, asked: Weighed) -> np.ndarray | None:
        if key in asked.denied:
            return self._affirming.get(key)
        return self._denying.get(key) if key in asked.affirmed else None

    @cached_property
    def _denying(self) -> Mapping[str, np.ndarray]:
        """The wordings that say of a key that it is not so ("tidak bisa masuk"); made when first asked for."""
        return self._saying(denied)

    @cached_property
    def _affirming(self) -> Mapping[str, np.ndarray]:
        """Those that say that it is so ("sudah terdaftar")."""
        return self._saying(affirmed)

    def _saying(self, how: Callable[[str], frozenset[str]]) -> Mapping[str, np.ndarray]:
        every = (how(" ".join(read(text)[0])) for mine in self._texts for text in mine)
        return {
            key: both
            for key, rows in _rows(every).items()
            if len(both := np.intersect1d(rows, self._holding.get(key, rows[:0])))
        }


def _rows(sets: Iterable[Collection[str]]) -> dict[str, np.ndarray]:
    """Each key with the numbers of the sets that hold it."""
    rows: dict[str, list[int]] = {}
    for row, mine in enumerate(sets):
        for key in mine:
            rows.setdefault(key, []).append(row)
    return {key: np.array(mine, dtype=np.intp) for key, mine in rows.items()}


@lru_cache(maxsize=200_000)
def read(text: str) -> tuple[tuple[str, ...], tuple[str, ...]]:
    """The words and keys of a wording: the same in the index of every knowledge that has it."""
    said = words(text)
    return tuple(said), tuple(keys_of(" ".join(said)))


@lru_cache(maxsize=200_000)
def aspects(text: str) -> frozenset[str]:
    said, keys = read(text)
    return aspects_of(" ".join(said), " ".join(keys))


@lru_cache(maxsize=200_000)
def denied(said: str) -> frozenset[str]:
    """The keys that plain words say are not so; "bisa tidak daftar" asks and denies nothing."""
    return _after(_DENIED, said) if any(one in said for one in _DENYING) else frozenset()


@lru_cache(maxsize=200_000)
def affirmed(said: str) -> frozenset[str]:
    """The keys that plain words say are so."""
    if not any(one in said for one in (*_AFFIRMING, "bisa")):
        return frozenset()
    return _after(_AFFIRMED, said) - denied(said)


def _after(pattern: re.Pattern[str], said: str) -> frozenset[str]:
    hits = [hit for hit in pattern.finditer(said) if not _ASKED.search(said[: hit.start()])]
    return frozenset(key_of(hit[hit.lastindex or 0]) for hit in hits) - STOP
