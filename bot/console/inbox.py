"""The list of conversations: who waits, what is mine, what others have, what is done; live."""

from __future__ import annotations

import re
from dataclasses import dataclass, replace
from typing import Annotated, Any
from urllib.parse import urlencode, urlsplit

from fastapi import APIRouter, Depends, Request, Response
from sqlalchemy.ext.asyncio import AsyncSession

from bot.console import marking, words
from bot.console.access import AnyOfficer, listed_to
from bot.console.acting import acting
from bot.console.desk import Desk, Here
from bot.console.rights import offices_seen
from bot.handoff import notes
from bot.handoff.answering import approval
from bot.handoff.desk import DeskError
from bot.handoff.ownership import callbacks
from bot.handoff.reading.inbox import PAGE, InboxFilter, Row, View, counts, inbox
from bot.officers.signing_in import Signed

router = APIRouter()
VIEWS: tuple[tuple[View, str], ...] = (
    ("waiting", "Menunggu"),
    ("mine", "Milik saya"),
    ("all", "Semua"),
    ("closed", "Selesai"),
)
EXTRA = (("held", "Persetujuan"), ("mentions", "Menyebut saya"), ("call-backs", "Minta dihubungi"))
_OPEN = re.compile(r"/console/conversations/(\d{1,18})$")


@dataclass(frozen=True, slots=True)
class AskedList:
    """What the list is restricted to, as it stands in the address."""

    view: str = "waiting"
    q: str = ""
    office: str = ""
    service: str = ""
    reason: str = ""
    page: int = 1

    @property
    def query(self) -> str:
        """For addresses: "?view=mine&q=…"; "" where nothing is said."""
        plain = AskedList()
        said = {name: getattr(self, name) for name in self.__slots__ if getattr(self, name) != getattr(plain, name)}
        return f"?{urlencode(said)}" if said else ""

    @property
    def filtered(self) -> bool:
        return bool(self.office or self.service or self.reason)

    def on_page(self, page: int) -> str:
        return "/console/inbox" + replace(self, page=page).query


def asked(
    view: str = "waiting", q: str = "", office: str = "", service: str = "", reason: str = "", page: str = "1"
) -> AskedList:
    """Odd values are no reason for an error page: they restrict to nothing, or are left out."""
    known = {name for name, _ in VIEWS} | {name for name, _ in EXTRA}
    number = int(page) if page.isdecimal() and len(page) < 5 else 1
    return AskedList(
        view if view in known else "waiting",
        " ".join(q.replace("\0", " ").split())[:200],
        office.replace("\0", "")[:80],
        service.replace("\0", "")[:80],
        reason if reason in words.KINDS else "",
        max(number, 1),
    )


List = Annotated[AskedList, Depends(asked)]


@router.get("/inbox")
async def inbox_page(request: Request, desk: Here, signed: AnyOfficer, wanted: List) -> Response:
    async with desk.session() as session:
        values = await listed(desk, signed, session, wanted)
    return desk.page(request, signed, "inbox.html", section="inbox", **values)


@router.get("/inbox/rows")
async def rows(request: Request, desk: Here, signed: AnyOfficer, wanted: List) -> Response:
    """The list alone, again: after an event, a filter or a word typed into the search."""
    shown = urlsplit(request.headers.get("hx-current-url", "")).path
    found = _OPEN.fullmatch(shown)
    async with desk.session() as session:
        values = await listed(desk, signed, session, wanted, int(found[1]) if found else None)
    headers = {}
    if request.headers.get("hx-trigger") == "filter":
        headers["HX-Replace-Url"] = (shown if found else "/console/inbox") + wanted.query
    return desk.part("inbox-rows.html", headers=headers, signed=signed, live=True, **values)


@router.get("/inbox/waiting")
async def waiting(desk: Here, signed: AnyOfficer) -> Response:
    """How many wait, for the navigation of pages without the list."""
    async with desk.session() as session:
        found = await counts(session, signed.officer.id, signed.sight)
    return desk.part("inbox-waiting.html", count=found.waiting)


@router.post("/call-backs/{call_back_id}/done")
async def call_back_done(request: Request, desk: Here, signed: AnyOfficer, call_back_id: int) -> Response:
    message = "Tercatat: sudah dihubungi."
    try:
        async with desk.session() as session:
            await callbacks.done(acting(desk, signed, session), call_back_id)
    except DeskError as wrong:
        message = wrong.why
    return desk.done(request, "/console/inbox?view=call-backs", message)


async def listed(
    desk: Desk, signed: Signed, session: AsyncSession, wanted: AskedList, opened: int | None = None
) -> dict[str, Any]:
    """What `inbox-list.html` shows. `opened`: the conversation beside the list."""
    now, me = desk.now(), signed.officer.id
    numbers = await counts(session, me, signed.sight)
    extra = {"held": numbers.held, "mentions": numbers.mentions, "call-backs": numbers.call_backs}
    found: list[Any]
    match wanted.view:
        case "held":
            found = await approval.held(session, now, sight=signed.sight)
        case "mentions":
            found = await notes.mentions(acting(desk, signed, session), unseen=False)
        case "call-backs":
            found = await callbacks.waiting(session, now, wanted.office, signed.sight)
        case _:
            found = await inbox(session, _of(wanted, signed), now)
    more = len(found) > PAGE
    await listed_to(session, signed, "conversation", {one.conversation_id for one in found[:PAGE]}, desk)
    return {
        "asked": wanted,
        "found": found[:PAGE],
        "more": more,
        "numbers": numbers,
        "tabs": [(name, title, _count(numbers, name)) for name, title in VIEWS],
        "extras": [(name, title, extra[name]) for name, title in EXTRA if extra[name] or wanted.view == name],
        "opened_id": opened,
        "offices": [(one.id, one.name) for one in offices_seen(desk, signed)],
        "services": [(one.id, one.title) for one in desk.knowledge.services.values() if signed.sight.own(one.office)],
        "reasons": [(kind, title) for kind, (title, _) in words.KINDS.items()],
        "words": words,
        "named": marking.typed(wanted.q),
        "about_of": lambda row: _about(desk, row),
    }


def _about(desk: Desk, row: Row) -> str:
    """The service and the place that were heard, in short."""
    knowledge = desk.knowledge
    service, office = knowledge.services.get(row.service), knowledge.offices.get(row.office)
    place = office.label if office else row.region
    return " · ".join(part for part in (service.label if service else "", place) if part)


def _count(numbers: Any, view: str) -> int | None:
    return {"waiting": numbers.waiting, "mine": numbers.mine}.get(view)


def _of(wanted: AskedList, signed: Signed) -> InboxFilter:
    view: View = wanted.view  # type: ignore[assignment]  # asked() let only known ones through
    return InboxFilter(
        view=view,
        officer=signed.officer.id,
        sight=signed.sight,
        search=wanted.q,
        office=wanted.office,
        service=wanted.service,
        reason=wanted.reason,
        page=wanted.page,
    )
