"""One act on all marked rows: each through the door of the single act, and what could not be done is named.

What applicants would read is shown first, and all of it is taken back together.
"""

from __future__ import annotations

import json
from collections.abc import Awaitable, Callable
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from typing import Annotated

from fastapi import APIRouter, Form, Request, Response
from sqlalchemy import select

from bot.console.access import AnyOfficer, listed_to
from bot.console.acting import acting
from bot.console.conversation_acts import receiver
from bot.console.desk import Desk, Here
from bot.console.inbox import asked, listed
from bot.console.snoozes import moment
from bot.console.telling import Shown, Telling, ask_page, of_conversations, telling
from bot.conversations.hiding import shown_name
from bot.conversations.holding import Hold
from bot.conversations.models import Conversation
from bot.conversations.recall import About, all_done
from bot.conversations.walls import seen_of
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
TOLD = {  # acts that applicants hear of: their name in the audit log, and what is asked before
    "claim": ("handoff.claimed", "Ambil {count} percakapan ini?"),
    "release": ("handoff.released", "Lepas {count} percakapan ini ke antrean, untuk rekan?"),
    "transfer": ("handoff.transferred", "Alihkan {count} percakapan ini?"),
    "close": ("handoff.closed", "Tutup {count} percakapan ini: urusannya selesai?"),
}
ONE_TAKES = timedelta(seconds=1)  # at most: meanwhile the first ones wait, to be taken back with the last


@dataclass(frozen=True, slots=True)
class Undone:
    """A conversation with which it could not be done, and why; `id` 0: of one that is not there."""

    id: int
    name: str
    why: str


@dataclass(slots=True)
class Result:
    """Of how many it was done, or with `held` would be, with what they would read. `act`: takes all of it back."""

    done: int = 0
    undone: list[Undone] = field(default_factory=list)
    held: Hold = field(default_factory=Hold)
    act: tuple[int, datetime] | None = None


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
    ask: Short = "",
) -> Response:
    marked = list(dict.fromkeys(conversation or ()))
    error, result = "", Result()
    try:
        work = _work(Chosen(act, to, note, label, until))
        if not marked or len(marked) > MOST:
            raise BadInput(f"Tandai 1 sampai {MOST} percakapan.")
        result = await _each(desk, signed, marked, work, TOLD.get(act, ("", ""))[0], ask=bool(ask) and act in TOLD)
        async with desk.session() as session:
            await listed_to(session, signed, "conversation", [one.id for one in result.undone if one.id], desk)
    except DeskError as wrong:
        error = wrong.why
    if ask and act in TOLD and result.done:
        return await ask_page(
            request,
            desk,
            signed,
            result.held,
            section="inbox",
            title=TOLD[act][1].format(count=result.done),
            back="/console/inbox",
            target="#bulk-result",
            undone=[(one.name, one.why) for one in result.undone],
        )
    said = {"error": error, "done": result.done, "undone": result.undone, "what": SAID.get(act, "")}
    recalls = desk.acts(request, result.act)
    if request.headers.get("hx-request"):
        happened: dict[str, dict[str, str]] = {"catch-up": {}} if error else {"catch-up": {}, "marked-done": {}}
        headers = {"HX-Trigger": json.dumps(happened)}
        response = desk.part(
            "bulk-result.html",
            status=422 if error else 200,
            headers=headers,
            recalls=recalls if result.act else None,
            **said,
        )
    else:
        async with desk.session() as session:
            values = await listed(desk, signed, session, asked())
        values |= {"result": said, "recalls": recalls}
        response = desk.page(request, signed, "inbox.html", section="inbox", **values)
    desk.keep_act(request, response, result.act)
    return response


def _work(chosen: Chosen) -> Work:
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
            until = moment(chosen.until)
            return lambda act, row: snoozing.snooze(act, row, until)
    raise BadInput("Pilih tindakannya.")


async def _each(desk: Desk, signed: Signed, marked: list[int], work: Work, action: str, *, ask: bool) -> Result:
    """Each row in a transaction of its own: one that cannot be done keeps nothing from the others.

    `action`: what applicants hear of, as the audit log names it; "": they hear nothing.
    """
    async with desk.session() as session:
        seen = await seen_of(session, signed.sight, marked)
        query = select(Conversation.id, shown_name()).where(Conversation.id.in_(seen))
        names = {number: name or "Tanpa nama" for number, name in (await session.execute(query)).all()}
    result, doing = Result(), ONE_TAKES * len(marked)
    for number in marked:
        if number not in names:
            result.undone.append(Undone(0, "Satu percakapan", "tidak ada, atau milik kantor lain."))
            continue
        told = Telling()
        try:
            async with desk.session() as session:
                if action:
                    batch = result.act[0] if result.act else 0
                    about = About(
                        signed.officer.id, action, "conversation", number, "/console/inbox", number, batch, doing
                    )
                    async with telling(desk, session, about, of_conversations([number]), ask=ask) as told:
                        await work(acting(desk, signed, session), number)
                else:
                    await work(acting(desk, signed, session), number)
            result.done += 1
            result.act = result.act or told.act
        except Shown as shown:
            result.done += 1
            result.held.said += shown.held.said
        except DeskError as wrong:
            result.undone.append(Undone(number, names[number], wrong.why))
    if result.act:
        async with desk.session() as session:
            result.act = result.act[0], await all_done(desk.runtime, session, result.act[0])
    return result
