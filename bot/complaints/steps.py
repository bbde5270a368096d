"""The questions of a report: how each is asked, which buttons it has, and what a typed answer means."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from datetime import date

from bot.answers.payloads import button
from bot.answers.text import fact_text, references, source_line
from bot.complaints import wording
from bot.complaints.dates import read_date
from bot.complaints.facts import NONE, PREVIEW, QUESTIONS, Facts
from bot.complaints.language import plain
from bot.complaints.routing import advise, route_of
from bot.dates import say_date
from bot.knowledge.models import Knowledge, Source
from bot.messages import Button, Reply

FREE_TEXT = frozenset({"story", "office", "service", "when", "place", "hope", "name", "contact", "title", "number"})
"""Steps at which anything typed is the answer."""

_LIMITS = {"office": 120, "service": 120, "when": 120, "place": 160, "hope": 500, "name": 80, "contact": 120}
_LIMITS |= {"title": 100, "number": 60}
_YES = frozenset({"ya", "iya", "y", "ada", "yes", "betul", "benar", "boleh", "ok", "oke", "nggih", "iyo"})
NO = frozenset({"tidak", "tidak ada", "tidak usah", "tidak perlu", "bukan", "jangan", "mboten", "indak", "ora"})
_MAY_SKIP = {"place", "hope", "contact", "service", "title", "number"}


@dataclass(frozen=True, slots=True)
class Asking:
    """What a question needs to know besides the facts."""

    knowledge: Knowledge
    today: date
    complaint: int
    profile_name: str = ""


class NotUnderstood(Exception):
    """The typed answer is none; the message says why, in Indonesian."""


def answer_button(asking: Asking, title: str, question: str, answer: str = "", page: int | None = None) -> Button:
    return button(title, "complaint_answer", question=question, answer=answer, detail=asking.complaint, page=page)


def first_open(asking: Asking, facts: Facts, find_checks: tuple[str, ...]) -> str:
    """The next question that has no answer yet; `preview` when all have."""
    for question in (*QUESTIONS, *find_checks):
        if question not in facts.answers and _applies(asking, facts, question):
            return question
    return PREVIEW


def ask(asking: Asking, facts: Facts, question: str, note: str = "") -> Reply:
    """The question with its buttons; `note` stands before it."""
    text, buttons, sources = _ask(asking, facts, question)
    standard = (
        answer_button(asking, wording.LATER, "pause"),
        answer_button(asking, wording.CANCEL, "cancel"),
    )
    refs = references(asking.knowledge, sources)
    return Reply(f"{note}\n\n{text}" if note else text, (*buttons[:8], *standard), refs)


def read(asking: Asking, facts: Facts, question: str, text: str) -> dict[str, str]:
    """The answers that a typed `text` gives to `question`. Raises NotUnderstood."""
    text = " ".join(text.split())
    if len(text) > _LIMITS.get(question, 10_000):
        raise NotUnderstood(wording.TOO_LONG.format(limit=_LIMITS[question]))
    if question in _MAY_SKIP and plain(text) in NO | {"lewati", "skip", "-"}:
        return {question: NONE}
    match question:
        case "when":
            return _read_when(asking, text)
        case "office" | "service" if read_date(text, asking.today)[1]:
            raise NotUnderstood(wording.CHOOSE)
        case "office":
            return _read_office(asking, text)
        case "service":
            return _read_service(asking, facts, text)
        case "place" | "hope" | "name" | "contact" | "title" | "number":
            return {question: text}
        case "proof":
            return {question: _yes_or_no(text)}
    raise NotUnderstood(wording.CHOOSE)


def choose(asking: Asking, facts: Facts, question: str, answer: str) -> dict[str, str]:
    """The answers that a tapped button gives. Raises NotUnderstood for what no button of ours says."""
    rules, knowledge = asking.knowledge.complaints, asking.knowledge
    if answer == NONE and question in _MAY_SKIP:
        return {question: NONE, **({"service_id": ""} if question == "service" else {})}
    allowed = {
        "kind": [one.id for one in rules.kinds],
        "visibility": [one.id for one in rules.visibility],
        "recipient": [one.id for one in advise(knowledge, facts).bodies],
        "proof": ["ya", "tidak"],
        "late": ["ya", "tidak"],
        "insults": ["hapus", "biarkan"],
        "personal": ["samarkan", "biarkan"],
    }
    if question == "office" and answer in knowledge.offices:
        office = knowledge.offices[answer]
        return {"office": office.name, "office_id": office.id}
    if question == "service" and answer in knowledge.services:
        service = knowledge.services[answer]
        return {"service": service.title, "service_id": service.id}
    if question == "when":
        return _read_when(asking, answer)
    if question in ("place", "name", "contact") and answer in ("kantor", "daring", "profil", "chat"):
        named = {"kantor": facts.office_name or "Kantor yang melayani", "daring": "Layanan daring (online)"}
        named |= {"profil": asking.profile_name, "chat": "lewat percakapan ini"}
        return {question: named[answer] or NONE}
    if answer in allowed.get(question, []):
        return {question: answer}
    raise NotUnderstood(wording.CHOOSE)


def _applies(asking: Asking, facts: Facts, question: str) -> bool:
    match question:
        case "proof":
            return route_of(asking.knowledge.complaints, facts.told).question == "proof"
        case "which":
            return bool(facts.get("candidates"))
        case "name":
            return not facts.anonymous
        case "service":
            return bool(facts.office_name)
    return True


def named_in(knowledge: Knowledge, text: str, office: str = "") -> dict[str, str]:
    """Office and service that a story names, as answers; nothing where it names several. `office`: known before."""
    words = f" {plain(text)} "
    offices = [one for one in knowledge.offices.values() if one.region and _names(words, one.label, *one.aliases)]
    offices = offices or [one for one in knowledge.offices.values() if one.id == office]
    if len(offices) != 1:
        return {}
    found = {"office": offices[0].name, "office_id": offices[0].id}
    services = [one for one in knowledge.services.values() if one.office == offices[0].id]
    named = [one for one in services if _names(words, one.title, one.label, *one.aliases)]
    return {**found, "service": named[0].title, "service_id": named[0].id} if len(named) == 1 else found


def _names(words: str, *names: str) -> bool:
    return any(len(name) > 3 and f" {plain(name)} " in words for name in names)


def _ask(asking: Asking, facts: Facts, question: str) -> tuple[str, tuple[Button, ...], tuple[Source, ...]]:
    simple = {
        "when": (wording.WHEN, _dates),
        "hope": (wording.HOPE, _skip("hope", wording.SKIP)),
        "title": (wording.TITLE, _skip("title", "Judul otomatis")),
        "number": (wording.NUMBER, _skip("number", wording.SKIP)),
        "which": (_which_text(asking, facts), _which),
    }
    if question in simple:
        text, buttons = simple[question]
        return text, buttons(asking, facts), ()
    other = {"visibility": _ask_visibility, "recipient": _ask_recipient}
    if question in other:
        return other[question](asking, facts)
    return _ask_more(asking, facts, question)


def candidates(facts: Facts) -> dict[str, str]:
    """The applications that may be meant: number -> service (id)."""
    pairs = (one.partition("|") for one in facts.get("candidates").split(",") if one)
    return {number: service for number, _, service in pairs}


def _which_text(asking: Asking, facts: Facts) -> str:
    services = asking.knowledge.services
    named = [(number, services.get(service)) for number, service in candidates(facts).items()]
    return wording.WHICH.format(listed="\n".join(f"• {number}: {one.title if one else '-'}" for number, one in named))


def _which(asking: Asking, facts: Facts) -> tuple[Button, ...]:
    taps = tuple(answer_button(asking, number, "which", number) for number in candidates(facts))
    return (*taps, answer_button(asking, wording.WHICH_NONE, "which", NONE))


def _skip(question: str, title: str) -> Callable[[Asking, Facts], tuple[Button, ...]]:
    return lambda asking, facts: (answer_button(asking, title, question, NONE),)


def _ask_more(asking: Asking, facts: Facts, question: str) -> tuple[str, tuple[Button, ...], tuple[Source, ...]]:
    def tap(title: str, answer: str, of: str = question) -> Button:
        return answer_button(asking, title, of, answer)

    rules, knowledge = asking.knowledge.complaints, asking.knowledge
    skip = (tap(wording.SKIP, NONE),)
    match question:
        case "kind":
            return wording.KIND, tuple(tap(one.label, one.id) for one in rules.kinds), ()
        case "story":
            more = (tap(wording.DONE, "", "done"), tap(wording.UNDO, "", "undo")) if facts.story else ()
            return (wording.STORY_INFO if facts.get("kind") == "informasi" else wording.STORY), more, ()
        case "proof":
            return wording.PROOF, (tap("Ya, ada bukti", "ya"), tap("Tidak ada", "tidak")), ()
        case "office":
            offices = [one for one in knowledge.offices.values() if one.region]
            return wording.OFFICE, tuple(tap(one.label, one.id) for one in offices[:7]), ()
        case "service":
            return wording.SERVICE, (*_services(asking, facts), *skip), ()
        case "place":
            online = tap("Lewat internet", "daring")
            return wording.PLACE, (tap("Di kantornya", "kantor"), online, *skip), ()
        case "files":
            done = tap(wording.DONE, "", "done") if facts.files else tap(wording.SKIP, "", "done")
            return wording.FILES.format(limit=fact_text(rules.attachments)), (done,), (rules.attachments.source,)
        case "name":
            if not asking.profile_name:
                return wording.NAME, (), ()
            here = wording.NAME_HERE.format(name=asking.profile_name)
            return f"{wording.NAME} {here}", (tap(wording.USE_NAME_HERE, "profil"),), ()
        case "contact":
            return wording.CONTACT, (tap("Lewat chat ini", "chat"), *skip), ()
        case _:
            return _ask_check(asking, facts, question)


def _ask_visibility(asking: Asking, facts: Facts) -> tuple[str, tuple[Button, ...], tuple[Source, ...]]:
    rules = asking.knowledge.complaints
    route = route_of(rules, facts.told)
    advised = next((one.label for one in rules.visibility if one.id == route.advice), "")
    advice = wording.VISIBILITY_ADVICE.format(choice=advised) if advised else ""
    meanings = "\n".join(f"• {one.fact.text}" for one in rules.visibility)
    sources = tuple({one.fact.source.document: one.fact.source for one in rules.visibility}.values())
    source = source_line(references(asking.knowledge, sources))
    buttons = tuple(answer_button(asking, one.label, "visibility", one.id) for one in rules.visibility)
    return wording.VISIBILITY.format(meanings=meanings, advice=advice, source=source), buttons, sources


def _ask_recipient(asking: Asking, facts: Facts) -> tuple[str, tuple[Button, ...], tuple[Source, ...]]:
    advice = advise(asking.knowledge, facts)
    shown = advice.route.question is None or facts.get("proof") == "ya"
    cautions = [advice.route.caution] if advice.route.caution and shown else []
    caution = "".join(f"\n{one.text}" for one in cautions)
    facts_told = [advice.route.reason, advice.bodies[0].fact, *cautions]
    sources = tuple(one.source for one in facts_told)
    text = wording.RECIPIENT.format(
        title=advice.route.title, reason=fact_text(advice.route.reason) + caution, body=advice.bodies[0].name
    )
    others = "\n".join(f"• {body.label}: {fact_text(body.fact)}" for body in advice.bodies[1:3])
    line = source_line(references(asking.knowledge, sources))
    text = "\n\n".join(filter(None, (text, others, line)))
    return text, tuple(answer_button(asking, one.label, "recipient", one.id) for one in advice.bodies[:6]), sources


def _ask_check(asking: Asking, facts: Facts, check: str) -> tuple[str, tuple[Button, ...], tuple[Source, ...]]:
    from bot.complaints import checks
    from bot.complaints.draft import late_sentence

    def tap(title: str, answer: str) -> Button:
        return answer_button(asking, title, check, answer)

    if check == "late":
        sentence = late_sentence(asking.knowledge, facts, asking.today)
        return wording.LATE.format(sentence=sentence), (tap("Ya, tambahkan", "ya"), tap("Tidak usah", "tidak")), ()
    if check == "insults":
        words = ", ".join(checks.insults_in(facts.written))
        return wording.INSULTS.format(words=words), (tap("Ya, hapus", "hapus"), tap("Biarkan", "biarkan")), ()
    kinds = ", ".join(checks.personal_in(facts.written))
    text = wording.PERSONAL.format(kinds=kinds)
    return text, (tap("Ya, samarkan", "samarkan"), tap("Biarkan, itu data saya", "biarkan")), ()


def _services(asking: Asking, facts: Facts) -> tuple[Button, ...]:
    if not facts.office:
        return ()
    found = [one for one in asking.knowledge.services.values() if one.office == facts.office.id]
    return tuple(answer_button(asking, one.label, "service", one.id) for one in found[:7])


def _dates(asking: Asking, facts: Facts) -> tuple[Button, ...]:
    """A date that the story names, today, yesterday, or not remembered."""
    found, _ = read_date(plain(facts.told), asking.today)
    named = [found] if found else []
    titles = {asking.today: "Hari ini", date.fromordinal(asking.today.toordinal() - 1): "Kemarin"}
    days = dict.fromkeys([*named, *titles])
    taps = [answer_button(asking, titles.get(day, say_date(day)), "when", day.isoformat()) for day in days]
    return (*taps, answer_button(asking, "Tidak ingat pasti", "when", NONE))


def _read_when(asking: Asking, text: str) -> dict[str, str]:
    if text == NONE or plain(text) in {"tidak ingat", "lupa", "tidak ingat pasti", "tidak tahu"}:
        return {"when": "tidak ingat pasti", "when_date": "", "when_exact": "", "when_said": ""}
    day, exact = read_date(text, asking.today)
    if day is None:
        day, exact = read_date(plain(text), asking.today)
    if day is None:
        future, _ = read_date(text, date(asking.today.year + 5, 12, 31))
        later = future is not None and future > asking.today
        raise NotUnderstood(wording.WHEN_LATER if later else wording.WHEN_AGAIN)
    return {"when": text, "when_date": day.isoformat(), "when_exact": "1" if exact else "", "when_said": text}


def _read_office(asking: Asking, text: str) -> dict[str, str]:
    folded = plain(text)
    for office in asking.knowledge.offices.values():
        if office.region and folded in {plain(one) for one in (office.name, office.label, *office.aliases)}:
            return {"office": office.name, "office_id": office.id}
    return {"office": text, "office_id": ""}


def _read_service(asking: Asking, facts: Facts, text: str) -> dict[str, str]:
    folded = plain(text)
    for service in asking.knowledge.services.values():
        names = {plain(one) for one in (service.title, service.label, *service.aliases)}
        if folded in names and (not facts.office or service.office == facts.office.id):
            return {"service": service.title, "service_id": service.id}
    return {"service": text, "service_id": ""}


def _yes_or_no(text: str) -> str:
    words = plain(text)
    if words in _YES or words.startswith("ya "):
        return "ya"
    if words in NO or words.startswith("tidak"):
        return "tidak"
    raise NotUnderstood(wording.CHOOSE)
