"""From a passage to a bubble: the answer first, then its source, then what belongs to it as buttons."""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence
from dataclasses import replace

from bot.answers import facts as whole_lists
from bot.answers import wording
from bot.answers.contacts import whom_to_ask
from bot.answers.context import Asked
from bot.answers.explain import term_answer, topic_answer
from bot.answers.passages import Passage, statements_of
from bot.answers.payloads import TO_PERSON, beside, button
from bot.answers.supporting import supporting
from bot.answers.text import SECONDARY, references, source_line
from bot.hearing import Heard
from bot.knowledge.check_questions import sources_of
from bot.knowledge.models import Knowledge, NotStated, Procedure, Service, Step
from bot.knowledge.question_models import TroubleCard, TroubleStep
from bot.knowledge.statements import Statement
from bot.messages import Button, Reply, SourceRef

MOST = 700
"""Characters of a bubble with its source line."""
ENTRY = "ask_entry"
ALL_TRIED, TEXT = "tried", "text"
"""Options of a card's buttons: everything was tried; the text to send, by itself."""
HELP_DESK, UNANSWERED = "asked-oss", "oss-belum-menjawab"
"""A tried way and the card for who asked OSS's help desk already and hears nothing."""
HELP_DESK_ADDRESS = "akun-wa-oss"
"""The statement that says how OSS's help desk is reached."""
ADDRESS = re.compile(r"0811-6774-642|kontak@oss\.go\.id")
_MARK = "(sumber sekunder, periksa lagi)"
MARKS = re.compile(r" \((?:sumber )?sekunder(?:, periksa lagi)?\)|; (?:sumber )?sekunder(?:, periksa lagi)?\)")
_MENU_BUTTONS = 2
_STEPS_AT_ONCE = 2
_TECHNICAL = ("oss", "siinas")
_ANYWHERE = frozenset({"other-device", "other-browser", "cache", "reinstall", "other-network", "other-time"})
"""Tried ways that are heard of in any trouble of a system, also where no step names them."""
_ASKED_INSIDE = (
    (
        re.compile(
            r"\b(?:bayar|biaya\w*|tarif\w*|ongkos\w*) (?:berapa|tidak)\b|\b(?:kena|ada|perlu|pakai) biaya\b|"
            r"\bberapa (?:bayar|biaya|tarif|ongkos)\w*|\bgratis (?:tidak|apa|atau)\b|\b(?:harus|mesti) bayar\b"
        ),
        re.compile(r"\b(?:biaya|gratis|bayar|tagihan)\w*|Rp", re.IGNORECASE),
        "biayanya",
    ),
    (
        re.compile(
            r"\bberapa (?:lama|menit|jam|hari|minggu|bulan)\b|\blama(?:nya)? (?:berapa|tidak)\b|\bsampai kapan\b|"
            r"\bkapan (?:selesai|jadi|beres|kelar|dibuka|dibalas|pulih|normal|bisa)\w*"
        ),
        re.compile(
            r"\d (?:\w+ )?(?:menit|jam|hari|minggu|bulan)\b|\b(?:lama(?:nya|\s+\w+nya)|berapa lama|masa|umur)\b",
            re.IGNORECASE,
        ),
        "lamanya",
    ),
)
"""What is asked beside a trouble: the words for it, the words of a text that speaks of it, its name."""
_PART = 260  # characters of one side of a comparison


def say(
    knowledge: Knowledge, passage: Passage, heard: Heard, *, tried: Sequence[str] = (), option: str = ""
) -> tuple[Reply, ...]:
    """The reply of one passage to what was heard. `tried`: ways that are known to be tried, also from before."""
    match passage.kind:
        case "entry":
            return (_entry(knowledge, passage),)
        case "card":
            replies = _card(knowledge, knowledge.troubles[passage.id], tried, option)
            return replies if option else (_also_asked(replies[0], heard), *replies[1:])
        case "list":
            return _list(knowledge, passage, heard)
        case "term":
            return (term_answer(knowledge, knowledge.terms[passage.id.removeprefix("term/")], Asked()),)
        case "topic":
            topic = knowledge.topics[passage.id.removeprefix("topic/")]
            return topic_answer(knowledge, topic, Asked(), "ask_risk_or_kbli")
        case _:
            return (_fact(knowledge, passage, heard),)


def told(
    knowledge: Knowledge, passage: Passage, heard: Heard, *, short: bool = False
) -> tuple[str, tuple[SourceRef, ...]]:
    """The words of a passage without its source line, and the sources: a part of a reply to several questions.

    `short`: a list without its heading, cut at a line.
    """
    reply = say(knowledge, passage, heard, tried=heard.tried)[0]
    text = reply.text.removesuffix(source_line(reply.sources)).rstrip()
    if short and passage.kind == "list":
        text = text.partition("\n\n")[2] or text
        if len(text) > _PART:
            text = text[:_PART].rpartition("\n")[0] + "\n…"
    return text, reply.sources


def title_of(knowledge: Knowledge, passage: Passage) -> str:
    """What a button that leads to the passage says."""
    if passage.kind == "list":
        service = knowledge.services[passage.service or ""]
        return f"{wording.TOPIC_TITLES[passage.topic]} {service.label}"
    if passage.kind == "fact" and passage.step:
        return f"Langkah {passage.step}"
    return passage.title


def offer(knowledge: Knowledge, passage: Passage) -> Button:
    """A button that leads to a passage."""
    return button(title_of(knowledge, passage), ENTRY, topic=passage.id)


def statement(knowledge: Knowledge, identity: str) -> Statement:
    """One statement of the knowledge. Raises KeyError for an id that is none."""
    return statements_of(knowledge)[identity]


def with_source(knowledge: Knowledge, text: str, facts: Iterable[str]) -> tuple[str, tuple[SourceRef, ...]]:
    """`text` with the line that names where its facts stand.

    Where it sends somebody to OSS's help desk, how that is reached stands there once; so does that a part is
    second-hand.
    """
    text, facts = _reached(knowledge, text, list(facts))
    text = _marked_once(text)
    refs = references(knowledge, sources_of(facts, statements_of(knowledge)))
    line = source_line(refs)
    return (f"{text}\n\n{line}" if line else text), refs


def _reached(knowledge: Knowledge, text: str, facts: list[str]) -> tuple[str, list[str]]:
    """`text` with the address of OSS's help desk, before the question at its end, where it is named without one."""
    known = statements_of(knowledge).get(HELP_DESK_ADDRESS)
    if known is None or "Bantuan OSS" not in text or ADDRESS.search(text):
        return text, facts
    address = f"{known.text.rstrip('.')} {_MARK}." if known.second else known.text
    cut = question_at_the_end(text)
    return f"{text[:cut]} {address}{text[cut:]}", [*facts, HELP_DESK_ADDRESS]


def question_at_the_end(text: str) -> int:
    """Where the last sentence begins, if it asks; else where the text ends."""
    if not text.endswith("?"):
        return len(text)
    before = max(text.rfind(sign, 0, len(text) - 1) for sign in ".?!")
    blank = text.find(" ", before + 1)
    return blank if blank >= 0 else len(text)


def _marked_once(text: str) -> str:
    """ "(sumber sekunder, periksa lagi)" in several sentences becomes one remark at the end of the text."""
    if len(MARKS.findall(text)) < 2:
        return text
    bare = MARKS.sub(lambda one: ")" if one[0].startswith(";") else "", text)
    return f"{bare} {wording.PARTLY_SECONDARY}"


def _entry(knowledge: Knowledge, passage: Passage) -> Reply:
    entry = knowledge.questions[passage.id]
    text, refs = with_source(knowledge, entry.answer, entry.facts)
    return Reply(text, following(knowledge, entry.next), refs)


def following(knowledge: Knowledge, ids: Sequence[str]) -> tuple[Button, ...]:
    """Buttons of the next questions: entries, cards and guides."""
    return tuple(one for identity in ids[:_MENU_BUTTONS] if (one := _next(knowledge, identity)))


def _next(knowledge: Knowledge, identity: str) -> Button | None:
    if identity in knowledge.questions:
        return button(knowledge.questions[identity].short, ENTRY, topic=identity)
    if identity in knowledge.troubles:
        return button(knowledge.troubles[identity].title, ENTRY, topic=identity)
    kind, _, rest = identity.partition("/")
    service, _, way = rest.partition("/")
    if kind != "guide" or service not in knowledge.services:
        return None
    several = len(knowledge.services[service].procedures) > 1
    title = (
        wording.START_GUIDE
        if not way
        else next((one.label for one in knowledge.services[service].procedures if one.id == way), wording.START_GUIDE)
    )
    return button(title, "guide_start", service=service, flow=way if several and way else None)


def _card(knowledge: Knowledge, card: TroubleCard, tried: Sequence[str], option: str) -> tuple[Reply, ...]:
    """What to do first; what is left when something was tried; the hand-over when everything was."""
    person = TO_PERSON
    if option == TEXT and card.message:
        return (Reply(card.message, (person,)),)
    left = _untried(card, tried)
    names = [knowledge.tried[one].name for one in tried if one in knowledge.tried and _belongs(card, one)]
    over = option == ALL_TRIED or (bool(names) and not any(step.tried for step in left))
    if (
        over
        and HELP_DESK in tried
        and card.system == "oss"
        and card.id != UNANSWERED
        and UNANSWERED in knowledge.troubles
    ):
        return _card(knowledge, knowledge.troubles[UNANSWERED], (), "")
    facts = list(card.facts)
    if over:
        body = card.last
    elif names:
        body, facts = _go_on(card.title, names, left), [fact for step in left[:_STEPS_AT_ONCE] for fact in step.facts]
    else:
        elsewhere = [knowledge.tried[one].name for one in tried if one in _ANYWHERE and one in knowledge.tried]
        body = f"{_sentence(_done(elsewhere))}. {card.first}" if elsewhere and card.system in _TECHNICAL else card.first
    text, refs = with_source(knowledge, body, supporting(knowledge, body, facts))
    if over and card.message and len(text) + len(card.message) < MOST + 150:
        line = source_line(refs)
        text = f"{text.removesuffix(line).rstrip()}\n\n{wording.TEXT_TO_SEND}\n{card.message}\n\n{line}"
    buttons: list[Button] = []
    if not over and not card.general and any(step.tried for step in card.steps):
        buttons.append(button(wording.ALL_TRIED, ENTRY, topic=card.id, option=ALL_TRIED))
    if card.message and card.message not in text:
        buttons.append(button(wording.TEXT_READY, ENTRY, topic=card.id, option=TEXT))
    buttons += following(knowledge, card.next)
    return (Reply(text, beside((*([person] if over or card.person else []), *buttons)), refs),)


def _also_asked(reply: Reply, heard: Heard) -> Reply:
    """What was asked inside a trouble (how long, how much) is named where the card is silent about it."""
    line = source_line(reply.sources)
    body = reply.text.removesuffix(line).rstrip()
    silent = [name for asks, held, name in _ASKED_INSIDE if asks.search(heard.plain) and not held.search(body)]
    if not silent:
        return reply
    cut = question_at_the_end(body)
    said = wording.NOT_SAID_HOW.format(what=_sentence(" dan ".join(silent)))
    return replace(reply, text="\n\n".join(part for part in (f"{body[:cut]} {said}{body[cut:]}", line) if part))


def _untried(card: TroubleCard, tried: Sequence[str]) -> list[TroubleStep]:
    return [step for step in card.steps if not (step.tried and set(step.tried) & set(tried))]


def _belongs(card: TroubleCard, way: str) -> bool:
    return any(way in step.tried for step in card.steps)


def _go_on(title: str, names: Sequence[str], left: Sequence[TroubleStep]) -> str:
    steps = [step.text.rstrip(".") for step in left[:_STEPS_AT_ONCE]]
    return f"{title}: {_done(names)}, jadi lanjut ke yang ini. {'. '.join(steps)}."


def _sentence(text: str) -> str:
    return f"{text[:1].upper()}{text[1:]}"


def _done(names: Sequence[str]) -> str:
    """That these were tried."""
    listed = names[0] if len(names) == 1 else f"{', '.join(names[:-1])} dan {names[-1]}"
    return f"{listed} sudah Anda coba"


def _list(knowledge: Knowledge, passage: Passage, heard: Heard) -> tuple[Reply, ...]:
    """The whole component of a standard, for who asked for the whole."""
    service = knowledge.services[passage.service or ""]
    if passage.topic == "ask_contact":
        return whole_lists.tell_contacts(knowledge, knowledge.offices[service.office], Asked())
    ways = [one for one in service.procedures if one.id in heard.ways] or service.procedures
    procedure: Procedure | None = ways[0] if passage.topic == "ask_procedure" and len(ways) == 1 else None
    asked = Asked(step=heard.steps[0] if heard.steps else None)
    if passage.topic == "ask_procedure" and len(ways) > 1:
        return (_which_way(service),)
    return whole_lists.tell(knowledge, passage.topic, service, procedure, asked)


def _which_way(service: Service) -> Reply:
    options = [f"• {one.label}: {one.summary}" for one in service.procedures if one.summary]
    choices = [button(one.label, "ask_procedure", service=service.id, flow=one.id) for one in service.procedures]
    head = wording.ASK_FLOW[0].format(service=service.label)
    return Reply("\n".join([head, "", *options]), tuple(choices))


def _fact(knowledge: Knowledge, passage: Passage, heard: Heard) -> Reply:
    """One statement; of a step what was asked about it stands first."""
    statement = statements_of(knowledge)[passage.id]
    text = _stated(knowledge, statement)
    buttons: list[Button] = []
    if statement.step is not None and statement.service and statement.way:
        service = knowledge.services[statement.service]
        way = next(one for one in service.procedures if one.id == statement.way)
        text = _step(way, statement.step, heard.aspects)
        if statement.sources[0].mark == "2nd":
            text = SECONDARY + text
        after = f"{service.id}/step/{way.id}/{statement.step + 1}"
        if after in statements_of(knowledge):
            buttons.append(button(wording.AFTER_THAT, ENTRY, topic=after))
        flow = way.id if len(service.procedures) > 1 else None
        buttons.append(button(wording.START_GUIDE, "guide_start", service=service.id, flow=flow))
    elif statement.service:
        buttons.append(button(wording.MORE_INFO, "inform", service=statement.service, detail="menu"))
    refs = references(knowledge, statement.sources)
    return Reply(f"{text}\n\n{source_line(refs)}", tuple(buttons), refs)


def _stated(knowledge: Knowledge, statement: Statement) -> str:
    if statement.stated:
        return f"{SECONDARY}{statement.text}" if statement.second else statement.text
    service = knowledge.services.get(statement.service or "")
    whom = ""
    if service:
        asked, _ = whom_to_ask(knowledge, knowledge.offices[service.office])
        whom = f"\n\n{asked}"
    remark = "" if statement.text == wording.NOT_STATED_HERE else f" {statement.text}"
    return f"{wording.NOT_STATED}{remark}{whom}"


def _step(way: Procedure, number: int, aspects: frozenset[str]) -> str:
    """A step: who, how long or what comes out first where that was asked; else what happens."""
    step = next(one for one in way.steps if one.number == number)
    sentence = step.text if step.text.endswith((".", "!", "?")) else f"{step.text}."
    lead: list[str] = []
    if "who" in aspects:
        lead.append(wording.YOU_DO_IT if step.actor == "applicant" else f"{step.actor_label}.")
    if "duration" in aspects or "how-many" in aspects:
        lead.append(f"{step.time.text}." if step.time and not isinstance(step.time, NotStated) else "")
    rest = [sentence, *(one.text for one in step.details)]
    if "who" not in aspects and step.actor != "applicant" and not _named(step):
        rest.append(f"Dikerjakan oleh: {step.actor_label}.")
    if step.needs and ("requirement" in aspects or not lead):
        rest.append(f"Kelengkapan: {', '.join(step.needs)}.")
    if step.time and not lead:
        rest.append(f"Waktu: {step.time.text}.")
    if step.output and ("product" in aspects or not lead):
        rest.append(f"Hasil: {', '.join(step.output)}.")
    if step.remark:
        rest.append(step.remark)
    return " ".join(part for part in [*lead, *rest, f"(Langkah {number} dari {len(way.steps)}.)"] if part)


def _named(step: Step) -> bool:
    return step.actor_label.split()[0].lower() in step.text.lower()
