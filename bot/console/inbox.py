"""The list of conversations: who waits, what is mine, what others have, what is done; live."""

from __future__ import annotations

import re
from dataclasses import dataclass, replace
from datetime import datetime
from typing import Annotated, Any
from urllib.parse import parse_qsl, urlencode, urlsplit

from fastapi import APIRouter, Depends, Form, Request, Response
from sqlalchemy.ext.asyncio import AsyncSession

from bot.console import marking, words
from bot.console.access import AnyOfficer, listed_to
from bot.console.acting import acting
from bot.console.desk import Desk, Here
from bot.console.notices import offices_for
from bot.console.rights import may_change, offices_seen
from bot.console.snoozes import CHOICES
from bot.handoff import notes
from bot.handoff.answering import approval
from bot.handoff.desk import BadInput, DeskError
from bot.handoff.ownership import callbacks
from bot.handoff.reading.inbox import PAGE, Row, counts, inbox
from bot.handoff.reading.narrowing import InboxFilter, View
from bot.handoff.triage import labels, views
from bot.handoff.triage.targets import SOON
from bot.officers.signing_in import Signed

router = APIRouter()
VIEWS: tuple[tuple[View, str], ...] = (
    ("waiting", "Menunggu"),
    ("mine", "Milik saya"),
    ("all", "Semua"),
    ("closed", "Selesai"),
)
EXTRA = (
    ("snoozed", "Ditunda"),
    ("held", "Persetujuan"),
    ("mentions", "Menyebut saya"),
    ("call-backs", "Minta dihubungi"),
)
DUES = {"": "Semua", "late": "Lewat target jawaban", "soon": "Lewat atau hampir lewat target"}
SORTS = {
    "": "Paling mendesak",
    "waiting": "Paling lama menunggu",
    "newest": "Terbaru",
    "due": "Target jawaban terdekat",
}
ALL_OFFICES = "all"
COUNTED = ("waiting", "mine", "all", "snoozed")
KEPT = ("view", "q", "office", "service", "reason", "due", "label", "sort")
Field = Annotated[str, Form(max_length=200)]
Query = Annotated[str, Form(max_length=2000)]
_OPEN = re.compile(r"/console/conversations/(\d{1,18})$")


@dataclass(frozen=True, slots=True)
class AskedList:
    """What the list is restricted to, as it stands in the address."""

    view: str = "waiting"
    q: str = ""
    office: str = ""
    service: str = ""
    reason: str = ""
    due: str = ""
    label: str = ""
    sort: str = ""
    page: int = 1

    @property
    def said(self) -> dict[str, Any]:
        """What is not as it is without a word."""
        plain = AskedList()
        return {name: getattr(self, name) for name in self.__slots__ if getattr(self, name) != getattr(plain, name)}

    @property
    def query(self) -> str:
        """For addresses: "?view=mine&q=…"; "" where nothing is said."""
        return f"?{urlencode(self.said)}" if self.said else ""

    @property
    def first(self) -> AskedList:
        return replace(self, page=1)

    @property
    def filtered(self) -> bool:
        return bool(self.office or self.service or self.reason or self.due or self.label)

    @property
    def everywhere(self) -> str:
        """The address of the same search in all views."""
        return f"/console/inbox{replace(self, view='all', page=1).query}"

    def on_page(self, page: int) -> str:
        return "/console/inbox" + replace(self, page=page).query


@dataclass(frozen=True, slots=True)
class SavedLine:
    """A saved view in the side list. `count` is None where it is not counted; `mine`: not the office's."""

    id: int
    name: str
    address: str
    count: int | None
    mine: bool
    removable: bool


def asked(
    view: str = "waiting",
    q: str = "",
    office: str = "",
    service: str = "",
    reason: str = "",
    due: str = "",
    label: str = "",
    sort: str = "",
    page: str = "1",
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
        due if due in DUES else "",
        label if label.isascii() and label.isdecimal() and len(label) < 18 else "",
        sort if sort in SORTS else "",
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
        found = await counts(session, signed.officer.id, desk.now(), signed.sight)
    return desk.part("inbox-waiting.html", count=found.waiting)


@router.post("/inbox/views")
async def save_view(
    request: Request, desk: Here, signed: AnyOfficer, name: Field = "", query: Query = "", office: Field = ""
) -> Response:
    """`query`: the list's address; `office`: "mine", or whose view it is."""
    wanted = asked(**{key: value for key, value in parse_qsl(query.removeprefix("?")) if key in KEPT})
    message = "Tampilan tersimpan."
    try:
        async with desk.session() as session:
            whose = None if office in ("", "mine") else _office(desk, office)
            await views.save(acting(desk, signed, session), name, wanted.said, whose)
    except DeskError as wrong:
        message = wrong.why
    return desk.done(request, "/console/inbox" + wanted.query, message)


@router.post("/inbox/views/{view_id}/remove")
async def remove_view(request: Request, desk: Here, signed: AnyOfficer, view_id: int) -> Response:
    message = "Tampilan dihapus."
    try:
        async with desk.session() as session:
            await views.remove(acting(desk, signed, session), view_id)
    except DeskError as wrong:
        message = wrong.why
    return desk.done(request, "/console/inbox", message)


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
    numbers = await counts(session, me, now, signed.sight)
    extra = {
        "snoozed": numbers.snoozed,
        "held": numbers.held,
        "mentions": numbers.mentions,
        "call-backs": numbers.call_backs,
    }
    found: list[Any]
    match wanted.view:
        case "held":
            found = await approval.held(session, now, sight=signed.sight)
        case "mentions":
            found = await notes.mentions(acting(desk, signed, session), unseen=False)
        case "call-backs":
            found = await callbacks.waiting(session, now, wanted.office, signed.sight)
        case _:
            found = await inbox(session, filter_of(wanted, signed), now)
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
        "dues": DUES.items(),
        "sorts": SORTS.items(),
        "labels": await labels.listed(session, signed.sight),
        "saved": await _saved(session, signed, now),
        "view_offices": offices_for(desk, signed) if signed.may("supervisor") else [],
        "snoozes": CHOICES,
        "now": now,
        "soon": now + SOON,
        "reasons": [(kind, title) for kind, (title, _) in words.KINDS.items()],
        "words": words,
        "named": marking.typed(wanted.q),
        "about_of": lambda row: about(desk, row),
    }


async def _saved(session: AsyncSession, signed: Signed, now: datetime) -> list[SavedLine]:
    """The saved views with their addresses and counts."""
    found = await views.listed(session, signed.officer.id, signed.sight)
    wanted = {one.id: asked(**{name: str(value) for name, value in one.wanted.items()}) for one in found}
    counted = {number: filter_of(one, signed) for number, one in wanted.items() if one.view in COUNTED}
    numbers = await views.counts(session, counted, now)
    return [
        SavedLine(
            one.id,
            one.name,
            "/console/inbox" + wanted[one.id].query,
            numbers.get(one.id),
            one.officer_id is not None,
            one.officer_id is not None or (signed.may("supervisor") and may_change(signed, one.office)),
        )
        for one in found
    ]


def about(desk: Desk, row: Row) -> str:
    """The service and the place that were heard, in short."""
    knowledge = desk.knowledge
    service, office = knowledge.services.get(row.service), knowledge.offices.get(row.office)
    place = office.label if office else row.region
    return " · ".join(part for part in (service.label if service else "", place) if part)


def _office(desk: Desk, office: str) -> str:
    """Raises BadInput."""
    if office == ALL_OFFICES:
        return ""
    if office not in desk.knowledge.offices:
        raise BadInput("Kantor ini tidak dikenal.")
    return office


def _count(numbers: Any, view: str) -> int | None:
    return {"waiting": numbers.waiting, "mine": numbers.mine}.get(view)


def filter_of(wanted: AskedList, signed: Signed) -> InboxFilter:
    """What the database is asked for, within the officer's sight."""
    view: View = wanted.view  # type: ignore[assignment]  # asked() let only known ones through
    return InboxFilter(
        view=view,
        officer=signed.officer.id,
        sight=signed.sight,
        search=wanted.q,
        office=wanted.office,
        service=wanted.service,
        reason=wanted.reason,
        label=int(wanted.label) if wanted.label else None,
        due=wanted.due,  # type: ignore[arg-type]
        sort=wanted.sort,  # type: ignore[arg-type]
        page=wanted.page,
    )
