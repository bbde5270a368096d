"""The arithmetic of the survey, checked against sums done by hand."""

from __future__ import annotations

import csv
import io
from datetime import UTC, datetime, timedelta

import pytest
from sqlalchemy import delete, select
from sqlalchemy.ext.asyncio import AsyncSession

from bot.conversations.models import Conversation
from bot.knowledge.load import get_knowledge
from bot.survey import results
from bot.survey.models import Survey, SurveyAnswer
from bot.survey.service import forget

ZONE = "Asia/Jakarta"
START = datetime(2031, 3, 1, tzinfo=UTC)
END = START + timedelta(days=120)


async def survey(session: AsyncSession, number: int, scores: list[int | None], **values: object) -> None:
    """One invited person with these scores for u1, u2, …"""
    person = Conversation(channel="simulator", address=f"hasil-{number}")
    session.add(person)
    await session.flush()
    fields = {"office": "magetan", "service": "magetan-perluasan", "invited_at": START + timedelta(days=1)} | values
    row = Survey(conversation_id=person.id, occasion="licence", occasion_id=10**9 + number, status="done", **fields)
    session.add(row)
    await session.flush()
    answers = [
        SurveyAnswer(survey_id=row.id, element=f"u{position}", score=score)
        for position, score in enumerate(scores, start=1)
    ]
    session.add_all(answers)
    await session.flush()


async def found(session: AsyncSession, **only: str) -> results.Report:
    return await results.report(session, get_knowledge(), ZONE, START, END, **only)


async def test_nobody_yet(session: AsyncSession) -> None:
    report = await found(session)
    assert (report.whole.invited, report.whole.respondents, report.whole.ikm, report.whole.grade) == (0, 0, None, "")
    assert report.services == () and "Belum ada data" in results.trend_picture(report)


async def test_the_index_is_the_mean_of_the_means_times_25(session: AsyncSession) -> None:
    await survey(session, 1, [4, 4, 4, 4, 4, 4, 4, 4, 4])
    await survey(session, 2, [3, 3, 2, 4, 3, 3, 3, 3, 1])
    await survey(session, 3, [])
    whole = (await found(session)).whole
    assert (whole.invited, whole.respondents, whole.complete) == (3, 2, 2)
    assert [one.nrr for one in whole.elements] == [3.5, 3.5, 3.0, 4.0, 3.5, 3.5, 3.5, 3.5, 2.5]
    assert whole.ikm == pytest.approx(30.5 / 9 * 25) and (whole.grade, whole.grade_name) == ("B", "Baik")
    assert whole.few


async def test_skipped_elements_count_for_nobody(session: AsyncSession) -> None:
    await survey(session, 1, [4, None, 2])
    await survey(session, 2, [2])
    whole = (await found(session)).whole
    assert [one.nrr for one in whole.elements[:4]] == [3.0, None, 2.0, None]
    assert whole.ikm == pytest.approx(62.5) and whole.grade == "D"
    assert (whole.respondents, whole.complete) == (2, 0)


async def test_groups_filters_and_trend(session: AsyncSession) -> None:
    april = START + timedelta(days=40)
    await survey(session, 1, [4] * 9)
    await survey(session, 2, [2] * 9, office="kudus", service="kudus-iui", invited_at=april)
    await survey(session, 3, [3] * 9, invited_at=april)
    await survey(session, 4, [1] * 9, invited_at=END)
    report = await found(session)
    assert [(one.name, one.respondents, one.ikm) for one in report.months] == [
        ("2031-03", 1, 100.0),
        ("2031-04", 2, 62.5),
    ]
    assert [(one.respondents, one.ikm) for one in report.services] == [(2, 87.5), (1, 50.0)]
    assert (await found(session, office="kudus")).whole.ikm == 50.0
    assert (await found(session, service="magetan-perluasan")).whole.respondents == 2
    assert "Apr 2031" in results.trend_picture(report)


async def test_a_month_is_one_of_the_office(session: AsyncSession) -> None:
    await survey(session, 1, [4] * 9, invited_at=datetime(2031, 3, 31, 18, tzinfo=UTC))
    assert [one.name for one in (await found(session)).months] == ["2031-04"]


@pytest.mark.parametrize(
    ("index", "grade"),
    [
        (25, "D"),
        (64.99, "D"),
        (65, "C"),
        (76.6, "C"),
        (76.604, "C"),
        (76.61, "B"),
        (88.3, "B"),
        (88.31, "A"),
        (100, "A"),
    ],
)
def test_classes(index: float, grade: str) -> None:
    assert get_knowledge().survey.class_of(index).id == grade


async def test_figures_outlive_the_conversation(session: AsyncSession) -> None:
    await survey(session, 1, [4] * 9)
    person = (await session.scalars(select(Conversation.id).where(Conversation.address == "hasil-1"))).one()
    await forget(session, person)
    row = (await session.scalars(select(Survey).order_by(Survey.id.desc()).limit(1))).one()
    await session.refresh(row)
    assert (row.conversation_id, row.occasion_id) == (None, -row.id)
    await session.execute(delete(Conversation).where(Conversation.address == "hasil-1"))
    assert (await found(session)).whole.respondents == 1


async def test_the_table_holds_every_group(session: AsyncSession) -> None:
    await survey(session, 1, [4, 3, *[None] * 7], office="=cmd", service="")
    report = await found(session)
    rows = list(csv.DictReader(io.StringIO(results.table(report, get_knowledge())), delimiter=";"))
    assert [row["bagian"] for row in rows] == ["semua", "layanan", "bulan"]
    assert (rows[0]["NRR U1"], rows[0]["NRR U3"], rows[0]["IKM"], rows[0]["mutu"]) == ("4", "", "87,5", "B")
    assert rows[1]["nama"] == "'=cmd"
    assert "U1 Persyaratan: 4,00" in results.elements_picture(report.whole)
