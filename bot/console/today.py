"""The dashboard: how things stand, and the last days, at a glance."""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass
from datetime import datetime

from fastapi import APIRouter, Request, Response
from markupsafe import Markup

from bot.complaints import figures
from bot.console.access import AnyOfficer
from bot.console.complaints import STATUS_NAMES
from bot.console.desk import Desk, Here
from bot.console.duties import duties
from bot.console.words import MEANINGS
from bot.conversations.walls import Sight
from bot.dates import MONTHS
from bot.figures import charts, service
from bot.figures.kept import Kept
from bot.figures.periods import Period, period
from bot.handoff.triage.targets import SOON
from bot.understanding.service import Group, groups

router = APIRouter()

KEYS = ("hari-ini", "7-hari", "30-hari")
MOST_TOPICS = 8
MOST_GROUPS = 5
NEWEST_UNKNOWN = 300  # messages that are grouped here; 0.1 s
KEPT_FOR = 60.0  # seconds; for periods of several days, and for groups


@dataclass(frozen=True, slots=True)
class Past:
    """What a period says; counted together and kept together."""

    activity: service.Activity
    solved: service.Solved
    speed: service.Speed
    helped: service.Helped
    causes: tuple[tuple[str, int], ...]


_kept: Kept[Past] = Kept(KEPT_FOR)
_groups: Kept[list[Group]] = Kept(KEPT_FOR)


async def today(request: Request, desk: Here, signed: AnyOfficer, masa: str = "hari-ini") -> Response:
    """The console's first page: figures of today, 7 or 30 days (`masa`), and how things stand now."""
    zone = desk.zone_in(signed.sight)
    chosen = period(masa if masa in KEYS else KEYS[0], desk.now(), zone)
    past = await _past(desk, signed.sight, chosen)
    return desk.page(
        request,
        signed,
        "today.html",
        section="today",
        board=await _board(desk, signed.sight),
        past=past,
        chosen=chosen,
        duties=await duties(desk, signed),
        unknown=await _unknown(desk, signed.sight) if signed.may("supervisor") else [],
        periods=[period(key, desk.now(), zone) for key in KEYS],
        pictures=_pictures(past, chosen),
        states={name: title for name, (title, _) in STATUS_NAMES.items()},
        said=charts.said,
    )


@router.get("/board")
async def board(desk: Here, signed: AnyOfficer) -> Response:
    """The tiles of the present, again and again."""
    return desk.part("today-board.html", board=await _board(desk, signed.sight), said=charts.said, signed=signed)


def moment_name(start: datetime, period: Period) -> str:
    """How a picture names an hour ("09.00") or a day ("5 Nov")."""
    if len(period.days) == 1:
        return f"{start:%H.%M}"
    return f"{start.day} {MONTHS[start.month - 1][:3].capitalize()}"


async def _board(desk: Desk, sight: Sight) -> service.Board:
    now = desk.now()
    async with desk.session() as session:
        return await service.board(session, now, period(KEYS[0], now, desk.zone_in(sight)), sight, SOON)


async def _unknown(desk: Desk, sight: Sight) -> list[tuple[str, int]]:
    """What the newest messages that were not understood may be about, and of how many people; without their words."""

    async def find() -> list[Group]:
        async with desk.session() as session:
            return await groups(session, NEWEST_UNKNOWN, sight)

    found = (await _groups.get((desk.runtime.database.url, sight), find))[:MOST_GROUPS]
    people: Counter[str] = Counter()
    for one in found:
        people[MEANINGS.get(one.guess or "", "Belum ada dugaan")] += one.people
    return people.most_common()


async def _past(desk: Desk, sight: Sight, chosen: Period) -> Past:
    if len(chosen.days) == 1:
        return await _count(desk, sight, chosen)
    key = (desk.runtime.database.url, sight, chosen.key, chosen.start)
    return await _kept.get(key, lambda: _count(desk, sight, chosen))


async def _count(desk: Desk, sight: Sight, chosen: Period) -> Past:
    async with desk.session() as session:
        complaints = await figures.counts(session, chosen.zone.key, chosen.start, sight=sight)
        return Past(
            await service.activity(session, chosen, sight),
            await service.solved(session, chosen, sight),
            await service.speed(session, chosen, sight),
            await service.helped(session, chosen, sight),
            tuple(figures.top_causes(complaints, desk.knowledge)),
        )


def _pictures(past: Past, chosen: Period) -> dict[str, Markup]:
    slots = [(moment_name(one.start, chosen), float(one.messages)) for one in past.activity.slots]
    topics = [(MEANINGS.get(one.family, one.family), one.messages) for one in past.activity.topics[:MOST_TOPICS]]
    each = "jam" if len(chosen.days) == 1 else "hari"
    drawn = {
        "usage": charts.columns(f"Pesan pemohon tiap {each}", slots),
        "topics": charts.bars("Yang paling sering ditanyakan", topics),
        "causes": charts.bars("Laporan warga menurut sebab", past.causes),
    }
    return {name: Markup(picture) for name, picture in drawn.items()}  # noqa: S704 our own SVG; labels are escaped
