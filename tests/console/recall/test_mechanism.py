"""Acts that wait and are taken back: shown first, let go once, decided by one row."""

from __future__ import annotations

import asyncio
import re
from pathlib import Path

import httpx
from sqlalchemy import select, text

from bot.console.routes import PAGES
from bot.conversations import recall
from bot.conversations.models import Outgoing
from bot.conversations.runtime import Runtime
from bot.storage.database import Database
from tests.console.conftest import SignedIn
from tests.console.recall.acting import LIVE, act_of, at, state, take_back, waiting


async def test_the_exact_sentence_is_shown_and_nothing_is_done(officer: httpx.AsyncClient, database: Database) -> None:
    person = await waiting(database)
    before = await state(database, person)
    page = await officer.post(at(person, "claim"), data={"ask": "1"})
    assert (page.status_code, 'action="' + at(person, "claim") + '"' in page.text) == (200, True)
    assert await state(database, person) == before
    dialog = await officer.post(at(person, "claim"), data={"ask": "1"}, headers=LIVE)
    assert dialog.headers["hx-retarget"] == "#asking"
    await officer.post(at(person, "claim"))
    (sent,) = (await state(database, person))["said"]
    assert sent[0] == "held"
    for shown in (page.text, dialog.text):
        assert sent[1] in shown.replace("&#39;", "'")


async def test_what_waits_goes_out_when_its_time_has_come(
    officer: httpx.AsyncClient, database: Database, runtime: Runtime
) -> None:
    person = await waiting(database)
    await officer.post(at(person, "claim"))
    async with database.session() as session:
        (job,) = (
            await session.execute(
                text("select scheduled_at - now() as ahead from procrastinate_jobs where task_name = 'let_go'")
            )
        ).all()
        message = (await session.scalars(select(Outgoing))).one()
        assert 0 < (message.next_at - message.created_at).total_seconds() <= 11  # type: ignore[operator]
    assert 5 < job.ahead.total_seconds() <= 10
    await recall.let_go(runtime, await act_of(database))
    assert [one[0] for one in (await state(database, person))["said"]] == ["pending"]
    assert "Tidak bisa dibatalkan lagi" in await take_back(officer, 1)
    await recall.let_go(runtime, 1)
    assert len((await state(database, person))["said"]) == 1


async def test_one_row_decides_between_taking_back_and_sending(
    officer: httpx.AsyncClient, database: Database, runtime: Runtime
) -> None:
    for _ in range(12):
        async with database.session() as session:
            await session.execute(text("truncate conversations cascade"))
        person = await waiting(database)
        await officer.post(at(person, "claim"))
        act = await act_of(database)
        _, answer = await asyncio.gather(
            recall.let_go(runtime, act), officer.post(f"/console/acts/{act}/recall"), return_exceptions=False
        )
        said = (await officer.get(answer.headers["location"])).text
        after = await state(database, person)
        if "Tidak bisa dibatalkan lagi" in said:
            assert ([one[0] for one in after["said"]], after["owner"]) == (["pending"], "officer")
        else:
            assert (after["said"], after["owner"]) == ([], "queue")


async def test_while_the_sender_holds_the_row_taking_back_waits_and_comes_too_late(
    officer: httpx.AsyncClient, database: Database, runtime: Runtime
) -> None:
    person = await waiting(database)
    await officer.post(at(person, "claim"))
    act = await act_of(database)
    async with runtime.database.session() as session:
        await recall.let_go_before(runtime, session, person)
        late = asyncio.create_task(officer.post(f"/console/acts/{act}/recall"))
        await asyncio.sleep(0.3)
        assert not late.done()
    assert "Tidak bisa dibatalkan lagi" in (await officer.get((await late).headers["location"])).text
    assert [one[0] for one in (await state(database, person))["said"]] == ["pending"]


async def test_only_whose_act_it_was(officer: httpx.AsyncClient, signed_in: SignedIn, database: Database) -> None:
    person = await waiting(database)
    await officer.post(at(person, "claim"))
    assert "Tidak bisa dibatalkan lagi" in await take_back(await signed_in("administrator"), await act_of(database))
    assert (await state(database, person))["owner"] == "officer"


async def test_what_a_colleague_has_gone_on_with_is_not_undone(
    officer: httpx.AsyncClient, signed_in: SignedIn, database: Database
) -> None:
    person = await waiting(database)
    await officer.post(at(person, "claim"))
    first = await act_of(database)
    other = await signed_in("supervisor")
    await other.post(at(person, "take-over"))
    assert "sesudahnya sudah ada perubahan lain" in await take_back(officer, first)
    after = await state(database, person)
    assert after["handoffs"][0][0] == other.officer.id  # type: ignore[attr-defined]
    assert [one[0] for one in after["said"]] == ["held", "held"]


async def test_a_typed_reply_goes_at_once_and_what_waits_goes_before_it(
    officer: httpx.AsyncClient, database: Database
) -> None:
    person = await waiting(database)
    await officer.post(at(person, "claim"))
    await officer.post(at(person, "reply"), data={"text": "Selamat pagi"})
    said = (await state(database, person))["said"]
    assert [one[0] for one in said] == ["pending", "pending"]
    assert said[1][1] == "Selamat pagi"


async def test_every_page_offers_it_without_javascript(officer: httpx.AsyncClient, database: Database) -> None:
    person = await waiting(database)
    await officer.post(at(person, "claim"))
    act = await act_of(database)
    page = (await officer.get("/console/applications")).text
    assert f'action="/console/acts/{act}/recall"' in page
    assert re.search(r"<button[^>]*>.*?Batalkan \(\d+\)", page, re.S)
    await take_back(officer, act)
    assert "/recall" not in (await officer.get("/console/applications")).text


def test_every_form_that_tells_somebody_asks_first() -> None:
    """The pages' forms for these addresses carry the field that has the words shown."""
    folder = Path(PAGES[0].__module__ and "bot/console/templates")
    pages = "\n".join(one.read_text() for one in folder.glob("*.html"))
    told = ("/transfer", "/approve", "/resend", "/advance", "/receipt/send", "/tracking", "/answered", "/active")
    forms = [one for one in re.findall(r"<form.*?</form>", pages, re.S) if 'method="post"' in one]
    for ending in told:
        found = [one for one in forms if re.search(rf'action="[^"]*{ending}"', one)]
        assert found, ending
        assert all('name="ask" value="1"' in one for one in found), ending
