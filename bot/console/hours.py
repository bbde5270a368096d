"""Working hours of an office: time zone, week, closed days, holidays that are worked, hours for a span of dates."""

from __future__ import annotations

from collections.abc import Awaitable, Callable
from dataclasses import dataclass, field
from datetime import date, time
from typing import Annotated, Any

from fastapi import APIRouter, Form, Request, Response
from sqlalchemy import select

from bot.console import words
from bot.console.access import Supervisor
from bot.console.acting import acting
from bot.console.desk import Desk, Here
from bot.console.notices import offices_for
from bot.console.rights import may_change
from bot.conversations.jobs import defer
from bot.handoff.desk import Act, BadInput, DeskError
from bot.handoff.ownership import hours
from bot.handoff.ownership.hours_form import closed_days, weeks
from bot.handoff.triage import targets
from bot.officers.signing_in import Signed
from bot.working_days import ZONES, OfficeZone, WorkedDay, load_clocks, today_of, zone_name

router = APIRouter()
ADDRESS = "/console/hours"
SPANS = 2  # a day with a break
Field = Annotated[str, Form(max_length=300)]
Typed = dict[int, list[tuple[str, str]]]


@dataclass(frozen=True, slots=True)
class Wrong:
    """What was refused. `at` is the field's name, `form` the one it stands in; `typed` is what was typed there."""

    form: str
    error: DeskError
    at: str = ""
    typed: dict[str, str] = field(default_factory=dict)
    week: Typed | None = None


class BadField(BadInput):
    """A field that cannot be read; `at` is its name."""

    def __init__(self, why: str, at: str) -> None:
        super().__init__(why)
        self.at = at


@router.get("/hours")
async def hours_page(request: Request, desk: Here, signed: Supervisor, office: str = "") -> Response:
    return await _page(request, desk, signed, office)


@router.post("/hours")
async def save(request: Request, desk: Here, signed: Supervisor, office: Field = "") -> Response:
    """Fields `opens-DAY-N` and `closes-DAY-N`, "08.00", "08:00" or "8.00"; both empty: closed."""
    typed = await _typed_week(request)

    async def work(act: Act) -> None:
        await hours.set_hours(act, office, _week(typed))

    return await _done(request, desk, signed, office, "week", work, "Jam kerja tersimpan.", week=typed)


@router.post("/hours/zone")
async def set_zone(request: Request, desk: Here, signed: Supervisor, office: Field = "", zone: Field = "") -> Response:
    async def work(act: Act) -> None:
        await hours.set_zone(act, office, zone)

    return await _done(request, desk, signed, office, "zone", work, "Zona waktu tersimpan.")


@router.post("/hours/closed")
async def close_day(
    request: Request, desk: Here, signed: Supervisor, office: Field = "", day: Field = "", reason: Field = ""
) -> Response:
    async def work(act: Act) -> None:
        await hours.close_day(act, office, _date(day, "Hari kantor tutup"), reason)

    return await _done(
        request, desk, signed, office, "closed", work, "Hari libur tersimpan.", typed={"day": day, "reason": reason}
    )


@router.post("/hours/opened")
async def open_day(request: Request, desk: Here, signed: Supervisor, office: Field = "", day: Field = "") -> Response:
    """Takes a closed day back."""

    async def work(act: Act) -> None:
        await hours.open_day(act, office, _date(day, "Hari kantor tutup"))

    return await _done(request, desk, signed, office, "closed", work, "Hari libur dibatalkan.")


@router.post("/hours/worked")
async def work_day(
    request: Request,
    desk: Here,
    signed: Supervisor,
    office: Field = "",
    day: Field = "",
    opens: Field = "",
    closes: Field = "",
) -> Response:
    """A holiday on which the office works; without times in its usual hours."""

    async def work(act: Act) -> None:
        where = "Libur yang masuk kerja"
        times = _span((opens, closes), where, ("opens", "closes")) if opens.strip() or closes.strip() else None
        await hours.work_day(act, office, _date(day, where), times)

    typed = {"day": day, "opens": opens, "closes": closes}
    return await _done(request, desk, signed, office, "worked", work, "Hari kerja tersimpan.", typed=typed)


@router.post("/hours/rested")
async def rest_day(request: Request, desk: Here, signed: Supervisor, office: Field = "", day: Field = "") -> Response:
    """Takes a worked day back."""

    async def work(act: Act) -> None:
        await hours.rest_day(act, office, _date(day, "Libur yang masuk kerja"))

    return await _done(request, desk, signed, office, "worked", work, "Hari itu kembali libur.")


@router.post("/hours/special")
async def add_special(
    request: Request,
    desk: Here,
    signed: Supervisor,
    office: Field = "",
    name: Field = "",
    first: Field = "",
    last: Field = "",
) -> Response:
    """Hours for a span of dates, with the week's fields."""
    typed = await _typed_week(request)

    async def work(act: Act) -> None:
        begins, ends = _date(first, "Jam khusus, mulai", "first"), _date(last, "Jam khusus, sampai", "last")
        await hours.add_special(act, office, name, begins, ends, _week(typed))

    said = {"name": name, "first": first, "last": last}
    return await _done(request, desk, signed, office, "special", work, "Jam khusus tersimpan.", week=typed, typed=said)


@router.post("/hours/special/{special_id}/end")
async def end_special(
    request: Request, desk: Here, signed: Supervisor, special_id: int, office: Field = ""
) -> Response:
    async def work(act: Act) -> None:
        await hours.end_special(act, special_id)

    return await _done(request, desk, signed, office, "special", work, "Jam khusus dihapus.")


async def _done(
    request: Request,
    desk: Desk,
    signed: Signed,
    office: str,
    form: str,
    work: Callable[[Act], Awaitable[None]],
    said: str,
    *,
    week: Typed | None = None,
    typed: dict[str, str] | None = None,
) -> Response:
    """Changes the calendar; the promises and reply targets of the office are counted anew."""
    try:
        if office and office not in desk.knowledge.offices:
            raise BadInput("Kantor ini tidak dikenal.")
        async with desk.session() as session:
            await work(acting(desk, signed, session))
            await targets.refresh(session, desk.runtime.settings.timezone)
            await defer(desk.runtime.jobs, session, "recount_due", office=office)
        async with desk.session() as session:
            await load_clocks(session)
    except DeskError as wrong:
        at = wrong.at if isinstance(wrong, BadField) else ""
        return await _page(request, desk, signed, office, Wrong(form, wrong, at, typed or {}, week))
    return desk.done(request, f"{ADDRESS}?office={office}#{form}" if office else f"{ADDRESS}#{form}", said)


async def _page(request: Request, desk: Desk, signed: Signed, office: str, wrong: Wrong | None = None) -> Response:
    office = office if office in desk.knowledge.offices else ""
    if not may_change(signed, office):
        office = signed.officer.office
    today = today_of(office, desk.now(), desk.zone)
    async with desk.session() as session:
        known = await weeks(session)
        values: dict[str, Any] = {
            "closed": await closed_days(session, office, today),
            "worked": (
                await session.scalars(
                    select(WorkedDay).where(WorkedDay.office == office, WorkedDay.day >= today).order_by(WorkedDay.day)
                )
            ).all(),
            "special": [one for one in await hours.special_hours(session, office, today) if one.office == office],
            "zone": await session.scalar(select(OfficeZone.zone).where(OfficeZone.office == office)) or "",
        }
        now = await hours.hours_of(session, office, desk.runtime.settings.timezone)
    kept = {day: [(f"{o:%H.%M}", f"{c:%H.%M}") for o, c in known.get(office, {}).get(day, ())] for day in range(7)}
    week_of = {"week": kept, "special": kept}
    if wrong is not None and wrong.week is not None:
        week_of[wrong.form] = wrong.week
    return desk.page(
        request,
        signed,
        "hours.html",
        section="hours",
        status=wrong.error.status if wrong else 200,
        error=wrong.error.why if wrong else "",
        wrong=wrong,
        typed={form: wrong.typed if wrong and wrong.form == form else {} for form in ("closed", "worked", "special")},
        office=office,
        offices=offices_for(desk, signed),
        own=office in known,
        anything=bool(known),
        weeks={form: _filled(week) for form, week in week_of.items()},
        weekdays=words.WEEKDAYS,
        zones=[("", f"Seperti instalasi ({zone_name(desk.zone)})"), *ZONES.items()],
        is_open=now.is_open(desk.now()),
        **values,
    )


def _filled(week: Typed) -> Typed:
    return {day: (spans + [("", "")] * SPANS)[: max(SPANS, len(spans))] for day, spans in week.items()}


async def _typed_week(request: Request) -> Typed:
    form = await request.form()
    return {
        day: [(str(form.get(f"opens-{day}-{n}", "")), str(form.get(f"closes-{day}-{n}", ""))) for n in range(SPANS)]
        for day in range(7)
    }


def _week(typed: Typed) -> hours.Week:
    """Raises BadField with row and field."""
    return {
        day: [
            _span(
                one,
                words.WEEKDAYS[day] + (", setelah istirahat" if n else ""),
                (f"opens-{day}-{n}", f"closes-{day}-{n}"),
            )
            for n, one in enumerate(spans)
            if any(part.strip() for part in one)
        ]
        for day, spans in typed.items()
    }


def _span(typed: tuple[str, str], where: str, names: tuple[str, str]) -> tuple[time, time]:
    """Raises BadField, which names the row and the field."""
    found = []
    for one, name, title in zip(typed, names, ("buka", "tutup"), strict=True):
        if not one.strip():
            raise BadField(f"{where}: jam {title} belum diisi.", name)
        try:
            found.append(time.fromisoformat(one.strip().replace(".", ":").zfill(5)))
        except ValueError:
            raise BadField(
                f"{where}: jam {title} “{one.strip()[:20]}” tidak terbaca. Tulis seperti 08.00.", name
            ) from None
    if found[0] >= found[1]:
        raise BadField(f"{where}: jam tutup {found[1]:%H.%M} harus setelah jam buka {found[0]:%H.%M}.", names[1])
    return found[0], found[1]


def _date(typed: str, where: str, name: str = "day") -> date:
    """Raises BadField."""
    try:
        return date.fromisoformat(typed)
    except ValueError:
        raise BadField(f"{where}: pilih tanggalnya.", name) from None
