"""Tapped buttons of reports: beginning one, its draft, what becomes of it; those of a stranger's say so."""

from __future__ import annotations

from collections.abc import Awaitable, Callable
from datetime import timedelta

from sqlalchemy import select

from actions import complaint_facts
from actions.turn import Turn
from bot.answers.payloads import TO_MENU
from bot.applications.numbers import number_in
from bot.complaints import sending, service, tracking, wording
from bot.complaints.desk import Reports, drafting, mine, paused
from bot.complaints.facts import NONE
from bot.complaints.models import Complaint
from bot.conversations.models import Incoming
from bot.messages import Reply

_REMEMBERED = timedelta(hours=1)
"""How far back words of complaint are taken over into a report that is begun now."""


async def tapped(turn: Turn, desk: Reports) -> list[Reply]:
    """A button of ours. Buttons of a report that is gone, or of someone else's, say so."""
    question, answer = turn.entities.get("question", ""), turn.entities.get("answer", "")
    if question == "start":
        return await _start(turn, desk)
    if question == "list":
        return await tracking.listing(desk)
    if question == "channels":
        return _channels(turn, answer)
    detail = turn.entities.get("detail", "")
    row = await mine(desk, int(detail)) if detail.isdecimal() and len(detail) < 18 else None
    if row is None:
        return [Reply(wording.NO_DRAFT, (TO_MENU,))]
    if row.status in ("drafting", "paused"):
        return await _tapped_draft(turn, desk, row, question, answer)
    return await _tapped_report(desk, row, question, answer)


async def _tapped_draft(turn: Turn, desk: Reports, row: Complaint, question: str, answer: str) -> list[Reply]:
    if question == "pause":
        return await service.pause(desk, row)
    if row.status == "paused" and question != "cancel":
        other = await drafting(desk)
        return await service.show(desk, other) if other else await resume(turn, desk)
    match question:
        case "resume" | "preview" | "show":
            return await _fresh(turn, desk, row) or await service.show(desk, row)
        case "done":
            return await service.done(desk, row)
        case "undo":
            return await service.undo(desk, row)
        case "change":
            return await service.change(desk, row, answer, 2 if turn.entities.get("page") == "2" else 1)
        case "words":
            return await service.own_words(desk, row, answer == "ya")
        case "cancel":
            return await service.cancel(desk, row, sure=answer == "ya")
        case "agree":
            if renewed := await _fresh(turn, desk, row):
                return renewed
            shown = await service.agree(desk, row, turn.entities.get("page", ""), again=answer == "lagi")
            return shown if shown is not None else await sending.state(desk, row)
        case "which":
            return await which(turn, desk, row, answer)
        case _:
            return await service.tapped(desk, row, question, answer)


async def resume(turn: Turn, desk: Reports) -> list[Reply]:
    """Goes on with the draft put aside last, with what the register says now."""
    row = await drafting(desk) or await paused(desk)
    fresh = await _fresh(turn, desk, row) if row else []
    return fresh or await service.resume(desk)


async def _fresh(turn: Turn, desk: Reports, row: Complaint) -> list[Reply]:
    """A draft left for a day or more is shown again with what the register says now; empty when it is newer."""
    if desk.now - row.updated_at < service.OLD:
        return []
    number = row.answers.get("number", "") if row.answers.get("number_from") else ""
    return await service.renewed(desk, row, await complaint_facts.chosen(turn, number) if number else {})


async def which(turn: Turn, desk: Reports, row: Complaint, number: str) -> list[Reply]:
    """The application that a report is about, of several that may be meant."""
    if number == NONE:
        return await service.about(desk, row, {})
    facts = await complaint_facts.chosen(turn, number) if number_in(number) else {}
    return await service.about(desk, row, facts) if facts else await service.show(desk, row, wording.WHICH_AGAIN)


async def _tapped_report(desk: Reports, row: Complaint, question: str, answer: str) -> list[Reply]:
    handlers: dict[str, Callable[[], Awaitable[list[Reply]]]] = {
        "way": lambda: sending.hand_over(desk, row, answer),
        "sent": lambda: tracking.sent(desk, row),
        "answered": lambda: tracking.answered(desk, row),
        "unanswered": lambda: tracking.unanswered(desk, row),
        "solved": lambda: tracking.solved(desk, row, answer == "ya"),
        "withdraw": lambda: tracking.withdraw(desk, row, sure=answer == "ya"),
    }
    if question in handlers:
        return await handlers[question]()
    if question == "ombudsman":
        return tracking.ombudsman(desk, row)
    if question == "tracking" and (found := tracking.id_in(answer)) and not row.tracking_id:
        return await tracking.record(desk, row, found, "citizen")
    return await sending.state(desk, row)


async def _start(turn: Turn, desk: Reports) -> list[Reply]:
    """Begins with the words that led here: those of the message the button belongs to, and of the hour before it."""
    until = turn.entities.get("page", "")
    told: list[tuple[int, str]] = []
    if until.isdecimal() and len(until) < 18:
        query = (
            select(Incoming)
            .where(Incoming.conversation_id == desk.conversation, Incoming.id <= int(until), Incoming.kind == "text")
            .order_by(Incoming.id.desc())
            .limit(10)
        )
        rows = list((await turn.session.execute(query)).scalars())
        last = next((one for one in rows if one.id == int(until)), None)
        about = [one for one in rows if last and _complains(one, last)]
        told = [(one.id, one.text) for one in reversed(about)]
    known = await complaint_facts.known(turn, "\n".join(text for _, text in told))
    if told:
        known = {"kind": "pengaduan", **known}
    return await service.begin(desk, told, known)


def _complains(one: Incoming, last: Incoming) -> bool:
    """The last message, and those of the hour before it that were understood as complaints."""
    family = (one.understood or {}).get("family")
    return one.id == last.id or (family == "complaint" and last.received_at - one.received_at <= _REMEMBERED)


def _channels(turn: Turn, office_id: str) -> list[Reply]:
    from actions.problems import complaint_channels

    return complaint_channels(turn, turn.knowledge.offices.get(office_id))
