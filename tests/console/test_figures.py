"""The dashboard and the survey as officers see them."""

from __future__ import annotations

import csv
import io
import xml.etree.ElementTree as ElementTree
from datetime import UTC, datetime

import pytest

from bot.conversations.models import Conversation
from bot.storage.database import Database
from bot.survey.models import Survey, SurveyAnswer
from tests.console.conftest import SignedIn

HOSTILE = '"><script>alert(1)</script>'


@pytest.fixture
async def answered(database: Database) -> int:
    """One person gave every element a 4, for an office that nobody knows."""
    async with database.session() as session:
        person = Conversation(channel="simulator", address=f"konsol-{datetime.now(UTC).timestamp()}")
        session.add(person)
        await session.flush()
        number = int(datetime.now(UTC).timestamp() * 1e6)
        row = Survey(
            conversation_id=person.id,
            occasion="licence",
            occasion_id=number,
            office=HOSTILE,
            status="done",
            invited_at=datetime.now(UTC),
        )
        session.add(row)
        await session.flush()
        session.add_all(SurveyAnswer(survey_id=row.id, element=f"u{one}", score=4) for one in range(1, 10))
    return number


@pytest.mark.parametrize("query", ["", "?masa=7-hari", "?masa=30-hari", "?masa=selamanya"])
async def test_the_dashboard(signed_in: SignedIn, query: str) -> None:
    client = await signed_in("officer")
    page = await client.get(f"/console{query}")
    assert page.status_code == 200 and "menunggu petugas" in page.text
    drawn = page.text[page.text.index('<svg xmlns="http://www.w3.org/2000/svg" class="chart columns"') :]
    picture = ElementTree.fromstring(drawn[: drawn.index("</svg>") + 6])
    bars = picture.findall("{http://www.w3.org/2000/svg}rect")
    assert len(bars) == {"?masa=7-hari": 7, "?masa=30-hari": 30}.get(query, 24)


async def test_the_present_is_a_part_of_its_own(signed_in: SignedIn) -> None:
    client = await signed_in("officer")
    part = await client.get("/console/board")
    assert part.status_code == 200 and part.text.lstrip().startswith("<div") and "<html" not in part.text
    assert "/console/understanding" not in part.text  # only for those who may go there
    assert "/console/understanding" in (await (await signed_in("supervisor")).get("/console/board")).text


async def test_the_survey_as_page_and_table(signed_in: SignedIn, answered: int) -> None:
    client = await signed_in("officer")
    page = await client.get("/console/survey?masa=30-hari")
    assert page.status_code == 200 and "U9 Penanganan pengaduan" in page.text and "A · Sangat Baik" in page.text
    assert "<script>alert" not in page.text and "&lt;script&gt;" in page.text
    table = await client.get("/console/survey.csv?masa=30-hari")
    assert "attachment" in table.headers["content-disposition"] and table.text.startswith("\ufeff")
    rows = list(csv.DictReader(io.StringIO(table.text.removeprefix("\ufeff")), delimiter=";"))
    mine = next(row for row in rows if row["nama"] == HOSTILE)
    assert (mine["NRR U1"], mine["IKM"], mine["mutu"]) == ("4", "100", "A")


async def test_a_service_without_answers(signed_in: SignedIn, answered: int) -> None:
    client = await signed_in("officer")
    page = await client.get("/console/survey", params={"kantor": "'; drop table surveys; --", "masa": HOSTILE})
    assert page.status_code == 200 and "Belum ada jawaban pada masa ini" in page.text
