"""Results of the survey: NRR per element, the index (IKM) with its class, respondents, by service and by month.

NRR is the mean score of an element. IKM is the mean of the elements' NRR times 25, each element with the same weight
(knowledge/survey.yaml: `index`). Answers of surveys that were stopped half-way count for the elements they have. People
answer in a chat when they like: this is no sample of all applicants, and every report says how many answered.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import Row, text
from sqlalchemy.ext.asyncio import AsyncSession

from bot.conversations.walls import ALL, MINE, Sight
from bot.dates import MONTHS
from bot.figures import charts
from bot.figures.tables import Cell, Grid, as_csv
from bot.knowledge.models import Knowledge

FEW = 30
"""Respondents below which a result is called uncertain: our own caution, no rule."""

# One row for each element and score, and rows without an element for surveys: 1 unanswered, 2 in part, 3 complete.
_COUNT = text(f"""
with chosen as (
    select id, office, service, to_char(invited_at at time zone :zone, 'YYYY-MM') as month
    from surveys
    where invited_at >= :since and invited_at < :until
        and {MINE.format(office="office")} and (:service = '' or service = :service)
), answers as (
    select c.office, c.service, c.month, c.id, a.element, a.score
    from chosen c join survey_answers a on a.survey_id = c.id where a.score is not null
), people as (
    select c.office, c.service, c.month, count(a.id) as answered
    from chosen c left join answers a on a.id = c.id group by c.id, c.office, c.service, c.month
)
select office, service, month, element, cast(score as int) as score, count(*) as number
from answers group by office, service, month, element, score
union all
select office, service, month, '', case when answered >= :elements then 3 when answered > 0 then 2 else 1 end, count(*)
from people group by 1, 2, 3, 4, 5
""")  # noqa: S608 a constant of ours


@dataclass(frozen=True, slots=True)
class Element:
    """One element. `counts[n]` people gave the score n + 1; `nrr` is None while nobody answered it."""

    id: str
    name: str
    counts: tuple[int, int, int, int]

    @property
    def answers(self) -> int:
        return sum(self.counts)

    @property
    def nrr(self) -> float | None:
        total = sum(score * count for score, count in enumerate(self.counts, start=1))
        return total / self.answers if self.answers else None


@dataclass(frozen=True, slots=True)
class Result:
    """The survey of one office, service or month. `ikm` (25 to 100) and `grade` are empty while nobody answered."""

    name: str
    invited: int
    respondents: int
    complete: int
    elements: tuple[Element, ...]
    ikm: float | None
    grade: str
    grade_name: str

    @property
    def few(self) -> bool:
        return 0 < self.respondents < FEW


@dataclass(frozen=True, slots=True)
class SurveyReport:
    """`services` by number of respondents; `months` in order, those without respondents included as they come."""

    whole: Result
    services: tuple[Result, ...]
    months: tuple[Result, ...]


async def report(
    session: AsyncSession,
    knowledge: Knowledge,
    zone: str,
    since: datetime,
    until: datetime,
    office: str = "",
    service: str = "",
    sight: Sight = ALL,
) -> SurveyReport:
    """Everything about surveys to which people were invited from `since` until before `until` (aware times)."""
    values = {"zone": zone, "since": since, "until": until, "service": service, **sight.narrowed(office).values}
    rows = (await session.execute(_COUNT, values | {"elements": len(knowledge.survey.elements)})).all()
    services = _grouped(knowledge, rows, lambda row: _place(knowledge, row.office, row.service))
    months = _grouped(knowledge, rows, lambda row: row.month)
    return SurveyReport(
        _result(knowledge, "Semua layanan", rows),
        tuple(sorted(services, key=lambda one: (-one.respondents, one.name))),
        tuple(sorted(months, key=lambda one: one.name)),
    )


def month_name(month: str) -> str:
    """ "2026-11" as "Nov 2026"."""
    year, number = month.split("-")
    return f"{MONTHS[int(number) - 1][:3].capitalize()} {year}"


def table(found: SurveyReport, knowledge: Knowledge) -> str:
    """The whole report as CSV, one line a group."""
    one = grid(found, knowledge)
    return as_csv(one.head, one.rows)


def grid(found: SurveyReport, knowledge: Knowledge) -> Grid:
    """The whole report as a table, one line a group."""
    names = [one.id.upper() for one in knowledge.survey.elements]
    head = ["bagian", "nama", "diundang", "responden", "lengkap", *(f"NRR {name}" for name in names), "IKM", "mutu"]
    parts = (("semua", [found.whole]), ("layanan", found.services), ("bulan", found.months))
    return Grid("SKM", head, [_line(part, one) for part, results in parts for one in results])


def elements_picture(result: Result) -> str:
    """NRR of each element as bars up to 4."""
    rows = [(f"{one.id.upper()} {one.name}", one.nrr or 0.0) for one in result.elements]
    return charts.bars(f"Nilai rata-rata (NRR) tiap unsur: {result.name}", rows, most=4.0, digits=2)


def trend_picture(found: SurveyReport) -> str:
    """The index month by month, between 25 and 100."""
    points = [(month_name(one.name), one.ikm) for one in found.months]
    return charts.line("Indeks Kepuasan Masyarakat (IKM) tiap bulan", points, least=25.0, most=100.0, digits=1)


def _line(part: str, one: Result) -> list[Cell]:
    scores: list[Cell] = [element.nrr for element in one.elements]
    return [part, one.name, one.invited, one.respondents, one.complete, *scores, one.ikm, one.grade]


def _grouped(knowledge: Knowledge, rows: Iterable[Row[Any]], name: Callable[[Row[Any]], str]) -> list[Result]:
    groups: dict[str, list[Row[Any]]] = defaultdict(list)
    for row in rows:
        groups[name(row)].append(row)
    return [_result(knowledge, key, members) for key, members in groups.items()]


def _result(knowledge: Knowledge, name: str, rows: Sequence[Row[Any]]) -> Result:
    scores: dict[tuple[str, int], int] = defaultdict(int)
    for row in rows:
        scores[row.element, row.score] += row.number
    elements = tuple(
        Element(one.id, one.name, (scores[one.id, 1], scores[one.id, 2], scores[one.id, 3], scores[one.id, 4]))
        for one in knowledge.survey.elements
    )
    means = [one.nrr for one in elements if one.nrr is not None]
    ikm = sum(means) / len(means) * 25 if means else None
    grade = knowledge.survey.class_of(ikm) if ikm is not None else None
    silent, partly, complete = (scores["", state] for state in (1, 2, 3))
    return Result(
        name,
        invited=silent + partly + complete,
        respondents=partly + complete,
        complete=complete,
        elements=elements,
        ikm=ikm,
        grade=grade.id if grade else "",
        grade_name=grade.fact.text if grade else "",
    )


def _place(knowledge: Knowledge, office: str, service: str) -> str:
    """The service with its office, as far as they are known."""
    found, at = knowledge.services.get(service), knowledge.offices.get(office)
    names = [found.label if found else service, at.label if at else office]
    return ", ".join(one for one in names if one) or "Layanan tidak diketahui"
