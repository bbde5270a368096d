"""After advice that did not help: the card's next step, then a person beside the next office, then the person."""

from __future__ import annotations

import re

from actions import wording
from actions.complaints import SILENT
from actions.turn import Turn
from bot.answers import finding, saying
from bot.answers.indexes import passage_of
from bot.answers.payloads import TO_PERSON, button
from bot.answers.text import source_line
from bot.answers.wording import ALL_TRIED, TEXT_READY
from bot.hearing.signs import aspects_of
from bot.hearing.words import FILLERS, STOP, key_of, keys
from bot.knowledge.question_models import TroubleCard
from bot.messages import Reply

_LEVEL = "still-"
"""Beside the tried ways of the subject: how many answers to it did not help."""
_ABOVE = {"oss": "oss-belum-menjawab", "office": SILENT, "siinas": "lapor-cara-kirim"}
"""Whose trouble it is -> the passage for who hears nothing there."""
_REPORTED = "lapor-tanpa-kabar"
_MOST_WORDS = 14  # of an answer to a card's question
_GENERIC = frozenset(
    key_of(one)
    for one in re.findall(
        r"\w+",
        "tidak belum ada bisa tetap coba lakukan gagal sama tidakbisa tidakada hasil membantu berubah ikuti ikutin "
        "kerjakan jalankan langkah cara terus error mempan ngefek ngaruh pengaruh saran semua smua semuanya tadi atas "
        "begitu begini diam macet dijawab dibalas balas kabar cek dicek mulu tapi doang banget",
    )
)
"""Keys that say only that it did not help."""


async def still_stuck(turn: Turn) -> bool:
    """Goes one level up where the message says only that what was advised did not help; False otherwise."""
    subject, _, before = (turn.context.subject or "").partition("|")
    card = turn.knowledge.troubles.get(subject)
    tried_now = {one for step in card.steps for one in step.tried} & {*turn.heard.tried} if card else set()
    if card is None or turn.guide or not (turn.heard.unhelped or tried_now) or not _only_that(turn, card):
        return False
    known = [one for one in before.split(",") if one]
    tried = tuple(dict.fromkeys([*(one for one in known if not one.startswith(_LEVEL)), *turn.heard.tried]))
    level = max((int(one.removeprefix(_LEVEL)) for one in known if one.startswith(_LEVEL)), default=0) + 1
    if level == 1 and _was_said(turn, card.last):
        level = 2
    most = turn.services.settings.handoff_after_failures
    if level == 1:
        _next_step(turn, card, tried)
    elif most and level == most + 1:
        reason = wording.REASON_STUCK.format(title=card.title)
        turn.say(await turn.ask_person(wording.STILL_STUCK, reason, "failures"))
    else:
        _person_and_next(turn, card)
    turn.passage = card.id
    turn.context = turn.context.with_(subject=f"{card.id}|{','.join([*tried, f'{_LEVEL}{level}'])}")
    return True


def answers_card(turn: Turn, *, again: bool = False) -> TroubleCard | None:
    """The card that was said last, where it ended by asking and this message may be what it asked for.

    `again`: the card itself was found for this message; then it need not have asked.
    """
    card = turn.knowledge.troubles.get((turn.context.subject or "").partition("|")[0])
    if card is None or not (again or card.first.endswith("?")) or turn.guide or not card.message:
        return None
    asked = card.first.partition(". ")[0] if again else card.first.rpartition(". ")[2]
    short = len(turn.heard.plain.split()) <= _MOST_WORDS and "?" not in turn.text
    answers = short and turn.heard.wish not in ("person", "report") and any(asked in one for one in turn.said_before)
    return card if answers else None


def noted(turn: Turn, card: TroubleCard) -> bool:
    """What a card asked for goes into the text that its owner needs; ready here, with where to send it."""
    head, refs = saying.with_source(turn.knowledge, wording.NOTED.format(whom=wording.OWNERS[card.system]), card.facts)
    line = source_line(refs)
    said = f"{head.removesuffix(line).rstrip()}\n\n{card.message}\n\n{line}"
    tried = button(ALL_TRIED, saying.ENTRY, topic=card.id, option=saying.ALL_TRIED)
    turn.say(Reply(said, ((tried,) if any(one.tried for one in card.steps) else ()) + (TO_PERSON,), refs))
    turn.passage = card.id
    return True


def _only_that(turn: Turn, card: TroubleCard) -> bool:
    """Whether a message names no other matter than what was talked about."""
    heard = turn.heard
    steps = {one for step in card.steps for one in step.tried}
    if steps & {*heard.tried} and heard.system in ("", card.system):
        return True
    ways = " ".join(turn.knowledge.tried[one].name for one in heard.tried)
    talked = {*keys(f"{card.title} {turn.context.question or ''} {ways}")} | STOP | FILLERS | _GENERIC
    own = {one for one in heard.keys if one not in talked and not aspects_of("", one)}
    if not own:
        return True
    turn.found = finding.find(turn.knowledge, heard, turn.context, turn.office)
    best = turn.found.best
    return best is not None and best.passage.id == card.id


def _next_step(turn: Turn, card: TroubleCard, tried: tuple[str, ...]) -> None:
    """What is left after what was tried; where nothing was named, everything that was advised counts as tried."""
    passage = passage_of(turn.knowledge, card.id)
    assert passage is not None
    new = {one for step in card.steps for one in step.tried} & {*turn.heard.tried}
    option = "" if new else saying.ALL_TRIED
    turn.say(*saying.say(turn.knowledge, passage, turn.heard, tried=tried, option=option))


def _person_and_next(turn: Turn, card: TroubleCard) -> None:
    """A person first; below it the card's own end where that was not said, else the office above."""
    turn.offered = TO_PERSON.payload
    ended = _was_said(turn, card.last)
    above = passage_of(turn.knowledge, _above(turn, card) if ended else card.id)
    if above is None:
        turn.say(Reply(wording.STUCK, (TO_PERSON,)))
        return
    text, refs = (
        saying.told(turn.knowledge, above, turn.heard)
        if ended
        else saying.with_source(turn.knowledge, card.last, card.facts)
    )
    text = text.removesuffix(source_line(refs)).rstrip()
    whole = f"{wording.STUCK}\n\n{wording.STUCK_NEXT} {text}"
    ready = button(TEXT_READY, saying.ENTRY, topic=above.id, option=saying.TEXT)
    written = above.id in turn.knowledge.troubles and turn.knowledge.troubles[above.id].message
    turn.say(Reply(f"{whole}\n\n{source_line(refs)}", (TO_PERSON, *([ready] if written else [])), refs))


def _above(turn: Turn, card: TroubleCard) -> str:
    """The next level: what the end of the card does not name yet, and what was not said a moment ago."""
    if card.id == _REPORTED:
        return ""
    above = _REPORTED if "LAPOR!" in card.last or card.system == "lapor" else _ABOVE.get(card.system, "")
    higher = turn.knowledge.troubles.get(above)
    return _above(turn, higher) if higher and _was_said(turn, higher.first) else above


def _was_said(turn: Turn, text: str) -> bool:
    """Whether the turn before said this text, whatever mood or source stood around it."""
    first = text.partition(". ")[0]
    return any(first in one for one in turn.said_before)
