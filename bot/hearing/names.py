"""Names of offices, services, ways and tried things, taken from the knowledge: what was published is heard at once."""

from __future__ import annotations

import re
from collections.abc import Iterable
from dataclasses import dataclass
from itertools import pairwise

from bot.hearing.words import plain
from bot.knowledge.derived import derived
from bot.knowledge.models import Knowledge

_TRIED = re.compile(
    r"\b(?:sudah|telah|pernah|coba(?! (?:per|diper|tolong|dong|bantu|kasih|buatkan|beri|dibuat|di ?cek))|"
    r"dicoba|mencoba|nyoba|kali|berulang|bolak balik|uwis|wis|alah|tried|already|"
    r"percuma|sia sia|nihil|gagal juga|sama saja|berhasil|sukses|"
    r"(?:belum|tidak) (?:dijawab|dibalas|diangkat|ditanggapi|direspon)|"
    r"(?:tidak|tiada|tanpa) (?:ada )?(?:ngaruh|ngefek|efek|pengaruh|mempan|guna\w*|faedah\w*|manfaat\w*|hasil\w*|"
    r"membantu|menolong|nolong|mengubah|beda\w*)|"
    r"(?:cleared|switched|borrowed|reinstalled|restarted|checked|used) (?:\w+ )*)\b|\btidak ada di (?:\w+ )?$"
)
_AROUND = 45  # characters on each side of a tried thing in which a word says that it was done
_LISTED = 25  # characters between two tried things of one list ("hapus cache, ganti hp, pakai laptop, tetap")
_IN_VAIN = re.compile(
    r"^\W*(?:\w+\W+){0,2}(?:tetap|masih|sama saja|percuma|gagal|still|same|"
    r"tidak (?:bisa|ngaruh|ngefek|mempan|jalan|masuk|berhasil|ada yang))\b"
)
"""After a list: it was of no use, so all of it was done."""


class Matcher:
    """Finds names (several for one id) in plain text, longest first; no two hits overlap."""

    def __init__(self, names: Iterable[tuple[str, str]]) -> None:
        self._ids: dict[str, list[str]] = {}
        for name, identity in names:
            if key := plain(name.rstrip("*")):
                ids = self._ids.setdefault(key + ("*" if name.endswith("*") else ""), [])
                if identity not in ids:
                    ids.append(identity)
        ordered = sorted(self._ids, key=len, reverse=True)
        parts = [re.escape(one.rstrip("*")) + (r"\w*" if one.endswith("*") else "") for one in ordered]
        self._pattern = re.compile(rf"\b(?:{'|'.join(parts)})(?:nya|e|ku)?\b") if parts else None
        self._prefixes = [one.rstrip("*") for one in ordered if one.endswith("*")]

    def hits(self, text: str) -> list[tuple[int, int, list[str]]]:
        """(start, end, ids) of each name in a plain text."""
        if self._pattern is None:
            return []
        found = [(hit.start(), hit.end(), self._ids_of(hit.group())) for hit in self._pattern.finditer(text)]
        return [one for one in found if one[2]]

    def ids(self, text: str) -> list[str]:
        """The ids in order, each once."""
        return list(dict.fromkeys(one for _, _, ids in self.hits(text) for one in ids))

    def _ids_of(self, said: str) -> list[str]:
        for ending in ("", "nya", "e", "ku"):
            if said.endswith(ending) and (ids := self._ids.get(said.removesuffix(ending) if ending else said)):
                return ids
        return next((self._ids[f"{one}*"] for one in self._prefixes if said.startswith(one)), [])


@dataclass(frozen=True, slots=True)
class Names:
    """The matchers of one knowledge."""

    offices: Matcher
    services: Matcher  # of offices, and of SIINas
    guides: Matcher  # national guides to OSS
    ways: Matcher
    tried: Matcher
    matters: Matcher


@derived
def names_of(knowledge: Knowledge) -> Names:
    """The names that can be heard."""
    offices = [
        (name, one.id)
        for one in knowledge.offices.values()
        if one.region
        for name in (one.label, one.region or "", _bare(one.region or ""), *one.aliases)
        if name
    ]
    guides, services = list[tuple[str, str]](), list[tuple[str, str]]()
    for one in knowledge.services.values():
        named = guides if knowledge.is_national_guide(one) else services
        named += [(name, one.id) for name in (one.label, *one.aliases)]
    ways = [
        (name, way.id)
        for one in knowledge.services.values()
        if len(one.procedures) > 1
        for way in one.procedures
        for name in (way.id.replace("-", " "), way.label)
    ]
    tried = [(says, one.id) for one in knowledge.tried.values() for says in one.says]
    matters = [(says, one.id) for one in knowledge.matters.values() for says in one.says]
    return Names(*map(Matcher, (offices, services, guides, ways, tried, matters)))


def tried_in(names: Names, text: str) -> list[str]:
    """Ids of what a plain text says was done already."""
    hits = names.tried.hits(text)
    done = [_is_done(text, start, end) for start, end, _ in hits]
    listed = [after[0] - one[1] <= _LISTED for one, after in pairwise(hits)]
    if len(hits) > 1 and listed[-1] and _IN_VAIN.search(text[hits[-1][1] :]):
        done[-1] = True
    for at in [*range(len(listed)), *reversed(range(len(listed)))]:  # what stands in a list with it was done, too
        if listed[at] and (done[at] or done[at + 1]):
            done[at] = done[at + 1] = True
    return list(dict.fromkeys(one for (_, _, ids), was in zip(hits, done, strict=True) if was for one in ids))


def _is_done(text: str, start: int, end: int) -> bool:
    around = (text[max(0, start - _AROUND) : start], text[start:end], text[end : end + _AROUND])
    return any(map(_TRIED.search, around))


def _bare(region: str) -> str:
    return re.sub(r"^(?:Kabupaten|Kota|Provinsi) ", "", region)
