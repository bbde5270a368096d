"""Reports: from typed words and tapped buttons to the complaint capability."""

from __future__ import annotations

import re
from dataclasses import replace

from actions import complaint_facts, complaint_words
from actions.complaint_taps import resume, tapped, which
from actions.turn import Turn
from bot.answers.clarify import MAX_BUTTONS
from bot.answers.indexes import passage_of
from bot.answers.payloads import BESIDE, TO_MENU, TO_PERSON, beside, button, person_button
from bot.answers.scope import NotHeld
from bot.applications.numbers import number_in
from bot.applications.wording import B_COMPLAINT
from bot.complaints import sending, service, steps, tracking, wording
from bot.complaints.desk import Reports, Ways, all_mine, drafting, mine, paused
from bot.complaints.emergency import emergency
from bot.complaints.facts import NONE, PREVIEW
from bot.complaints.language import plain
from bot.complaints.models import Complaint
from bot.complaints.routing import emergency_in, route_of
from bot.knowledge.models import Office
from bot.messages import Button, Reply

INTENT = "complaint_answer"

_UNSURE = frozenset({"nlu_fallback", "out_of_scope", "survey_feedback"})
_WISH = re.compile(
    r"\b(?:mau|ingin|pengen|pengin|akan|tak) (?:saya |aku )?(?:laporkan|laporin|adukan|aduin|mengadu)\b", re.I
)
_NEAR = frozenset({"track_status", "talk_to_human", "ask_contact", "ask_duration", "account_problem", "app_error"})
_GRAVE = frozenset({"bribe", "corruption", "conduct"})
_OFFERED = frozenset({"delay", "oss-fault", "siinas-fault", "wrong-information"})
_LEAVES = frozenset({"menu", "menu utama", "bantuan", "mulai"})
_MOST_WORDS = 4


def desk_of(turn: Turn) -> Reports:
    """What the capability works with for this turn."""
    settings = turn.services.settings
    return Reports(
        turn.session,
        turn.knowledge,
        turn.conversation,
        turn.desk.message,
        turn.services.now(),
        settings.files_dir,
        settings.timezone,
        Ways(
            frozenset(settings.complaint_officers.replace(",", " ").split()), frozenset(settings.complaint_connectors)
        ),
    )


async def takes(turn: Turn) -> bool:
    """Lets reports take the message before anything else; False when it is about something else."""
    desk = desk_of(turn)
    if turn.text and emergency_in(turn.knowledge.complaints, turn.text):
        turn.say(await emergency(desk, lambda _, __, text, reason: turn.ask_person(text, reason, "emergency")))
        return True
    if turn.intent == INTENT and not turn.text:
        turn.say(*await tapped(turn, desk))
        return True
    rows = await all_mine(desk) if turn.under_way.reports else []
    row = await drafting(desk) if any(one.status == "drafting" for one in rows) else None
    if row and _left_alone(desk, row) and turn.intent != "complaint":
        await service.pause(desk, row)
        row = None
    replies = await (_to_draft(turn, desk, row) if row else _to_reports(turn, desk, rows))
    turn.say(*replies)
    return bool(replies)


def sounds_like_complaint(turn: Turn) -> bool:
    """A complaint that was taken for something else: a wish to report, words of unkind or greedy service, or any where
    nothing fits."""
    if not turn.text or turn.text.rstrip().endswith("?"):
        return False
    route = route_of(turn.knowledge.complaints, turn.text)
    if turn.intent in _UNSURE:
        return bool(route.signs)
    return turn.intent in _NEAR and (route.id in _GRAVE or bool(_WISH.search(turn.text)))


SILENT = "kantor-diam"
"""The card for an office that does not answer: a person is offered before the report."""


def write_button(turn: Turn) -> Button:
    """Begins a report with the words of this message."""
    return button(wording.WRITE, INTENT, question="start", page=desk_of(turn).message)


def offer_report(turn: Turn) -> None:
    """Someone who asks about a slow application may also be tired of waiting: a report stands among the buttons."""
    if turn.intent not in _NEAR or not turn.text or not turn.replies or {wording.WRITE, B_COMPLAINT} & _titles(turn):
        return
    if route_of(turn.knowledge.complaints, turn.text).id not in _OFFERED:
        return
    last = turn.replies[-1]
    write = write_button(turn)
    if len(last.buttons) >= MAX_BUTTONS:  # a choice that asks for an answer is never cut
        return
    ways = [one for one in last.buttons if one.title == TO_PERSON.title]
    rest = [one for one in last.buttons if one not in ways]
    if len(rest) <= BESIDE:
        rest = rest[: BESIDE - 1 - len(ways)]
    buttons = (*rest, *ways, write)
    turn.replies[-1] = replace(last, text=f"{last.text}\n\n{wording.TIRED}", buttons=buttons)
    turn.offered = turn.offered or write.payload


def offer_writing(turn: Turn) -> None:
    """A complaint that was answered: the report stands first, then the office's channels, and "ya" begins it.

    In a trouble of OSS that names no office, the channels of an office leave their place to what belongs to the answer.
    """
    office = turn.case_office()
    if len(turn.heard.offices) > 1:  # which of them is asked in the report
        turn.context = turn.context.with_(office=None, service=None)
    elif isinstance(office, Office) and office.region and turn.heard.offices:
        turn.context = turn.context.with_(office=office.id)
    write = write_button(turn)
    channels = button(wording.CHANNELS, INTENT, question="channels", answer=_id(office))
    last = turn.replies[-1]
    ways = {write.title, channels.title, TO_PERSON.title}
    rest = [one for one in last.buttons if one.title not in ways]
    said = passage_of(turn.knowledge, (turn.context.subject or "").partition("|")[0])
    if said is None or said.system != "oss" or _id(office):
        rest = [channels, *rest]
    card = turn.knowledge.troubles.get(said.id) if said else None
    person = person_button("complaint")
    shown = (person, write, *rest) if card and card.id == SILENT else (write, *rest, person)
    turn.replies[-1] = replace(last, buttons=beside(shown))
    turn.context = turn.context.with_(topic="complaint")
    turn.offered = write.payload


async def open_report(turn: Turn) -> bool:
    """Whether a report is being written or was put aside."""
    desk = desk_of(turn)
    return turn.under_way.reports and bool(await drafting(desk) or await paused(desk))


async def complaint(turn: Turn) -> None:
    """Acknowledges, says what can be done at once, offers to write a report. Nothing is filed."""
    desk = desk_of(turn)
    if turn.intent == INTENT:  # "ya" to an offer of ours
        turn.say(*await tapped(turn, desk))
        return
    turn.context = turn.context.with_(topic="complaint")
    office = turn.case_office()
    if isinstance(office, Office) and office.region:
        turn.context = turn.context.with_(office=office.id)
    if open_draft := await drafting(desk) or await paused(desk):
        turn.say(*await service.begin(desk, (), {}))
        turn.offered = f'/complaint_answer{{"question":"resume","detail":"{open_draft.id}"}}'
        return
    write = button(
        wording.WRITE,
        INTENT,
        question="start",
        page=desk.message if turn.text else None,
        application_number=turn.entities.get("application_number", "")[: complaint_facts.NUMBER],
    )
    turn.offered = write.payload
    route = route_of(turn.knowledge.complaints, turn.text)
    text = f"{wording.SORRY if turn.text else wording.ASK_FIRST} {wording.LISTEN}"
    buttons = [write]
    if route.id == "bribe":
        text += f"\n\n{wording.LISTEN_MONEY}"
    if route.id == "delay":
        buttons.append(button(wording.STATUS, "track_status"))
    buttons.append(button(wording.CHANNELS, INTENT, question="channels", answer=_id(office)))
    if await all_mine(desk):
        buttons.append(button(wording.MINE, INTENT, question="list"))
    turn.say(Reply(text, (*buttons, person_button("complaint"), TO_MENU)))


async def _to_draft(turn: Turn, desk: Reports, row: Complaint) -> list[Reply]:
    """A message while a report is made: control words, leaving it, or an answer."""
    if not turn.text:
        return await _left(turn, desk, row)
    words = plain(turn.text)
    if _asks_person(turn, words):
        turn.entities["question"] = "complaint"  # the officers' queue shows what led to it
        return await _left(turn, desk, row)
    if words in _LEAVES:
        return await _left(turn, desk, row)
    if replies := await _control(desk, row, words):
        return replies
    if replaced := turn.metadata.get("replaces"):
        return await service.reworded(desk, row, replaced, turn.text)
    if row.step == "which" and (named := number_in(turn.text)):
        return await which(turn, desk, row, named)
    if row.step == "which" and words in steps.NO:
        return await which(turn, desk, row, NONE)
    if row.step not in steps.FREE_TEXT and turn.intent.startswith("ask_") and turn.text.rstrip().endswith("?"):
        return []  # a question in the middle of buttons is answered; the report waits
    return await service.typed(desk, row, turn.text)


async def _control(desk: Reports, row: Complaint, words: str) -> list[Reply]:
    """Words that steer the making of a report; empty when these are none."""
    if complaint_words.CANCEL.fullmatch(words):
        return await service.cancel(desk, row, sure=False)
    if complaint_words.PAUSE.fullmatch(words):
        return await service.pause(desk, row)
    if row.step in ("story", "files") and complaint_words.DONE.fullmatch(words):
        return await service.done(desk, row)
    if complaint_words.BACK.fullmatch(words):
        return await service.back(desk, row)
    if complaint_words.RESUME.fullmatch(words) or complaint_words.PREVIEW.fullmatch(words):
        return await service.show(desk, row)
    if (match := complaint_words.CHANGE.fullmatch(words)) and (_part(match[1] or "") or not match[1]):
        return await service.change(desk, row, _part(match[1] or ""))
    if row.step == PREVIEW and words in ("ya", "iya", "setuju", "benar", "sudah benar", "ya sudah benar", "oke", "ok"):
        (*_, asked) = await service.show(desk, row)  # agreeing is a button: no stray word agrees to anything
        return [replace(asked, text=f"{wording.PRESS_YES}\n\n{asked.text}")]
    return []


async def _to_reports(turn: Turn, desk: Reports, rows: list[Complaint]) -> list[Reply]:
    """A message outside a draft that is about a report: the list, a tracking id, an office's answer, going on."""
    if not turn.text:
        return []
    again = next((one for one in rows if desk.message and one.moved_by == desk.message and one.tracking_id), None)
    if again:
        return [tracking.told(desk, again)]
    words = plain(turn.text)
    if complaint_words.RESUME_REPORT.fullmatch(words):
        return await resume(turn, desk)
    if complaint_words.LIST.fullmatch(words) and (rows or len(words.split()) <= _MOST_WORDS):
        return await tracking.listing(desk)
    if complaint_words.WRITE.fullmatch(words):
        return await service.begin(desk, (), await complaint_facts.known(turn))
    rows = [one for one in rows if one.status not in ("drafting", "paused")]
    if answering := next((one for one in rows if one.step == "answer" and not _left_alone(desk, one)), None):
        if not _asks_person(turn, words) and words not in _LEAVES and not _yes_no(words):
            return await tracking.answer_text(desk, await _locked(desk, answering), turn.text)
        if _yes_no(words) or complaint_words.UNSOLVED.fullmatch(words):
            return await tracking.solved(desk, await _locked(desk, answering), words.startswith(("ya", "sudah")))
    if complaint_words.UNSOLVED.fullmatch(words):
        last = next((one for one in rows if one.status in ("closed", "answered")), None)
        return await tracking.solved(desk, await _locked(desk, last), yes=False) if last else []
    return await _tracking_id(turn, desk, rows)


async def _tracking_id(turn: Turn, desk: Reports, rows: list[Complaint]) -> list[Reply]:
    """A tracking id, typed or inside a forwarded message, for the report that waits for one."""
    waiting = [one for one in rows if tracking.waits_for_id(desk, one) or one.step == "tracking"]
    if not waiting:
        return []
    asked = [one for one in waiting if one.step == "tracking"]
    found = tracking.id_in(turn.text)
    if found is None:
        recent = [one for one in asked if not _left_alone(desk, one)]
        return [Reply(wording.NOT_AN_ID, sending.actions(desk, recent[0]))] if recent and _wrong_id(turn.text) else []
    if len(found) == 5 and (turn.intent == "ask_risk_or_kbli" or not asked):
        return []  # a KBLI has five digits too
    targets = asked or waiting
    if len(targets) > 1:
        shown = tuple(enumerate(targets[:6], start=1))
        listed = "\n".join(f"{number}. {tracking.name_of(desk, one)}" for number, one in shown)
        taps = tuple(sending.tap(one, f"Nomor {number}", "tracking", found) for number, one in shown)
        return [Reply(wording.WHICH_REPORT.format(tracking=f"#{found}", listed=listed), taps)]
    return await tracking.record(desk, await _locked(desk, targets[0]), found, "citizen")


async def _left(turn: Turn, desk: Reports, row: Complaint) -> list[Reply]:
    """The person turned to something else: the draft is put aside, and said so after the answer."""
    await service.pause(desk, row)
    turn.afterword = wording.DRAFT_SAVED
    return []


async def _locked(desk: Reports, row: Complaint) -> Complaint:
    return await mine(desk, row.id) or row


def _left_alone(desk: Reports, row: Complaint) -> bool:
    return desk.now - row.updated_at > service.IDLE


def _asks_person(turn: Turn, words: str) -> bool:
    """A request for a person, not a story in which one occurs."""
    return bool(complaint_words.PERSON.fullmatch(words)) or (
        turn.intent == "talk_to_human" and len(words.split()) <= _MOST_WORDS
    )


def _part(named: str) -> str:
    """The part of a report that "ubah tanggal" means; empty when it names none."""
    named = named.strip().lower()
    if named in complaint_words.WORDS:
        return complaint_words.WORDS[named]
    return next((key for key, title in wording.PARTS.items() if named and named in title.lower()), "")


def _wrong_id(text: str) -> bool:
    return tracking.only_digits(text) and sum(one.isdigit() for one in text) not in (13, 16)


def _yes_no(words: str) -> bool:
    return words in ("ya", "ya sudah", "ya sudah selesai", "sudah selesai", "belum", "belum selesai", "tidak")


def _titles(turn: Turn) -> set[str]:
    return {one.title for reply in turn.replies for one in reply.buttons}


def _id(office: Office | NotHeld | None) -> str:
    return office.id if isinstance(office, Office) else ""
