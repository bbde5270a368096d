"""The survey of satisfaction (SKM): index, elements, services, trend; as pictures, tables and CSV."""

from __future__ import annotations

from fastapi import APIRouter, Request, Response
from markupsafe import Markup

from bot.console import downloads, words
from bot.console.access import AnyOfficer
from bot.console.desk import Desk, Here
from bot.console.downloads import TableKind
from bot.console.rights import offices_seen
from bot.figures import charts
from bot.figures.periods import period
from bot.officers.signing_in import Signed
from bot.survey import results
from bot.survey.results import SurveyReport

router = APIRouter()

KEYS = ("30-hari", "90-hari", "setahun")


@router.get("/survey")
async def survey(
    request: Request, desk: Here, signed: AnyOfficer, masa: str = "90-hari", kantor: str = "", layanan: str = ""
) -> Response:
    """The survey of a period (`masa`), of all or one office (`kantor`) or service (`layanan`)."""
    found = await _report(desk, signed, masa, kantor, layanan)
    offices, services = desk.knowledge.offices, desk.knowledge.services
    return desk.page(
        request,
        signed,
        "survey.html",
        section="survey",
        found=found,
        elements=_drawn(results.elements_picture(found.whole)),
        trend=_drawn(results.trend_picture(found)),
        month_name=results.month_name,
        rules=desk.knowledge.survey,
        few=results.FEW,
        said=charts.said,
        periods=[(key, period(key, desk.now(), desk.zone).title) for key in KEYS],
        offices=[("", words.ALL_OFFICES), *((one.id, one.label) for one in offices_seen(desk, signed))],
        services=[
            ("", words.ALL_SERVICES),
            *(
                (one.id, f"{one.label}, {offices[one.office].label}")
                for one in services.values()
                if signed.sight.own(one.office)
            ),
        ],
        chosen={"masa": _key(masa), "kantor": kantor, "layanan": layanan},
    )


@router.get("/survey.{kind}")
async def table(
    desk: Here, signed: AnyOfficer, kind: TableKind, masa: str = "90-hari", kantor: str = "", layanan: str = ""
) -> Response:
    """The same as a file."""
    found = await _report(desk, signed, masa, kantor, layanan)
    name = f"skm-{_key(masa)}-{desk.now().astimezone(desk.zone):%Y-%m-%d}"
    return await downloads.table([results.grid(found, desk.knowledge)], kind, name)


async def _report(desk: Desk, signed: Signed, masa: str, office: str, service: str) -> SurveyReport:
    zone = desk.zone_in(signed.sight.narrowed(office[:60]))
    chosen = period(_key(masa), desk.now(), zone)
    async with desk.session() as session:
        return await results.report(
            session, desk.knowledge, zone.key, chosen.start, chosen.end, office[:60], service[:60], signed.sight
        )


def _key(masa: str) -> str:
    return masa if masa in KEYS else "90-hari"


def _drawn(picture: str) -> Markup:
    return Markup(picture)  # noqa: S704 our own SVG; labels are escaped
