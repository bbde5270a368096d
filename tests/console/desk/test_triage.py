"""Triage at the desk: reply targets, labels, saved views, putting off, several at once."""

from __future__ import annotations

import re
from datetime import timedelta

import httpx
import pytest

from bot.handoff.desk import open_handoff
from tests.console.desk.conftest import FrontOffice
from tests.console.desk.test_inbox import row_of


async def target(client: httpx.AsyncClient, minutes: str, office: str = "") -> httpx.Response:
    return await client.post("/console/triage/target", data={"office": office, "minutes": minutes})


async def test_a_target_warns_in_the_row_and_marks_it_afterwards(office: FrontOffice) -> None:
    assert (await target(office.wati, "600")).status_code == 303
    assert 'value="600"' in (await office.wati.get("/console/triage")).text
    person = await office.waiting("Tina Contoh", minutes=0)
    assert (await target(office.wati, "90")).status_code == 303

    async def due_in(minutes: float) -> None:
        async with office.runtime.database.session() as session:
            found = await open_handoff(session, person)
            assert found is not None
            assert found.due_at is not None
            found.due_at = office.clock() + timedelta(minutes=minutes)

    await due_in(5.5)
    soon = row_of(await office.sari.get("/console/inbox/rows?view=all&due=soon"), person)
    assert "target 5 mnt lagi" in soon
    assert f'id="row-{person}"' not in (await office.sari.get("/console/inbox/rows?view=all&due=late")).text
    await due_in(-9.5)
    late = row_of(await office.sari.get("/console/inbox/rows?view=all&due=late&sort=due"), person)
    assert "target lewat 9 mnt" in late
    board = (await office.sari.get("/console/board")).text
    assert "lewat target jawaban" in board
    assert "/console/inbox?view=all&amp;due=soon&amp;sort=due" in board
    assert (await target(office.wati, "")).status_code == 303
    assert "lewat target jawaban" not in (await office.sari.get("/console/board")).text


@pytest.mark.parametrize("typed", ["0", "-3", "setengah jam", "100000", "1e3"])
async def test_an_odd_target_is_refused_with_a_reason(office: FrontOffice, typed: str) -> None:
    answer = await target(office.wati, typed)
    assert answer.status_code == 422
    assert "Tulis target dalam menit" in answer.text


async def test_the_order_stays_in_the_address(office: FrontOffice) -> None:
    page = (await office.sari.get("/console/inbox?sort=newest")).text
    assert re.search(r'<option value="newest" selected>Terbaru', page)
    assert "?sort=newest" in page
    assert (await office.sari.get("/console/inbox?sort=odd&due=odd")).status_code == 200
