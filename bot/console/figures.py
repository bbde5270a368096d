"""Figures of any period: on a page, as files, and the reports that an office hands in."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Annotated, Literal

from fastapi import APIRouter, Form, HTTPException, Query, Request, Response

from bot.audit.service import note
from bot.complaints import figures as complaints
from bot.console.access import AnyOfficer, Supervisor
from bot.console.complaints import names_of
from bot.console.desk import Desk, Here
from bot.console.downloads import PaperKind, paper
from bot.console.gathered import Gathered, gather, grids, summary
from bot.console.papers import SOLVED, Frame, complaints_report, figures_report, survey_report
from bot.console.register import today_at
from bot.console.rights import offices_seen, only_own
from bot.conversations.walls import Sight
from bot.figures.kept import Kept
from bot.figures.models import Letterhead
from bot.figures.periods import MONTHS_LONG, Period, calendar_keys, period, span_key
from bot.figures.printing import shown
from bot.officers.signing_in import Signed
from bot.survey import results

router = APIRouter(prefix="/figures")
ROOT = "/console/figures"
SECTION = "figures"
KEPT_FOR = 60.0
Key = Annotated[str, Query(max_length=40)]
What = Literal["layanan", "skm", "pengaduan"]
WHAT: dict[What, str] = {
    "layanan": "Laporan layanan",
    "skm": "Laporan SKM",
    "pengaduan": "Rekapitulasi pengaduan",
}
WRONG_DAYS = "Isi kedua tanggal; yang akhir tidak boleh sebelum yang awal, dan paling lama tiga tahun."
COUNTS = {"B": 13, "T": 6, "S": 4, "": 3}
KINDS = {"B": "Bulan", "T": "Triwulan", "S": "Semester", "": "Tahun"}

_kept: Kept[Gathered] = Kept(KEPT_FOR)


@dataclass(frozen=True, slots=True)
class Chosen:
    """What somebody wants to see: a period of one office or of all of theirs."""

    period: Period
    office: str
    sight: Sight
    whose: str

    @property
    def query(self) -> dict[str, str]:
        return {"masa": self.period.key, "kantor": self.office}


@router.get("")
async def figures(
    request: Request,
    desk: Here,
    signed: AnyOfficer,
    masa: Key = "",
    dari: Key = "",
    sampai: Key = "",
    kantor: Key = "",
) -> Response:
    """The figures of a period against the one before: a calendar's (`masa`), or of any days (`dari`, `sampai`)."""
    wrong = bool(dari or sampai) and not span_key(dari, sampai)
    chosen = _chosen(desk, signed, span_key(dari, sampai) or masa, kantor)
    now, before = await _both(desk, chosen)
    return desk.page(
        request,
        signed,
        "figures.html",
        section=SECTION,
        status=422 if wrong else 200,
        error=WRONG_DAYS if wrong else "",
        chosen=chosen,
        running=chosen.period.end > desk.now(),
        summary=summary(now, before),
        grids=grids(now, desk.knowledge, officers=signed.may("supervisor")),
        periods=_periods(desk),
        offices=[("", "Semua kantor saya"), *((one.id, one.label) for one in offices_seen(desk, signed))],
        reports=list(WHAT.items()),
        solved=SOLVED,
        shown=shown,
    )


@router.get("/{what}/report.{kind}")
async def report(
    desk: Here, signed: AnyOfficer, what: What, kind: PaperKind, masa: Key = "", kantor: Key = ""
) -> Response:
    """A report as a file: all figures, the survey (SKM), or the recap of complaints."""
    chosen = _chosen(desk, signed, masa, kantor)
    async with desk.session() as session:
        head = await session.get(Letterhead, _office_of(desk, signed, chosen))
        await note(
            session, signed.actor, "figures.exported", "figures", 0, what=what, kind=kind, period=chosen.period.key
        )
    frame = Frame(chosen.whose, head, today_at(desk))
    name = f"{what}-{chosen.office or 'semua'}-{chosen.period.key.replace('..', '-sampai-')}"
    if what == "layanan":
        now, before = await _both(desk, chosen)
        made = figures_report(now, before, desk.knowledge, frame, officers=signed.may("supervisor"))
        return await paper(made, kind, name)
    async with desk.session() as session:
        zone, start, end = chosen.period.zone.key, chosen.period.start, chosen.period.end
        if what == "skm":
            found = await results.report(session, desk.knowledge, zone, start, end, sight=chosen.sight)
            made = survey_report(found, desk.knowledge, chosen.period, frame)
        else:
            rows = await complaints.counts(session, zone, start, sight=chosen.sight, until=end)
            times = await complaints.times(session, zone, start, sight=chosen.sight, until=end)
            names = names_of(desk.knowledge)
            made = complaints_report(rows, times, desk.knowledge, names, chosen.period, frame)
    return await paper(made, kind, name)


@router.get("/letterhead")
async def letterhead(request: Request, desk: Here, signed: Supervisor, kantor: Key = "") -> Response:
    """What stands above and below the reports of an office."""
    office = _asked_office(desk, signed, kantor)
    async with desk.session() as session:
        head = await session.get(Letterhead, office)
    return desk.page(
        request,
        signed,
        "letterhead.html",
        section=SECTION,
        head=head,
        office=office,
        offices=_heads(desk, signed),
    )


@router.post("/letterhead")
async def keep_letterhead(
    request: Request,
    desk: Here,
    signed: Supervisor,
    office: Annotated[str, Form(max_length=60)] = "",
    lines: Annotated[str, Form(max_length=600)] = "",
    place: Annotated[str, Form(max_length=80)] = "",
    position: Annotated[str, Form(max_length=120)] = "",
    signer: Annotated[str, Form(max_length=120)] = "",
    signer_number: Annotated[str, Form(max_length=40)] = "",
) -> Response:
    """Keeps it, for the own office only."""
    only_own(signed, office or None)
    if office and office not in desk.knowledge.offices:
        raise HTTPException(404)
    async with desk.session() as session:
        head = await session.get(Letterhead, office) or Letterhead(office=office)
        head.lines = "\n".join(one.strip() for one in lines.splitlines() if one.strip())
        head.place, head.position, head.signer = place.strip(), position.strip(), signer.strip()
        head.signer_number, head.changed_by, head.changed_at = signer_number.strip(), signed.actor, desk.now()
        session.add(head)
        await note(session, signed.actor, "figures.letterhead-set", "figures", 0, office=office)
    return desk.done(request, f"{ROOT}/letterhead?kantor={office}", "Kop surat disimpan.")


def _chosen(desk: Desk, signed: Signed, key: str, office: str) -> Chosen:
    """A month when nothing is asked; another's office is as unknown as none."""
    now = desk.now()
    asked = office if any(one.id == office for one in offices_seen(desk, signed)) else ""
    if office and not asked:
        raise HTTPException(404)
    zone = desk.zone_in(signed.sight.narrowed(asked))
    found = period(key or calendar_keys(now, zone, "B", 1)[0], now, zone)
    offices = desk.knowledge.offices
    if asked:
        whose = offices[asked].name
    elif signed.sight.offices is None:
        whose = "Semua kantor"
    else:
        whose = ", ".join(offices[one].name for one in signed.sight.offices if one in offices)
    return Chosen(found, asked, signed.sight.narrowed(asked), whose)


def _office_of(desk: Desk, signed: Signed, chosen: Chosen) -> str:
    """Whose letterhead a report bears: the chosen office's, or the person's only one."""
    own = signed.sight.offices or ()
    return chosen.office or (own[0] if len(own) == 1 else "")


def _asked_office(desk: Desk, signed: Signed, asked: str) -> str:
    known = [name for name, _ in _heads(desk, signed)]
    return asked if asked in known else known[0]


def _heads(desk: Desk, signed: Signed) -> list[tuple[str, str]]:
    """Offices whose letterhead this person may set."""
    everything = [("", "Laporan beberapa kantor")] if signed.sight.offices is None else []
    return [*((one.id, one.label) for one in offices_seen(desk, signed)), *everything]


async def _both(desk: Desk, chosen: Chosen) -> tuple[Gathered, Gathered]:
    return await _gathered(desk, chosen.period, chosen.sight), await _gathered(desk, chosen.period.before, chosen.sight)


async def _gathered(desk: Desk, asked: Period, sight: Sight) -> Gathered:
    async def make() -> Gathered:
        async with desk.session() as session:
            return await gather(session, desk, asked, sight)

    return await _kept.get((desk.runtime.database.url, sight, asked.key, asked.start), make)


def _periods(desk: Desk) -> list[tuple[str, list[tuple[str, str]]]]:
    """Groups of a choice: last days, months, quarters, semesters, years."""
    now = desk.now()
    days = ["hari-ini", "7-hari", "30-hari", "90-hari", "setahun"]
    groups = [("Hari terakhir", days)]
    groups += [(KINDS[kind], calendar_keys(now, desk.zone, kind, COUNTS[kind])) for kind in MONTHS_LONG]
    return [(title, [(key, period(key, now, desk.zone).title) for key in keys]) for title, keys in groups]
