"""One act on all marked rows: each through the door of the single act, and what could not be done is named."""

from __future__ import annotations

from collections.abc import Awaitable, Callable
from dataclasses import dataclass
from typing import Annotated

from fastapi import APIRouter, Form, Request, Response
from sqlalchemy import select

from bot.console.access import AnyOfficer
from bot.console.acting import acting
from bot.console.conversation_acts import receiver
from bot.console.desk import Desk, Here
from bot.console.inbox import asked, listed
from bot.console.snoozes import moment
from bot.conversations.hiding import shown_name
from bot.conversations.models import Conversation
from bot.conversations.walls import Sight, seen_of
from bot.handoff.desk import Act, BadInput, DeskError
from bot.handoff.ownership import service
from bot.handoff.reading.presence import here
from bot.handoff.triage import labels, sharing, snoozing
from bot.officers import service as officers
from bot.officers.signing_in import Signed

router = APIRouter()
MOST = 100  # rows at once
Short = Annotated[str, Form(max_length=300)]
Work = Callable[[Act, int], Awaitable[object]]
SAID = {  # act: what the result says of those that were done
    "claim": "diambil",
    "release": "dilepas ke antrean",
    "transfer": "dialihkan",
    "label": "diberi label",
    "unlabel": "dilepas labelnya",
    "snooze": "ditunda",
    "close": "ditutup",
}


@dataclass(frozen=True, slots=True)
class Undone:
    """A conversation with which it could not be done, and why; `id` 0: of one that is not there."""

    id: int
    name: str
    why: str


@dataclass(frozen=True, slots=True)
class Chosen:
    """The form's fields besides the rows: those that the act needs."""

    act: str
    to: str
    note: str
    label: str
    until: str


@router.get("/inbox/choices")
async def choices(desk: Here, signed: AnyOfficer) -> Response:
    """Colleagues, teams and labels, for the dialogs."""
    async with desk.session() as session:
        colleagues = [one for one in await officers.listed(session) if one.disabled_at is None]
        teams = [team for team, _ in await officers.teams(session)]
        known = await labels.listed(session, signed.sight)
        present, loads = await here(session, desk.now()), await sharing.loads(session, desk.now())
    return desk.part(
        "bulk-choices.html",
        present=present,
        loads=loads,
        colleagues=colleagues,
        teams=teams,
        labels=known,
        signed=signed,
    )


@router.post("/inbox/bulk")
async def bulk(
    request: Request,
    desk: Here,
    signed: AnyOfficer,
    act: Short = "",
    conversation: Annotated[list[int] | None, Form()] = None,
    to: Short = "",
    note: Annotated[str, Form(max_length=4000)] = "",
    label: Short = "",
    until: Short = "",
) -> Response:
    marked = list(dict.fromkeys(conversation or ()))
    error, done, undone = "", 0, list[Undone]()
    try:
        work = _work(desk, signed.sight, Chosen(act, to, note, label, until))
        if not marked or len(marked) > MOST:
            raise BadInput(f"Tandai 1 sampai {MOST} percakapan.")
        done, undone = await _each(desk, signed, marked, work)
    except DeskError as wrong:
        error = wrong.why
    result = {"error": error, "done": done, "undone": undone, "what": SAID.get(act, "")}
    if request.headers.get("hx-request"):
        headers = {"HX-Trigger": "catch-up"}
        return desk.part("bulk-result.html", status=422 if error else 200, headers=headers, **result)
    async with desk.session() as session:
        values = await listed(desk, signed, session, asked())
    return desk.page(request, signed, "inbox.html", section="inbox", **values | {"result": result})


def _work(desk: Desk, sight: Sight, chosen: Chosen) -> Work:
    """Raises BadInput for what no row could be done with."""
    match chosen.act:
        case "claim":
            return service.claim
        case "release":
            return service.release
        case "close":
            return service.close
        case "transfer":
            officer_id, team_id = receiver(chosen.to)
            if (officer_id is None) == (team_id is None) or not chosen.note.strip():
                raise BadInput("Pilih petugas atau tim, dan tulis catatan untuk yang menerima.")
            return lambda act, row: service.transfer(act, row, chosen.note, officer_id=officer_id, team_id=team_id)
        case "label" | "unlabel":
            if not (chosen.label.isascii() and chosen.label.isdecimal() and len(chosen.label) < 18):
                raise BadInput("Pilih labelnya.")
            return lambda act, row: labels.put(act, row, int(chosen.label), on=chosen.act == "label")
        case "snooze":
            until = moment(desk, sight, chosen.until)
            return lambda act, row: snoozing.snooze(act, row, until)
    raise BadInput("Pilih tindakannya.")


async def _each(desk: Desk, signed: Signed, marked: list[int], work: Work) -> tuple[int, list[Undone]]:
    """Each row in a transaction of its own: one that cannot be done keeps nothing from the others."""
    async with desk.session() as session:
        seen = await seen_of(session, signed.sight, marked)
        query = select(Conversation.id, shown_name()).where(Conversation.id.in_(seen))
        names = {number: name or "Tanpa nama" for number, name in (await session.execute(query)).all()}
    done, undone = 0, []
    for number in marked:
        if number not in names:
            undone.append(Undone(0, "Satu percakapan", "tidak ada, atau milik kantor lain."))
            continue
        try:
            async with desk.session() as session:
                await work(acting(desk, signed, session), number)
            done += 1
        except DeskError as wrong:
            undone.append(Undone(number, names[number], wrong.why))
    return done, undone
