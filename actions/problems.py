"""Trouble: accounts, status, complaints, a person, questions outside Pandu's field."""

from __future__ import annotations

from actions import applications, wording
from actions.complaints import SILENT
from actions.elsewhere import outside, pointed
from actions.turn import Turn
from bot.answers import clarify, saying
from bot.answers.contacts import contact_items, office_complaints, whom_to_ask
from bot.answers.explain import find_topic, topic_answer
from bot.answers.facts import bubbles, part
from bot.answers.indexes import passage_of
from bot.answers.payloads import TO_MENU, TO_PERSON, button, parse
from bot.answers.text import Item, Page, fact_items, lines, pages, source_line
from bot.answers.wording import CHOICE_TITLES, MORE
from bot.applications.wording import NO_APPLICATION
from bot.guides.tell import place
from bot.guides.walk import walk_of
from bot.handoff.models import Kind
from bot.hearing.signs import hears_nothing
from bot.knowledge.models import Contact, Office, Topic
from bot.messages import Reply, SourceRef

HELP_CENTRE = "bantuan-oss"
_GROUP = "account"
_LISTED = 8
_OF_STATUS = ("perbaikan-penolakan", "fiktif-positif")


async def account_problem(turn: Turn) -> None:
    """What is known about the trouble, the help centre, and a person. Never asks for a secret."""
    asked = turn.asked()
    subject = _trouble(turn)
    if subject is None:
        turn.say(_which_trouble(turn))
        return
    opening = wording.ACCOUNT_OPENING.get(turn.intent, subject.title) if turn.text else subject.title
    items = [*fact_items(subject.facts), Item(wording.ACCOUNT_NO_SECRETS)]
    found = pages(turn.knowledge, opening, items, gap="\n\n")
    if not found[-1].sources:  # the advice alone on a page needs no heading
        found[-1] = Page(wording.ACCOUNT_NO_SECRETS)
    shown, following = part(found, asked.page)
    buttons = [button(MORE, turn.intent, topic=subject.id, page=following)] if following else []
    turn.offered = buttons[0].payload if buttons else None
    centre = turn.knowledge.topics.get(HELP_CENTRE)
    if centre and subject.id != HELP_CENTRE:
        buttons.append(button(centre.title, "account_problem", topic=centre.id))
    turn.say(*bubbles(shown, (*buttons, TO_PERSON, TO_MENU)))


async def track_status(turn: Turn) -> None:
    """From the office's register; where that is empty, honestly so: where to look, and whom to ask."""
    if await applications.answered(turn):
        return
    asked = turn.asked()
    subject = find_topic(turn.knowledge, asked) if asked.text else None
    if subject and subject.id in _OF_STATUS:
        turn.say(*topic_answer(turn.knowledge, subject, asked, "ask_risk_or_kbli"))
    used = await applications.register_is_used(turn)
    number = wording.TRACK_NO_NUMBER if not used and turn.entities.keys() & {"application_number", "nib", "nik"} else ""
    text = lines(NO_APPLICATION if used else wording.TRACK_STATUS, number)
    office = turn.case_office()
    if isinstance(office, Office):
        whom, sources = whom_to_ask(turn.knowledge, office)
        page = pages(turn.knowledge, text, [Item(whom, sources)], gap="\n\n", limit=900)[0]
        turn.say(Reply(page.text, (TO_PERSON, TO_MENU), page.sources))
        return
    regions = clarify.ask_region(turn.knowledge, "ask_contact", asked).buttons
    general = passage_of(turn.knowledge, SILENT) if _silent(turn) and not used else None
    refs: tuple[SourceRef, ...] = ()
    if general:
        said, refs = saying.told(turn.knowledge, general, turn.heard)
        text = lines(said, number)
        turn.context = turn.context.with_(subject=general.id)
    asking = "" if general and general.asks_region else f"\n\n{wording.TRACK_ASK}"
    line = f"\n\n{source_line(refs)}" if refs else ""
    turn.say(Reply(f"{text}{asking}{line}", (*regions[:8], TO_PERSON), refs))


def _silent(turn: Turn) -> bool:
    """Whether somebody waits and hears nothing, of an office or of OSS."""
    return hears_nothing(turn.heard.plain) and turn.heard.system in ("", "oss", "office")


def complaint_channels(turn: Turn, office: Office | None) -> list[Reply]:
    """The office's complaint channels as printed, and LAPOR!; without an office: which region."""
    if office is None:
        regions = [
            one for one in turn.knowledge.offices.values() if one.region or office_complaints(turn.knowledge, one)
        ]
        taps = [button(one.label, "complaint_answer", question="channels", answer=one.id) for one in regions[:8]]
        return [Reply(wording.COMPLAINT_REGION, (*taps, TO_PERSON))]
    channels = office_complaints(turn.knowledge, office)
    items = contact_items(channels)
    if not any(one.kind == "lapor" for one in channels):
        items += _lapor(turn)
    head = (wording.COMPLAINT_WHERE if channels else wording.COMPLAINT_NONE).format(office=office.name)
    write = button("Buat laporan", "complaint_answer", question="start")
    return list(bubbles(pages(turn.knowledge, head, items), (write, TO_PERSON, TO_MENU)))


async def handoff(turn: Turn) -> None:
    """Hands the conversation to a person and says what happens next."""
    kind = _kind(turn)
    reason = " ".join(part for part in (_reason(turn, kind), await applications.about(turn)) if part)
    turn.say(await turn.ask_person(wording.HANDOFF, reason, kind))


async def out_of_scope(turn: Turn) -> None:
    """Kind, and says whom to turn to; another wording when it happens again."""
    if pointed(turn):
        return
    turn.failures = turn.failed_before + 1
    step = min(turn.failures, len(wording.OUT_OF_SCOPE)) - 1
    text = wording.OUT_OF_SCOPE[step]
    if any(one.startswith(text) for one in turn.said_before):
        text = wording.OUT_OF_SCOPE[step - 1]
    outside(turn, text)


def _trouble(turn: Turn) -> Topic | None:
    """The subject that was named, that the intent is about, or that the typed words name."""
    topics = turn.knowledge.topics
    asked = turn.asked()
    for name in (asked.topic, turn.intent.replace("_", "-")):
        if name in topics:
            return topics[name]
    found = find_topic(turn.knowledge, asked) if asked.text else None
    return found if found and found.group == _GROUP else None


def _which_trouble(turn: Turn) -> Reply:
    """All troubles something is known about, a page at a time."""
    troubles = [one for one in turn.knowledge.topics.values() if one.group == _GROUP]
    page = turn.asked().page
    shown = troubles[(page - 1) * _LISTED : page * _LISTED]
    buttons = [button(one.title, "account_problem", topic=one.id) for one in shown]
    if page * _LISTED < len(troubles):
        buttons.append(button("Kendala lain", "account_problem", page=page + 1))
    elif HELP_CENTRE in turn.knowledge.topics:
        buttons.append(button(turn.knowledge.topics[HELP_CENTRE].title, "account_problem", topic=HELP_CENTRE))
    text = lines(wording.ACCOUNT_WHICH, wording.ACCOUNT_NO_SECRETS)
    return Reply(text, (*buttons, TO_PERSON))


def _lapor(turn: Turn) -> list[Item]:
    """LAPOR! as the service documents print it, once."""
    for service in turn.knowledge.services.values():
        contacts: list[Contact] = service.complaints if isinstance(service.complaints, list) else []
        for one in contacts:
            if one.kind == "lapor":
                return [Item(wording.COMPLAINT_LAPOR), *contact_items([one])]
    return []


def _kind(turn: Turn) -> Kind:
    """What led to the request: the button says it (`person_button`), also when words are typed instead."""
    offered = turn.was_offered or ""
    led = turn.entities.get("question", "")
    if turn.text and offered.startswith("/talk_to_human"):
        led = led or parse(offered)[1].get("question", "")
    if led == "survey":
        return "survey"
    complains = "complaint" in (led, turn.context.topic, *turn.parts)
    return "complaint" if complains else "requested"


def _reason(turn: Turn, kind: Kind) -> str:
    """For the officer: where the person is. No words of the person are repeated."""
    title = _talked_about(turn)
    if kind == "survey":
        return wording.REASON_NOT_HELPED.format(topic=title) if title else wording.REASON_NOT_HELPED_AT_ALL
    if kind == "complaint":
        return wording.REASON_COMPLAINT
    walk = walk_of(turn.knowledge, turn.guide) if turn.guide else None
    if walk and turn.guide:
        return wording.REASON_GUIDE.format(title=walk.procedure.title, place=place(walk, turn.guide))
    if not title:
        return wording.REASON_ASKED
    service = turn.knowledge.services.get(turn.context.service or "")
    office = turn.knowledge.offices.get(turn.context.office or "")
    about = service.title if service else office.label if office else ""
    return wording.REASON_TOPIC.format(topic=f"{title} ({about})" if about else title)


def _talked_about(turn: Turn) -> str:
    """The title of what was asked, or of the entry that answered it; "" where neither is known."""
    if title := CHOICE_TITLES.get(turn.context.topic or ""):
        return title
    subject = passage_of(turn.knowledge, (turn.context.subject or "").partition("|")[0])
    return subject.title if subject else ""
