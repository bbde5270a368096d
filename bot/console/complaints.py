"""Reports of citizens: what waits for the staff, and what can be learned from them. No words and no names here."""

from __future__ import annotations

from datetime import datetime, timedelta
from typing import Annotated

from fastapi import APIRouter, Query, Request, Response
from markupsafe import Markup

from bot.audit.service import note
from bot.complaints import figures, office
from bot.complaints.office import View
from bot.console import downloads, words
from bot.console.access import AnyOfficer, listed_to
from bot.console.desk import Desk, Here
from bot.console.downloads import TableKind
from bot.console.papers import complaint_rows
from bot.console.rights import offices_seen
from bot.knowledge.models import Knowledge

router = APIRouter(prefix="/complaints")
ROOT = "/console/complaints"
SECTION = "complaints"
VIEWS: dict[View, str] = {
    "send": "Perlu dikirim",
    "waiting": "Menunggu nomor",
    "lapor": "Di LAPOR!",
    "closing": "Segera ditutup",
    "dead": "Gagal terkirim",
    "done": "Selesai dan dijawab",
}
STATUS_NAMES = {
    "queued": ("perlu dikirim", "warn"),
    "sending": ("dikirim ke sistem kantor", ""),
    "received": ("diterima sistem kantor", ""),
    "submitted": ("di LAPOR!", "calm"),
    "answered": ("dijawab", "good"),
    "reopened": ("dibuka lagi", "warn"),
    "closed": ("selesai", "good"),
    "ready": ("siap", ""),
    "handed": ("dikirim pelapor", ""),
}
PERIODS = {"30": "30 hari terakhir", "90": "90 hari terakhir", "365": "Satu tahun", "": "Semua"}
Period = Annotated[str, Query(pattern=r"^(30|90|365|)$")]
Text = Annotated[str, Query(max_length=60)]


@router.get("")
async def listing(request: Request, desk: Here, signed: AnyOfficer, view: View = "send") -> Response:
    """One list at a time; what is due first stands first."""
    settings = desk.runtime.settings
    async with desk.session() as session:
        lines = await office.view(session, desk.knowledge, desk.now(), settings.timezone, view, signed.sight)
        await listed_to(session, signed, "complaint", [one.id for one in lines], desk)
        counts = await office.counts_of_views(session, desk.knowledge, desk.now(), settings.timezone, signed.sight)
    return desk.page(
        request,
        signed,
        "complaints.html",
        section=SECTION,
        lines=lines,
        view=view,
        waiting=counts["send"],
        tabs=[(f"{ROOT}?view={name}", title, counts.get(name)) for name, title in VIEWS.items()],
        names=names_of(desk.knowledge),
        today=desk.now().astimezone(desk.zone_in(signed.sight)).date(),
    )


@router.get("/figures")
async def learned(request: Request, desk: Here, signed: AnyOfficer, period: Period = "90", of: Text = "") -> Response:
    """Counts by office, service, stage, cause and status, the causes and the times to an answer."""
    zone, since = desk.runtime.settings.timezone, _since(desk, period)
    async with desk.session() as session:
        rows = await figures.counts(session, zone, since, of, signed.sight)
        times = await figures.times(session, zone, since, of, signed.sight)
    causes = figures.top_causes(rows, desk.knowledge)
    offices = [("", words.ALL_OFFICES), *((one.id, one.label) for one in offices_seen(desk, signed) if one.region)]
    return desk.page(
        request,
        signed,
        "complaints-figures.html",
        section=SECTION,
        rows=rows,
        causes=causes,
        times=times,
        pictures={
            "causes": Markup(figures.picture("Laporan menurut sebab", causes)),  # noqa: S704 our own, escaped
            "times": Markup(figures.picture("Waktu sampai dijawab", times)),  # noqa: S704
        },
        period=period,
        periods=list(PERIODS.items()),
        of=of,
        offices=offices,
        names=names_of(desk.knowledge),
    )


@router.get("/figures.{kind}")
async def as_file(desk: Here, signed: AnyOfficer, kind: TableKind, period: Period = "90", of: Text = "") -> Response:
    """The same table as a file."""
    async with desk.session() as session:
        rows = await figures.counts(session, desk.runtime.settings.timezone, _since(desk, period), of, signed.sight)
        await note(session, signed.actor, "complaint.counts-exported", "complaint-list", 0, rows=len(rows))
    return await downloads.table([complaint_rows(rows, names_of(desk.knowledge))], kind, "pengaduan")


def _since(desk: Desk, period: str) -> datetime | None:
    return desk.now() - timedelta(days=int(period)) if period else None


def names_of(knowledge: Knowledge) -> dict[str, dict[str, str]]:
    """Ids of the lists' columns -> what officers read."""
    stages = {
        f"{service}/{stage.id}": stage.title
        for service, entry in knowledge.stages.items()
        for procedure in entry.procedures
        for stage in procedure.stages
    }
    return {
        "office": {one.id: one.label for one in knowledge.offices.values()},
        "service": {one.id: one.label for one in knowledge.services.values()},
        "stage": stages,
        "cause": {one.id: one.title for one in knowledge.complaints.routes},
        "visibility": {one.id: one.label for one in knowledge.complaints.visibility},
        "status": {name: title for name, (title, _) in STATUS_NAMES.items()},
        "tone": {name: tone for name, (_, tone) in STATUS_NAMES.items()},
    }
