"""Questions in the person's own words: heard, found, said. One entrance for everything that knowledge can answer."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import replace

from actions import wording
from actions.comparing import compared
from actions.complaints import SILENT
from actions.doubts import (
    asks_how_far,
    is_outside,
    is_undefined,
    jumps,
    names_nothing,
    of_named_trouble,
    of_what_was_tried,
    only_angry,
    only_asks,
    says_nothing,
)
from actions.kbli import with_trade
from actions.stuck import answers_card, noted
from actions.turn import Turn
from bot.answers import TOPICS, finding, saying
from bot.answers.apart import Half, answered_apart
from bot.answers.clarify import MAX_BUTTONS
from bot.answers.finding import Finding
from bot.answers.indexes import passage_of, passages_for
from bot.answers.passages import Passage
from bot.answers.payloads import TO_MENU, TO_PERSON, beside, button
from bot.answers.ranking import Candidate
from bot.answers.text import source_line
from bot.answers.wording import ASK_REGION, OTHER_REGION, TEXT_READY, TYPE_REGION
from bot.hearing.signs import hears_nothing
from bot.hearing.words import STOP
from bot.knowledge.models import Knowledge
from bot.messages import Button, Reply, SourceRef

CHOICES = 3
VENTED = "keluhan-umum"
"""The card of knowledge/troubles for anger that names no trouble."""
_OF_TROUBLE = frozenset({"complaint", "account_problem", "survey_feedback"})
"""Intents under which a doubtful answer helps nobody: another ear takes them."""
EVERYWHERE = "semua-daerah"
"""The entry of knowledge/questions that says what is the same in every region."""
STATUS = "permohonan-sampai-mana"
"""The entry that says where one sees how far an application has come."""
_MOST_QUESTION = 160
_CLOSE = 0.8  # of a sure answer's score, at which the next best is offered beside it
_PLAIN = 2  # keys of a question that asks for a part of a standard and nothing else
_PENDING = frozenset({"guide_start", "complaint", "track_status"})
"""Topics that wait for a place or service to be named."""
_GOES_ON = re.compile(
    r"(?:ok(?:e|ay)? |nah |lalu |terus |sudah |kalau sudah )*(?:terus|lalu|lanjut\w*|habis itu|setelah itu|sesudah itu|"
    r"(?:langkah |tahap |step )?(?:selanjutnya|berikutnya)|next|then|bar iku|sudah itu|kalau sudah)"
    r"(?: (?:apa|bagaimana|ngapain|opo|gimana|saya|apalagi|lagi|harus|itu|nya|ke mana|diapakan|step|langkah))*[ ?.!]*"
)
_OFFERS_TEXT = re.compile(r"\bMau saya siapkan teks[^?\n]{0,80}\?$|\bteksnya bisa saya siapkan\b", re.MULTILINE)
_WHOLE = frozenset({"requirement", "procedure", "list"})  # aspects of which something holds in every region
_LOCAL_TOPICS = frozenset({"duration", "cost", "requirement", "procedure", "contact"})


async def question(turn: Turn) -> bool:
    """Answers from the knowledge when it is sure enough; False leaves the message to others."""
    heard = turn.heard
    if says_nothing(turn.knowledge, turn.heard):
        return False
    if finding.only_names(turn.knowledge, heard) and (turn.context.topic in _PENDING or not turn.context.question):
        if not heard.elsewhere or turn.context.topic in _PENDING:
            return False
        turn.found = finding.find(turn.knowledge, heard, turn.context, turn.office)
        _say_elsewhere(turn, turn.found)
        return True
    if compared(turn):
        return True
    whole = turn.found or finding.find(turn.knowledge, heard, turn.context, turn.office)
    if several := answered_apart(turn.knowledge, heard, whole, turn.context, turn.office):
        turn.answered_apart = True
        _say_several(turn, several)
        return True
    found = turn.found = whole
    if is_outside(found) or is_undefined(found):
        return False
    if jumps(turn.knowledge, turn.context, found):
        turn.say(Reply(wording.NO_MORE_OF_IT, (TO_MENU, TO_PERSON)))
        return True
    found = turn.found = of_what_was_tried(found, turn.knowledge.troubles)
    if heard.wish == "vent" and found.outcome != "sure" and _vented(turn):
        return True
    if turn.intent in _OF_TROUBLE and (found.outcome != "sure" or only_angry(found)):
        named = of_named_trouble(found)
        return (named is not None and _said(turn, named)) or _vented(turn)
    if found.scope.elsewhere and _is_local(found):
        _say_elsewhere(turn, found)
        return True
    return _said(turn, found)


def _said(turn: Turn, found: Finding) -> bool:
    if found.best is None or found.outcome == "unsure":
        return _said_list(turn, found)
    _say(turn, found)
    return True


def _vented(turn: Turn) -> bool:
    """Anger or weariness that names no trouble: the question that finds it out, with the usual ones as buttons."""
    if turn.heard.tone not in ("angry", "tired") or VENTED not in turn.knowledge.troubles:
        return False
    passage = passage_of(turn.knowledge, VENTED)
    assert passage is not None
    turn.say(*saying.say(turn.knowledge, passage, turn.heard))
    _remember(turn, passage, "")
    return True


def _said_list(turn: Turn, found: Finding) -> bool:
    """Unsure, but the office is known and little is said but what is asked about it: that part of its standard."""
    said = [one for one in found.heard.keys if one not in STOP and one not in found.query.scope]
    if len(said) > _PLAIN:
        return False
    for one in passages_for(turn.knowledge, found.scope.offices):
        if one.kind != "list" or one.office not in found.scope.offices or one.aspect not in found.heard.aspects:
            continue
        if found.scope.factor(turn.knowledge, one) >= 1.0:
            turn.say(*saying.say(turn.knowledge, one, found.heard))
            _remember(turn, one, found.query.plain)
            return True
    return False


async def chosen(turn: Turn) -> None:
    """A button that leads to a passage (`ask_entry`): an entry, a card, a step."""
    passage = passage_of(turn.knowledge, turn.entities.get("topic", ""))
    if passage is None:
        turn.redirect = "/show_menu"
        return
    option = turn.entities.get("option", "")
    turn.say(*saying.say(turn.knowledge, passage, turn.heard, tried=(), option=option))
    _remember(turn, passage, "")


def unsure(turn: Turn) -> list[Button]:
    """The best passages as buttons, for "is it one of these?"."""
    if says_nothing(turn.knowledge, turn.heard):
        return []
    found = turn.found or finding.find(turn.knowledge, turn.heard, turn.context, turn.office)
    shown = [one.passage for one in found.candidates if one.score > finding.BETWEEN * 0.6]
    return [saying.offer(turn.knowledge, one) for one in _different(turn.knowledge, shown)[:CHOICES]]


def _say(turn: Turn, found: Finding) -> None:
    best = found.best
    assert best is not None
    passage = best.passage
    if passage.id == (turn.context.subject or "").partition("|")[0] and (card := answers_card(turn, again=True)):
        noted(turn, card)
        return
    if found.depends or names_nothing(found) or (asks_how_far(found.heard) and not found.scope.offices):
        _say_by_region(turn, found)
        return
    replies = list(saying.say(turn.knowledge, passage, found.heard, tried=_tried(turn, passage)))
    if found.heard.regions:
        replies[-1] = _with_local(turn, replies[-1], found)
    others = [saying.offer(turn.knowledge, one) for one in _runners_up(turn.knowledge, found)]
    last = replies[-1]
    if found.outcome == "between":
        ready = [one for one in last.buttons if one.title == TEXT_READY]
        replies[-1] = replace(
            last, text=f"{last.text}\n\n{wording.NOT_THIS}", buttons=(*ready, *others[: 2 - len(ready)], TO_PERSON)
        )
    elif others:
        titles = {one.title for one in last.buttons}
        near = [one for one in others[:1] if one.title not in titles]
        replies[-1] = replace(last, buttons=beside((*last.buttons[:1], *near, *last.buttons[1:])))
    replies[0] = _opened(turn, passage, replies[0])
    replies[-1] = with_trade(turn, passage, replies[-1])
    turn.say(*replies)
    if _OFFERS_TEXT.search(replies[-1].text):
        turn.offered = next((one.payload for one in replies[-1].buttons if one.title == TEXT_READY), None)
    _remember(turn, passage, found.query.plain)
    if found.scope.offices and turn.heard.kinds and not passage.service and len(found.scope.services) == 1:
        turn.context = turn.context.with_(service=found.scope.services[0], flow=None, kind=None)


def _runners_up(knowledge: Knowledge, found: Finding) -> list[Passage]:
    """The next best passages: below a doubtful answer the first two, below a sure one those that fit nearly as well."""
    best = found.best
    assert best is not None
    doubtful = found.outcome == "between"
    near = [one for one in found.candidates[1:5] if doubtful or one.score >= best.score * _CLOSE]
    shown = [one.passage for one in near if doubtful or one.passage.kind in ("entry", "card")]
    return _different(knowledge, shown)[:2]


def _is_local(found: Finding) -> bool:
    """Whether a question about a region that is not held asks for what its own standard would say."""
    heard = found.heard
    if not heard.regions:
        return False
    if heard.system in ("siinas", "lapor") or "nib" in heard.keys:
        return False
    if found.outcome == "sure" and found.best is not None and found.best.passage.kind == "card":
        return False  # a trouble, wherever it is met
    licence = bool(heard.services or heard.kinds or "izin" in heard.keys)
    contact = "contact" in heard.aspects or ("where" in heard.aspects and "kantor" in heard.keys)
    local = bool(heard.aspects & _LOCAL_TOPICS)
    return found.outcome == "unsure" or contact or (local and (licence or only_asks(found)))


def _say_elsewhere(turn: Turn, found: Finding) -> None:
    """What is the same everywhere, then what is local and not held, and who can be asked, in which words."""
    where = found.heard.regions[0]
    entry = turn.knowledge.questions[EVERYWHERE]
    asked = [word for aspect, word in wording.LOCAL_ASPECTS.items() if aspect in found.heard.aspects]
    what = ", ".join(asked) or wording.LOCAL_ANY
    local = wording.LOCAL_UNKNOWN.format(region=where.title, office=where.office, what=what)
    if "contact" in found.heard.aspects or "kantor" in found.heard.keys:
        local = wording.LOCAL_CONTACT.format(office=where.office)
    text, refs = saying.with_source(turn.knowledge, f"{entry.answer}\n\n{local}", entry.facts)
    others = _different(turn.knowledge, [one.passage for one in found.candidates if one.score >= finding.BETWEEN])[:2]
    turn.say(Reply(text, (*(saying.offer(turn.knowledge, one) for one in others), TO_PERSON), refs))
    turn.context = turn.context.with_(
        office=None, region=where.title, service=None, question=found.query.plain[:_MOST_QUESTION], subject=EVERYWHERE
    )


def _opened(turn: Turn, passage: Passage, reply: Reply) -> Reply:
    """One sentence for the mood, before a trouble; never more, and never instead."""
    opening = wording.MOODS.get(turn.heard.tone, "") if passage.kind == "card" and not passage.general else ""
    if any(reply.text.startswith(one.split()[0]) for one in wording.MOODS.values()):
        return reply
    return replace(reply, text=f"{opening} {reply.text}") if opening else reply


def _with_local(turn: Turn, reply: Reply, found: Finding) -> Reply:
    """The national answer, what is local and not held, and the right office by name."""
    where, best = found.heard.regions[0], found.best
    home = turn.knowledge.offices.get((best.passage.office if best else None) or "")
    told = wording.OF_ANOTHER if home else wording.LOCAL_NOT_HELD
    sentence = told.format(region=where.title, office=where.office, home=home.label if home else "")
    line = source_line(reply.sources)
    body = reply.text.removesuffix(line).rstrip()
    return replace(reply, text="\n\n".join(part for part in (body, sentence, line) if part))


def _say_by_region(turn: Turn, found: Finding) -> None:
    """The answer differs by office and none is known: what holds everywhere first, then the question."""
    turn.asked_region = True
    knowledge = turn.knowledge
    offices = finding.offices_that_answer(knowledge, found)
    national = next((one for one in found.candidates if _is_national(one)), None)
    how_far = asks_how_far(turn.heard)
    general = _holds_everywhere(turn, how_far=how_far, national=national.passage if national else None)
    first, refs = saying.told(knowledge, general, found.heard) if general else ("", ())
    best = found.best
    asked = "track_status" if how_far else best.passage.topic if best else ""
    asked = asked or (turn.intent if turn.intent in TOPICS else "")
    regional = [one for one in knowledge.offices.values() if one.region]
    names = [one for one in regional if asked or one.id in offices] or regional
    if many := len(names) > MAX_BUTTONS - 1:
        names = sorted(names, key=lambda one: one.id not in offices)
    taps = [
        button(one.label, asked, office=one.id) if asked else button(one.label, "inform", office=one.id)
        for one in names[: MAX_BUTTONS - 1]
    ]
    asked_there = general is not None and general.asks_region
    again = any(wording.DIFFERS in one for one in turn.said_before)
    asks = "" if asked_there else ASK_REGION[1] if again else wording.DIFFERS
    text = "\n\n".join(part for part in (first, asks, TYPE_REGION if many else "") if part)
    turn.say(
        Reply(
            f"{text}\n\n{source_line(refs)}" if refs else text,
            (*taps, button(OTHER_REGION, asked or "inform", office="lain")),
            refs,
        )
    )
    turn.context = turn.context.with_(question=found.query.plain[:_MOST_QUESTION], topic=asked or turn.context.topic)
    if general is not None and asked_there:
        turn.context = turn.context.with_(subject=general.id)


def _holds_everywhere(turn: Turn, *, how_far: bool, national: Passage | None) -> Passage | None:
    """What is said before the region is asked for."""
    if how_far:
        return passage_of(turn.knowledge, STATUS)
    if national is None and hears_nothing(turn.heard.plain):
        return passage_of(turn.knowledge, SILENT)
    whole = turn.heard.aspects & _WHOLE and "izin" in turn.heard.keys
    return national or (passage_of(turn.knowledge, EVERYWHERE) if whole else None)


def _is_national(one: Candidate) -> bool:
    """Whether a candidate surely answers for the whole country (what is of SIINas or LAPOR! answers for that alone)."""
    passage = one.passage
    general = passage.office is None and passage.system in ("oss", "office")
    return general and passage.kind == "entry" and one.score >= finding.SURE


def goes_on(turn: Turn) -> bool:
    """ "Terus?", "habis itu apa": the step after the one that was said, or the first of what follows."""
    subject = (turn.context.subject or "").partition("|")[0]
    if not subject or not _GOES_ON.fullmatch(turn.heard.plain):
        return False
    after = _after(turn.knowledge, subject)
    if after is None:
        return False
    turn.say(*saying.say(turn.knowledge, after, turn.heard))
    _remember(turn, after, "")
    return True


def _after(knowledge: Knowledge, subject: str) -> Passage | None:
    """The passage that follows: of a step, or of an entry that rests on steps, the next step; else its first `next`."""
    entry = knowledge.questions.get(subject)
    steps = [one for one in (entry.facts if entry else [subject]) if "/step/" in one]
    if steps:
        stem, _, number = steps[-1].rpartition("/")
        if following := passage_of(knowledge, f"{stem}/{int(number) + 1}"):
            return following
    card = knowledge.troubles.get(subject)
    later = entry.next if entry else card.next if card else []
    return next((found for one in later if (found := passage_of(knowledge, one))), None)


def _say_several(turn: Turn, several: Sequence[Half]) -> None:
    """Two or three short answers, numbered; of a question without one, that it has none."""
    parts: list[str] = []
    refs: list[SourceRef] = []
    taps: list[Button] = []
    whole = all(one.sure for one in several)
    for number, half in enumerate(several, start=1):
        found, best = half.finding, half.finding.best
        if not half.sure or best is None:
            parts.append(f"{number}. {wording.HALF_NOT_HELD.format(asked=half.asked)}")
            taps += [saying.offer(turn.knowledge, best.passage)] if best else []
            continue
        text, sources = saying.told(turn.knowledge, best.passage, found.heard)
        parts.append(f"{number}. {text}")
        refs += [one for one in sources if one not in refs]
        taps += saying.say(turn.knowledge, best.passage, found.heard)[-1].buttons[: 2 if whole else 1]
    once = {one.title: one for one in taps}
    more = () if whole else (TO_PERSON,)
    turn.say(Reply("\n\n".join([*parts, source_line(refs)]), (*tuple(once.values())[:3], *more), tuple(refs)))
    first = next(one.finding.best for one in several if one.sure)
    if first is not None:
        _remember(turn, first.passage, turn.heard.plain)


def _tried(turn: Turn, passage: Passage) -> tuple[str, ...]:
    """What was tried, also said before while the same trouble was talked about."""
    subject, _, before = (turn.context.subject or "").partition("|")
    earlier = before.split(",") if subject == passage.id and before else []
    return tuple(dict.fromkeys([*(one for one in earlier if one), *turn.heard.tried]))


def _remember(turn: Turn, passage: Passage, plain: str) -> None:
    """The subject, the question and the place of this turn, for the next."""
    heard, knowledge = turn.heard, turn.knowledge
    tried = ",".join(_tried(turn, passage))
    context = turn.context.with_(subject=f"{passage.id}|{tried}" if tried else passage.id)
    context = context.with_(question=plain[:_MOST_QUESTION] if plain else context.question)
    named = {*heard.services, *(turn.found.scope.services if turn.found else ())}
    if passage.service in knowledge.services and passage.service in named:
        context = context.with_(service=passage.service, flow=passage.way or context.flow, kind=None)
    if len(heard.offices) == 1:
        context = context.with_(office=heard.offices[0], region=None)
        if context.service and finding.home(knowledge, context.service) not in (context.office, None):
            context = context.with_(service=None)
    elif heard.regions and not heard.offices:
        context = context.with_(office=None, region=heard.regions[0].title, service=None)
    turn.context = context.with_(topic=passage.topic or "ask_entry")
    turn.passage = passage.id


def _different(knowledge: Knowledge, shown: Sequence[Passage]) -> list[Passage]:
    """Passages whose buttons say different things."""
    titles: dict[str, Passage] = {}
    for one in shown:
        titles.setdefault(saying.offer(knowledge, one).title, one)
    return list(titles.values())
