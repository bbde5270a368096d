"""Several questions in one message, each answered by itself; what has no sure answer is not passed over."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass, replace

from bot.answers.context import Context
from bot.answers.finding import Finding, find
from bot.hearing import Heard, listen
from bot.hearing.signs import aspects_of
from bot.hearing.words import STOP, keys
from bot.knowledge.models import Knowledge

_ASKS = re.compile(
    r"\b(?:apa|apakah|siapa|bagaimana|kenapa|kok|bisa|perlu|harus|wajib|boleh|mana|berapa|kapan|dimana)\b"
)
_ASKED = re.compile(r"\b(?:apa|apakah|siapa|bagaimana|berapa|kapan|mana|dimana)\b")
_WHOLE, _APART = 0.8, 0.68
"""Score of the whole message at which it is not taken apart, and of a part at which it is answered by itself."""
_WEAK = re.compile(r"[?;\n]+|\s(?:dan juga|serta|dan|sama|sm|trus|terus|lalu|trs|and|karo|jo)\s|,\s")
_STRONG = re.compile(r"[?;\n]+|[, ]\s?(?:dan juga|dan|trus|terus|lalu|trs|serta)\s")
"""What stands between two questions; and where a message has a good answer as a whole."""
_JOINED = re.compile(r"\b(?:dan|sama|serta|terus|trus|lalu|karo|jo|and)\b|[,?]")
_MOST = 4  # parts of a message that is taken apart
_OWN_MATTER = 2  # keys with which a part needs nothing of the one before it
_SHORT = 3  # keys of a part that names what is wanted and nothing else
_SHOWN = 70  # characters of a question that is named
_ASPECTS = ("requirement", "duration", "cost", "contact", "who", "legal")
"""What about one matter may be asked in one breath ("syarat dan biaya …")."""


@dataclass(frozen=True, slots=True)
class Half:
    """One of the questions of a message, as typed, with what was found for it."""

    asked: str
    finding: Finding
    sure: bool = True


def answered_apart(
    knowledge: Knowledge, heard: Heard, whole: Finding, memory: Context, default_office: str = ""
) -> list[Half]:
    """Two or three questions of one message; empty where it is one question, or none has a sure answer.

    `whole` is what was found for all of it.
    """
    tells = heard.wish in ("mend", "status")
    rhetorical = tells and heard.tone in ("angry", "tired")
    told = tells and "?" not in heard.text and not _ASKED.search(heard.plain)
    if "compare" in heard.aspects or told or rhetorical:
        return []  # a comparison, or a story of a trouble, is one question
    if several := _by_aspect(knowledge, heard, whole, memory, default_office):
        return several
    good = whole.best is not None and whole.best.score >= _WHOLE
    parts = split(heard.text, _STRONG if good else _WEAK)
    if len(parts) < 2:
        return []
    halves: list[Half] = []
    before = ""
    story = heard.wish == "mend"
    for part in parts:
        one = listen(knowledge, part, heard.intent)
        one = replace(
            one, offices=one.offices or heard.offices, regions=one.regions or heard.regions, tried=heard.tried
        )
        leaning = len([key for key in one.keys if key not in STOP and not aspects_of("", key)]) < _OWN_MATTER
        finding = find(knowledge, one, memory.with_(question=before if before and leaning else None), default_office)
        before = before or part
        best = finding.best
        troubled = one.wish == "mend" and best is not None and best.passage.kind == "card"
        asks = bool(_ASKS.search(one.plain)) or troubled or _names_what(one)
        said = {_id(half.finding) for half in halves if half.sure}
        general = best is not None and best.passage.general
        if not asks or general or (story and not _ASKED.search(one.plain)) or _id(finding) in said:
            continue  # a sigh, or a trouble told on
        sure = best is not None and best.score >= (_WHOLE if good else _APART)
        if sure or _is_question(part, heard.text, one):
            halves.append(Half(_shown(part), finding, sure))
    halves = halves[:3]
    known = [half for half in halves if half.sure]
    if good and not (len(known) == len(halves) and _two_matters(whole, halves)):
        return []
    if len(known) > 1:
        return halves
    return halves if known and len(halves) > 1 and _passed_over(whole, halves) else []


def split(text: str, between: re.Pattern[str]) -> list[str]:
    """The questions of a message, at most four; a single one where it cannot be taken apart."""
    whole = [one.strip(" ,.!") for one in between.split(text) if len(one.split()) >= 2]
    return whole if 2 <= len(whole) <= _MOST else [text]


def _by_aspect(knowledge: Knowledge, heard: Heard, whole: Finding, memory: Context, default_office: str) -> list[Half]:
    """Several things about one matter asked in one breath, where one passage does not answer them all."""
    wanted = [one for one in _ASPECTS if one in heard.aspects]
    best = whole.best
    if len(wanted) < 2 or best is None or not _JOINED.search(heard.text.lower()):
        return []
    held = aspects_of("", " ".join(keys(best.wording)))
    if len(held & {*wanted}) > 1:
        return []
    named = bool(heard.services or heard.kinds or heard.offices)  # the scope holds the matter then
    matter = {key for key in heard.keys if key not in STOP and not aspects_of("", key)} if not named else set[str]()
    halves: list[Half] = []
    for aspect in wanted[:3]:
        others = {one for one in wanted if one != aspect}
        mine = tuple(key for key in heard.keys if not (aspects_of("", key) & others))
        one = replace(heard, keys=mine, plain=" ".join(mine), aspects=heard.aspects - others, likely={})
        finding = find(knowledge, one, memory.with_(question=None), default_office)
        if (
            finding.best
            and finding.best.score >= _APART
            and aspect in aspects_of("", " ".join(keys(finding.best.wording)))
            and (not matter or matter & {*keys(finding.best.wording)})
        ):
            halves.append(Half(aspect, finding))
    return halves if len({_id(half.finding) for half in halves}) == len(halves) > 1 else []


def _names_what(heard: Heard) -> bool:
    """Whether a part is short, and asks by naming what is wanted ("biayanya", "syarat nib")."""
    return bool(heard.aspects) and len([one for one in heard.keys if one not in STOP]) <= _SHORT


def _is_question(part: str, text: str, heard: Heard) -> bool:
    """Whether a part asks for something of its own: with its question mark, or with a word that asks."""
    own = [one for one in heard.keys if one not in STOP and not aspects_of("", one)]
    return len(own) > 1 and (f"{part}?" in text or bool(_ASKED.search(heard.plain)))


def _passed_over(whole: Finding, halves: Sequence[Half]) -> bool:
    """Whether the answer to the whole message leaves a question out that has no sure answer by itself."""
    if whole.outcome != "sure" or whole.best is None:
        return True
    said = {*keys(whole.best.wording)}
    return all(not said & ({*half.finding.heard.keys} - STOP) for half in halves if not half.sure)


def _two_matters(whole: Finding, halves: Sequence[Half]) -> bool:
    """Whether a message that has a good answer as a whole has two questions of their own, of which that is one."""
    said = {*keys(whole.best.wording)} if whole.best else set[str]()
    asked = [{one for one in half.finding.heard.keys if one not in STOP} for half in halves]
    apart = all(len(one) > 1 and one - said for one in asked if not one <= said)
    return len(halves) > 1 and apart and any(not one & said for one in asked) and _id(whole) in map(_id_of, halves)


def _id_of(half: Half) -> str:
    return _id(half.finding)


def _shown(part: str) -> str:
    return part if len(part) <= _SHOWN else f"{part[:_SHOWN].rpartition(' ')[0]} …"


def _id(finding: Finding) -> str:
    return finding.best.passage.id if finding.best else ""
