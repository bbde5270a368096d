"""Doubts that a good score does not settle: a matter that is none of ours, a term without a definition, mere anger."""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import replace

from bot.answers.context import Context
from bot.answers.finding import BETWEEN, Finding, leans
from bot.answers.indexes import index_of
from bot.hearing import Heard
from bot.hearing.signs import aspects_of
from bot.hearing.words import FILLERS, STOP, keys, plain
from bot.knowledge.models import Knowledge
from bot.knowledge.question_models import TroubleCard

_OUTSIDE = 0.6
"""How much of the question and of a wording must agree where the engine heard a matter that is none of ours."""
_NEIGHBOUR = 0.35
"""The same for a passage about a neighbour of licensing (tax, credit): it is what such a message may be about."""
_HEARD = 0.5  # confidence of the engine below which a surely named trouble is believed before it
_FILED = re.compile(r"\b(?:berkas|dokumen|permohonan|izin|pengajuan)")
_POINTING = frozenset({"sini", "situ", "sana"})
_NOT_HELD = "tidak ada dalam sumber saya"
_EVERYWHERE = frozenset({"oss", "izin", "usaha"})
"""Keys that tell no matter from another."""
_HOW_FAR = re.compile(r"\bsudah (?:\w+ ){1,3}(?:atau |apa )?belum\b")
_DEFINES = re.compile(
    r"\b(?:apa|apakah) (?:itu|sih|arti\w*|maksud\w*)\b|\b(?:itu|sih) apa\b|\b(?:arti|artinya|maksudnya)\b"
)


def says_nothing(knowledge: Knowledge, heard: Heard) -> bool:
    """Whether a message asks for nothing that could be looked up ("ya gitu deh", "zzz")."""
    if heard.aspects:
        return False
    own = [one for one in heard.keys if one not in STOP and one not in FILLERS]
    named = heard.offices or heard.regions or heard.services or heard.codes
    lost = heard.intent == "nlu_fallback" and not named
    return not own or (lost and not any(index_of(knowledge).knows(one) for one in own))


def is_outside(found: Finding) -> bool:
    """Whether a matter that the engine takes for none of ours only shares a word with what is known."""
    heard, best = found.heard, found.best
    if heard.intent != "out_of_scope" or heard.system or heard.services or best is None:
        return False
    if found.outcome == "sure" and heard.confidence < _HEARD and best.passage.kind == "card":
        return False
    least = _NEIGHBOUR if best.passage.system == "other" else _OUTSIDE
    return min(best.union, best.precision) < least


def is_undefined(found: Finding) -> bool:
    """Whether a term is asked for ("apa itu zonasi") and the best passage speaks of it without saying what it is."""
    heard, best = found.heard, found.best
    if heard.intent != "ask_term" or "compare" in heard.aspects or best is None or not _DEFINES.search(heard.plain):
        return False
    passage = best.passage
    return passage.kind in ("entry", "card") and not any(_DEFINES.search(plain(one)) for one in passage.asks)


def only_angry(found: Finding) -> bool:
    """Whether anger that asks nothing would get a matter-of-fact entry."""
    card = found.best is not None and found.best.passage.kind == "card"
    return found.heard.tone == "angry" and not found.heard.aspects and not card


def of_named_trouble(found: Finding) -> Finding | None:
    """What was found, led by the trouble that the message names; None where it names none, but only a mood."""
    if only_angry(found) or found.outcome == "unsure":
        return None
    for one in found.candidates:
        if one.passage.kind == "card" and not one.passage.general and one.score >= BETWEEN:
            rest = tuple(other for other in found.candidates if other is not one)
            return replace(found, candidates=(one, *rest))
    return None


def of_what_was_tried(found: Finding, troubles: Mapping[str, TroubleCard]) -> Finding:
    """What was found, led by the trouble whose steps somebody tried in vain: how to do them again helps nobody."""
    heard, best = found.heard, found.best
    if not (heard.tried and heard.unhelped) or best is None or best.passage.kind == "card":
        return found
    for one in found.candidates:
        card = troubles.get(one.passage.id)
        if card and one.score >= BETWEEN and any({*step.tried} & {*heard.tried} for step in card.steps):
            rest = tuple(other for other in found.candidates if other is not one)
            return replace(found, candidates=(one, *rest))
    return found


def jumps(knowledge: Knowledge, context: Context, found: Finding) -> bool:
    """Whether what was found for "terus daftarnya ke mana" has nothing to do with the matter of others before it."""
    subject, heard, best = (context.subject or "").partition("|")[0], found.heard, found.best
    own = [one for one in heard.keys if one not in STOP and not aspects_of("", one)]
    entry = knowledge.questions.get(subject)
    if entry is None or best is None or len(own) > 1 or not leans(heard) or heard.system:
        return False
    if entry.system != "other" and _NOT_HELD not in entry.answer:
        return False
    named = {*keys(context.question or "")} - STOP - {*heard.keys}
    near = best.passage.id in (subject, *entry.next) or named & {*keys(best.wording)} - _EVERYWHERE
    return not near


def asks_how_far(heard: Heard) -> bool:
    """Whether it is asked how far one's own application has come ("sudah diperiksa belum?")."""
    filed = _FILED.search(heard.plain)
    return heard.system in ("", "oss", "office") and bool(filed and _HOW_FAR.search(heard.plain, filed.end()))


def names_nothing(found: Finding) -> bool:
    """Whether a bare "biaya?", with no region or service known, would be answered from one office's standard."""
    best, scope = found.best, found.scope
    if best is None or best.passage.office is None or scope.offices or scope.services or scope.talked:
        return False
    return only_asks(found)


def only_asks(found: Finding) -> bool:
    """Whether a message says nothing but what is asked about, and where ("biaya di jepara")."""
    empty = STOP | _POINTING | found.query.scope
    return all(one in empty or aspects_of("", one) for one in found.query.keys)
