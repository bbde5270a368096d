"""`pandu survey report`: the figures of the survey, from the command line."""

from __future__ import annotations

import re
from collections.abc import Sequence
from datetime import UTC, date, datetime, time, timedelta
from pathlib import Path
from typing import Any
from zoneinfo import ZoneInfo

import anyio

from bot.errors import CannotRun
from bot.figures.charts import said
from bot.knowledge.load import get_knowledge
from bot.survey import results
from bot.survey.results import Result

_DAY = re.compile(r"\d{4}-\d{2}-\d{2}")


async def show(
    runtime: Any, since: str, until: str, office: str, service: str, csv: Path | None, svg: Path | None
) -> int:
    """Print the report, or write its table and picture. Raises CannotRun."""
    knowledge, zone = get_knowledge(), ZoneInfo(runtime.settings.timezone)
    for kind, named, known in (("office", office, knowledge.offices), ("service", service, knowledge.services)):
        if named and named not in known:
            raise CannotRun(f"There is no {kind} {named}; one of: {', '.join(sorted(known))}.")
    first = datetime.combine(_day(since), time(), zone) if since else datetime(2000, 1, 1, tzinfo=UTC)
    last = datetime.combine(_day(until) if until else datetime.now(zone).date(), time(), zone) + timedelta(days=1)
    async with runtime.database.session() as session:
        found = await results.report(session, knowledge, zone.key, first, last, office, service)
    if svg is not None:
        await anyio.Path(svg).write_text(results.elements_picture(found.whole), "utf-8")
        print(f"Drawn: {svg}")
    if csv is not None:
        table = results.table(found, knowledge)
        if str(csv) == "-":
            print(table, end="")
        else:
            await anyio.Path(csv).write_text(table, "utf-8")
            print(f"Written: {csv}")
    if csv is None and svg is None:
        _print(found.whole)
        _list("By service", found.services)
        _list("By month", found.months)
    return 0


def _print(whole: Result) -> None:
    for one in whole.elements:
        bar = "█" * round(10 * (one.nrr or 0))
        mean = "-" if one.nrr is None else said(one.nrr, 2)
        print(f"{one.id.upper()}  {one.name:<22} {mean:>5}  {bar}  {one.answers} answers")
    print(
        f"IKM {_index(whole)}; {whole.respondents} respondents of {whole.invited} invited, {whole.complete} complete."
    )
    if whole.few:
        print(f"Fewer than {results.FEW} respondents: read it with care.")


def _list(title: str, found: Sequence[Result]) -> None:
    print(f"\n{title}")
    for one in found:
        print(f"  {one.name:<48} {_index(one):<24} {one.respondents:>5} of {one.invited}")


def _index(one: Result) -> str:
    return "-" if one.ikm is None else f"{said(one.ikm, 2)} {one.grade} ({one.grade_name})"


def _day(typed: str) -> date:
    if not _DAY.fullmatch(typed):
        raise CannotRun(f"{typed} is no date: write 2026-12-01.")
    try:
        return date.fromisoformat(typed)
    except ValueError as error:
        raise CannotRun(f"{typed} is no date: write 2026-12-01.") from error
