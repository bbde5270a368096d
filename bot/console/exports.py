"""The lists of the console as files: what stands on the page with its filters, all pages of it."""

from __future__ import annotations

from datetime import datetime
from typing import Annotated

from fastapi import APIRouter, Query, Response

from bot.applications import lists, promises
from bot.applications.models import Application
from bot.audit.service import AuditFilter, lines, note
from bot.complaints import office as reports
from bot.complaints.office import View
from bot.console import downloads
from bot.console.access import AnyOfficer, Supervisor, listed_to
from bot.console.acts import SUBJECTS, TITLES, told, who
from bot.console.audit import colleague
from bot.console.complaints import names_of
from bot.console.desk import Desk, Here
from bot.console.downloads import TableKind
from bot.console.register import TURN_NAMES, Filtered, register_at, row_of, today_at
from bot.figures.tables import Cell, Grid
from bot.officers.service import listed
from bot.working_days import zone_of

router = APIRouter()
MOST = 50_000
MOST_LINES = 20_000  # of the log
Text = Annotated[str, Query(max_length=100)]
_HEAD = [
    "Nomor",
    "Nomor kantor",
    "Layanan",
    "Kantor",
    "Pemohon",
    "Usaha",
    "Masuk",
    "Tahap",
    "Sejak",
    "Giliran",
    "Janji",
]


@router.get("/applications/table.{kind}")
async def applications(desk: Here, signed: AnyOfficer, kind: TableKind, wanted: Filtered) -> Response:
    """The register as it is filtered, at most MOST rows."""
    async with register_at(desk, signed) as register:
        found = await lists.selected(register, wanted, MOST)
        rows = [_application(desk, one) for one in found]
        await listed_to(register.session, signed, "application", [one.id for one in found], desk)
        await note(register.session, signed.actor, "application.exported", "application-list", 0, rows=len(rows))
    return await downloads.table([Grid("Permohonan", _HEAD, rows)], kind, f"permohonan-{today_at(desk)}")


@router.get("/applications/overdue/table.{kind}")
async def overdue(desk: Here, signed: AnyOfficer, kind: TableKind, office: Text = "") -> Response:
    """Promises that are broken or break soon. `Sisa hari kerja` is negative for broken ones."""
    async with register_at(desk, signed) as register:
        found = await promises.due(register, office, limit=MOST)
        rows = [[*_application(desk, one.application), one.left] for one in found]
        await listed_to(register.session, signed, "application", [one.application.id for one in found], desk)
        await note(register.session, signed.actor, "application.exported", "application-list", 0, rows=len(rows))
    grid = Grid("Janji waktu", [*_HEAD, "Sisa hari kerja"], rows)
    return await downloads.table([grid], kind, f"janji-waktu-{today_at(desk)}")


@router.get("/complaints/table.{kind}")
async def complaints(desk: Here, signed: AnyOfficer, kind: TableKind, view: View = "send") -> Response:
    """One list of reports, without words and names."""
    async with desk.session() as session:
        found = await reports.view(
            session, desk.knowledge, desk.now(), desk.runtime.settings.timezone, view, signed.sight
        )
        await listed_to(session, signed, "complaint", [one.id for one in found], desk)
        await note(session, signed.actor, "complaint.list-exported", "complaint-list", 0, rows=len(found))
    names = names_of(desk.knowledge)
    head = ["Laporan", "Tracking ID", "Sebab", "Kantor", "Layanan", "Kerahasiaan", "Disetujui", "Batas berikutnya"]
    rows: list[list[Cell]] = [
        [
            one.id,
            one.tracking_id,
            names["cause"].get(one.route, one.route),
            names["office"].get(one.office, one.office),
            names["service"].get(one.service, one.service),
            names["visibility"].get(one.visibility, one.visibility),
            said_moment(desk, one.since),
            one.due,
            names["status"].get(one.status, one.status),
        ]
        for one in found
    ]
    return await downloads.table([Grid("Pengaduan", [*head, "Status"], rows)], kind, f"pengaduan-{today_at(desk)}")


@router.get("/audit/table.{kind}")
async def audit(
    desk: Here,
    signed: Supervisor,
    kind: TableKind,
    officer: Annotated[str, Query(max_length=20)] = "",
    about: Annotated[str, Query(max_length=30)] = "",
) -> Response:
    """The log as it is filtered, the newest MOST_LINES lines."""
    async with desk.session() as session:
        colleagues = [one for one in await listed(session) if colleague(signed, one)]
        actors = None if signed.sight.offices is None else [f"officer:{one.id}" for one in colleagues]
        asked = AuditFilter(f"officer:{officer}" if officer else "", about, "", None, actors=actors)
        found = await lines(session, asked, MOST_LINES)
        await note(session, signed.actor, "audit.exported", "audit", 0, rows=len(found))
    names = {f"officer:{one.id}": one.name for one in colleagues}
    rows: list[list[Cell]] = [
        [
            said_moment(desk, one.at),
            who(one.actor, names),
            TITLES.get(one.action, one.action),
            SUBJECTS.get(one.subject, one.subject),
            str(one.subject_id or ""),
            told(one.detail, desk.knowledge, names),
        ]
        for one in found
    ]
    head = ["Waktu", "Siapa", "Tindakan", "Tentang", "Nomor", "Keterangan"]
    return await downloads.table([Grid("Catatan", head, rows)], kind, f"catatan-{today_at(desk)}")


def _application(desk: Desk, one: Application) -> list[Cell]:
    row = row_of(desk.knowledge, one, today_at(desk, one.office))
    return [
        one.number,
        one.reference or "",
        row.service,
        row.office,
        one.applicant,
        one.business,
        one.received_on,
        row.stage,
        one.stage_since.astimezone(zone_of(one.office, desk.zone)).date(),
        TURN_NAMES.get(one.turn, one.turn),
        one.due_on,
    ]


def said_moment(desk: Desk, moment: datetime | None) -> datetime | None:
    """As a spreadsheet has it: the wall clock, without a zone."""
    return moment.astimezone(desk.zone).replace(tzinfo=None) if moment else None
