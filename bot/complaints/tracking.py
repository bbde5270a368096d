"""After the hand-over: the tracking id, what the office answered, whether it is solved, and how it stands."""

from __future__ import annotations

import re
from datetime import date

from bot.answers.payloads import TO_MENU, button
from bot.answers.text import SECONDARY, references, source_line
from bot.complaints import wording
from bot.complaints.desk import Reports, all_mine, note, touch
from bot.complaints.models import DRAFTS, Complaint
from bot.complaints.sending import actions, body_of, check_back_on, state, tap
from bot.dates import say_date
from bot.knowledge.models import Fact
from bot.messages import Button, Reply
from bot.working_days import NATIONAL, zone_of

_LISTED = 6
_BARE = re.compile(r"#?\s*([1-9]\d{4,9})")
_NAMED = re.compile(
    r"(?:tracking\s*id|trackingid|id\s+laporan|(?:nomor|nomer|no\.?)\s+(?:laporan|lapor|aduan|pengaduan)|"
    r"lapor\.go\.id/(?:[a-z]+/)+)\D{0,12}([1-9]\d{4,9})(?!\d)|#\s?([1-9]\d{4,9})(?!\d)",
    re.IGNORECASE,
)
_DIGITS = re.compile(r"#?[\d .-]{3,24}|#?[A-Za-z]{0,12}-?\d{3,}[A-Za-z0-9-]{0,12}")


def id_in(text: str) -> str | None:
    """A tracking id that `text` names as one, or that is all of it: 5 to 10 digits. None when there is none."""
    if match := _BARE.fullmatch(text.strip()):
        return match[1]
    match = _NAMED.search(text)
    return (match[1] or match[2]) if match else None


def only_digits(text: str) -> bool:
    """Whether `text` may have been meant as a report's number and nothing else ("abc123" too)."""
    return bool(_DIGITS.fullmatch(text.strip()))


def waits_for_id(desk: Reports, row: Complaint) -> bool:
    body = body_of(desk, row)
    return (
        row.status in ("handed", "queued", "sending", "received") and not row.tracking_id and bool(body and body.lapor)
    )


def due(desk: Reports, row: Complaint) -> dict[str, date]:
    """The day of every stage that is known: verification, followup, reply (working days of complaint_routes.yaml)."""
    days = {one.id: one.days for one in desk.knowledge.complaints.stages}
    found: dict[str, date] = {}
    if row.submitted_at and row.tracking_id:
        start = row.submitted_at.astimezone(zone_of(row.office, desk.zone)).date()
        found["verification"] = NATIONAL.after(start, days["verification"])
        found["followup"] = NATIONAL.after(found["verification"], days["followup"])
        if row.answered_on:
            found["reply"] = NATIONAL.after(row.answered_on, days["reply"])
    return found


async def record(desk: Reports, row: Complaint, tracking: str, by: str) -> list[Reply]:
    """Stores the tracking id: from now on the report counts as being in LAPOR!. `by`: citizen, officer, connector."""
    others = [one for one in await all_mine(desk) if one.id != row.id]
    if any(one.tracking_id == tracking for one in others):
        return [Reply(wording.ID_TAKEN, (tap(row, wording.MINE, "list"),))]
    if row.tracking_id != tracking:
        row.tracking_id = tracking
        if row.submitted_at is None or row.status in ("handed", "queued", "sending", "received", "ready"):
            row.status, row.submitted_at, row.submitted_by = "submitted", desk.now, by
        row.step = ""
        note(desk, row, "submitted", "citizen" if by == "citizen" else by)
        await touch(desk, row)
    return [told(desk, row)]


def told(desk: Reports, row: Complaint) -> Reply:
    stage, sources = stage_line(desk, row)
    refs = references(desk.knowledge, [one.source for one in sources])
    text = wording.TRACKED.format(
        title=name_of(desk, row), tracking=row.tracking_id, stage=stage, source=source_line(refs)
    ).strip()
    other = tap(row, "Nomornya salah", "sent")
    return Reply(text, (tap(row, wording.ANSWERED, "answered"), other, tap(row, wording.MINE, "list")), refs)


def stage_line(desk: Reports, row: Complaint) -> tuple[str, list[Fact]]:
    """What comes next and when, in a sentence, with the facts it stands on."""
    dates, stages = due(desk, row), desk.knowledge.complaints.stages
    if not dates:
        return "", []
    if row.status in ("answered", "reopened") and "reply" in dates:
        return _reply_line(row, dates["reply"]), [stages[2].fact]
    if row.status != "submitted":
        return "", []
    if desk.today > dates["followup"]:
        return wording.STAGE_LATE.format(date=say_date(dates["followup"])), [stages[1].fact]
    parts = [wording.STAGE_FOLLOWUP.format(date=say_date(dates["followup"])), wording.CALENDAR]
    if desk.today <= dates["verification"]:
        parts.insert(0, wording.STAGE_VERIFICATION.format(date=say_date(dates["verification"])))
    return " ".join(parts), [stages[0].fact, stages[1].fact]


def one_line(desk: Reports, row: Complaint) -> str:
    """One report in a list. The text of a secret report is not shown, only how it stands."""
    body = body_of(desk, row)
    key = "handed_other" if row.status == "handed" and body and not body.lapor else row.status
    stands = wording.STATES[key].format(tracking=f"#{row.tracking_id}")
    if row.tracking_id and row.status in ("answered", "reopened", "closed"):
        stands = f"#{row.tracking_id}, {stands}"
    what = name_of(desk, row)
    if row.title and is_secret(desk, row):
        what = f"{what} {wording.UNSHOWN}"
    return f"{what[:1].upper()}{what[1:]}: {stands}."


def is_secret(desk: Reports, row: Complaint) -> bool:
    """Chosen as Rahasia: its words are shown nowhere but in the report itself."""
    chosen = row.answers.get("visibility")
    return any(one.id == chosen and one.secret for one in desk.knowledge.complaints.visibility)


def name_of(desk: Reports, row: Complaint) -> str:
    """How a report is called in lists and news: its title, or only its day when it is secret or has no title yet."""
    hidden = is_secret(desk, row) or not row.title
    return f"laporan tanggal {say_date(_day(desk, row))}" if hidden else f"laporan “{row.title}”"


async def listing(desk: Reports) -> list[Reply]:
    """All reports of this conversation and what can be done next."""
    rows = await all_mine(desk)
    if not rows:
        return [Reply(wording.LIST_NONE, (button(wording.WRITE, "complaint_answer", question="start"),))]
    lines = [f"{number}. {one_line(desk, row)}" for number, row in enumerate(rows[:_LISTED], start=1)]
    if len(rows) == 1 and rows[0].status not in DRAFTS:
        return await state(desk, rows[0])
    buttons: list[Button] = []
    for number, row in enumerate(rows[:_LISTED], start=1):
        draft = row.status in DRAFTS
        buttons.append(tap(row, wording.CONTINUE if draft else f"Buka nomor {number}", "resume" if draft else "show"))
    return [Reply("\n".join([wording.LIST_HEAD, *lines]), (*buttons, TO_MENU))]


async def sent(desk: Reports, row: Complaint) -> list[Reply]:
    """ "Sudah saya kirim": LAPOR! needs its number, others a date to ask again."""
    body = body_of(desk, row)
    if row.status in ("submitted", "handed") and body and body.lapor:
        row.step = "tracking"
        await touch(desk, row)
        return [Reply(wording.TYPE_ID, (tap(row, wording.MINE, "list"), TO_MENU))]
    if row.status != "handed":
        return await state(desk, row)
    row.submitted_at, row.submitted_by = row.submitted_at or desk.now, "citizen"
    await touch(desk, row)
    name = body.name if body else "kantornya"
    text = wording.HANDED_OTHER.format(recipient=name, due=check_back_on(desk, row))
    return [Reply(text, (tap(row, wording.MINE, "list"), TO_MENU))]


async def answered(desk: Reports, row: Complaint) -> list[Reply]:
    """ "Sudah dijawab": what was answered may be told, then whether it is solved."""
    if row.submitted_at is None:
        return await state(desk, row)
    if row.status in ("submitted", "handed"):
        row.status, row.answered_on, row.step = "answered", desk.today, "answer"
        note(desk, row, "answered", "citizen")
        await touch(desk, row)
    stage, _ = stage_line(desk, row)
    text = "\n\n".join(filter(None, (wording.ASK_ANSWER, stage)))
    return [Reply(text, (*actions(desk, row), TO_MENU))]


async def answer_text(desk: Reports, row: Complaint, text: str) -> list[Reply]:
    """The office's answer as the person tells or forwards it."""
    if row.moved_by != desk.message:
        note(desk, row, "answer", "citizen", text[:4000])
        row.step = ""
        await touch(desk, row)
    return [Reply(f"{wording.ANSWER_NOTED} {wording.ASK_SOLVED}", actions(desk, row))]


async def unanswered(desk: Reports, row: Complaint) -> list[Reply]:
    """ "Belum ada jawaban": how long it may take, and the Ombudsman once it took too long."""
    stage, facts = stage_line(desk, row)
    late = desk.today > due(desk, row).get("followup", desk.today)
    text = wording.NOT_YET.format(stage=stage).strip()
    if late:
        text, facts = f"{text}\n\n{hint(desk)}", [*facts, *desk.knowledge.complaints.ombudsman_hint]
    refs = references(desk.knowledge, [one.source for one in facts])
    text = "\n\n".join(filter(None, (text, source_line(refs))))
    return [Reply(text, (tap(row, wording.ANSWERED, "answered"), *_ombudsman(desk, row, late)), refs)]


async def solved(desk: Reports, row: Complaint, yes: bool) -> list[Reply]:
    """Closed only by the person's own word; "belum" opens it again."""
    if row.submitted_at is None:
        return await state(desk, row)
    if yes:
        row.status, row.closed_at, row.step = "closed", desk.now, ""
        note(desk, row, "closed", "citizen")
        await touch(desk, row)
        return [Reply(wording.CLOSED, (tap(row, wording.NOT_SOLVED, "solved", "belum"), TO_MENU))]
    if row.status not in ("answered", "closed", "reopened"):
        return await unanswered(desk, row)
    row.status, row.closed_at, row.step = "reopened", None, ""
    note(desk, row, "reopened", "citizen")
    await touch(desk, row)
    reply_by = due(desk, row).get("reply")
    deadline = ""
    if reply_by:
        words = wording.REOPENED_REPLY if desk.today <= reply_by else wording.REOPENED_LATE
        deadline = words.format(date=say_date(reply_by))
    rules = desk.knowledge.complaints
    refs = references(desk.knowledge, [rules.stages[2].fact.source, *(one.source for one in rules.ombudsman_hint)])
    text = wording.REOPENED.format(deadline=deadline, hint=hint(desk), source=source_line(refs))
    return [Reply(text, (*_ombudsman(desk, row, True), tap(row, wording.SOLVED, "solved", "ya")), refs)]


def hint(desk: Reports) -> str:
    """The Ombudsman as the way when an office does not settle a complaint, marked where second-hand."""
    facts = desk.knowledge.complaints.ombudsman_hint
    return " ".join((SECONDARY if one.source.mark == "2nd" else "") + one.text for one in facts)


async def withdraw(desk: Reports, row: Complaint, sure: bool) -> list[Reply]:
    """Deletes a report that was agreed to but is not in LAPOR! yet, after asking once."""
    from bot.complaints.files import remove_files

    if row.status not in ("ready", "handed", "queued") or row.submitted_at:
        return await state(desk, row)
    if not sure:
        yes = tap(row, wording.CANCEL_YES, "withdraw", "ya")
        return [Reply(wording.CANCEL_SURE, (tap(row, wording.KEEP, "show"), yes))]
    await remove_files(desk, row)
    await desk.session.delete(row)
    await desk.session.flush()
    return [Reply(wording.CANCELLED, (TO_MENU,))]


def _ombudsman(desk: Reports, row: Complaint, shown: bool) -> tuple[Button, ...]:
    return (tap(row, "Kontak Ombudsman", "ombudsman"),) if shown else ()


def ombudsman(desk: Reports, row: Complaint) -> list[Reply]:
    """What the Ombudsman takes, and how to reach it."""
    body = desk.knowledge.complaints.body("ombudsman")
    if body is None:
        return []
    second = " (menurut sumber sekunder)"
    contacts = [f"• {one.label}: {one.value}{second if one.source.mark == '2nd' else ''}" for one in body.contacts]
    lines = [body.fact.text, *contacts]
    refs = references(desk.knowledge, [body.fact.source, *(one.source for one in body.contacts)])
    return [Reply("\n".join(lines) + f"\n\n{source_line(refs)}", (tap(row, wording.MINE, "list"),), refs)]


def _reply_line(row: Complaint, day: date) -> str:
    answered = say_date(row.answered_on) if row.answered_on else "-"
    return wording.STAGE_REPLY.format(date=say_date(day), answered=answered)


def _day(desk: Reports, row: Complaint) -> date:
    return row.created_at.astimezone(zone_of(row.office, desk.zone)).date()
