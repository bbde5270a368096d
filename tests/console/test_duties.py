"""Dates of effect and of review, and what is due on "Hari ini"."""

from __future__ import annotations

import html
import re
from collections.abc import AsyncIterator
from datetime import datetime, timedelta
from zoneinfo import ZoneInfo

import pytest
from sqlalchemy import delete, update

from bot.knowledge.publications import Publication
from bot.standards.tables import Proposal
from bot.storage.database import Database
from tests.console.conftest import SignedIn
from tests.console.drafting import OFFICE, ROOT, drafted, known, nothing_left

pytestmark = pytest.mark.usefixtures("nothing_is_left")


@pytest.fixture
async def nothing_is_left(database: Database) -> AsyncIterator[None]:
    yield
    async with database.session() as session:
        await session.execute(delete(Proposal))
    async with nothing_left(database):
        pass


async def test_a_planned_version_waits_for_its_day_and_is_reviewed_on_another(
    signed_in: SignedIn, database: Database
) -> None:
    supervisor, officer = await signed_in("supervisor"), await signed_in("officer")
    today = datetime.now(ZoneInfo("Asia/Jakarta")).date()
    address = await drafted(supervisor)
    for wrong in (
        {"effective_on": str(today - timedelta(days=1))},
        {"effective_on": "besok"},
        {"review_on": str(today)},
    ):
        typed = {"reason": "baru", "version": "2", **wrong}
        assert (await supervisor.post(f"{address}/publish", data=typed)).status_code == 422
    planned = {"reason": "standar tahun depan", "version": "2", "effective_on": str(today + timedelta(days=3))}
    later = {"review_on": str(today + timedelta(days=90))}
    assert (await supervisor.post(f"{address}/publish", data=planned | later)).status_code == 303
    assert OFFICE["office_region"] not in {one.region for one in (await known(database)).offices.values()}
    page = html.unescape((await officer.get("/console")).text)
    assert "standar tahun depan" in page and "berlaku " in page.split("standar tahun depan")[1][:200]

    async with database.session() as session:  # the days go by
        days = {"effective_on": today - timedelta(days=90), "review_on": today}
        await session.execute(update(Publication).values(**days))
    assert OFFICE["office_region"] in {one.region for one in (await known(database)).offices.values()}
    assert "waktunya ditinjau" in (await supervisor.get("/console")).text
    number = re.search(r"versions/(\d+)/reviewed", (await supervisor.get(ROOT)).text)
    assert number is not None
    reviewed = f"{ROOT}/versions/{number[1]}/reviewed"
    assert (await officer.post(reviewed)).status_code == 403
    assert (await supervisor.post(reviewed, data={"again": str(today)})).status_code == 422
    assert (await supervisor.post(reviewed, data={"again": "kapan"})).status_code == 422
    assert (await supervisor.post(reviewed, data={"again": str(today + timedelta(days=30))})).status_code == 303
    assert "standar tahun depan" not in (await supervisor.get("/console")).text


async def test_supervisors_read_that_proposals_wait(signed_in: SignedIn) -> None:
    officer, supervisor = await signed_in("officer"), await signed_in("supervisor")
    fact = {"kind": "fact", "fact": "kudus-iui/requirement/ktp", "text": "KTP elektronik"}
    assert (await officer.post("/console/knowledge/proposals", data=fact)).status_code == 303
    assert "menunggu keputusan penyelia" in (await supervisor.get("/console")).text
    assert "menunggu keputusan penyelia" not in (await officer.get("/console")).text
