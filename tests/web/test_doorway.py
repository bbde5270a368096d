"""However many strangers call, they get their share of the process's time, in turns, and connections of their own."""

from __future__ import annotations

import asyncio
from collections import Counter
from typing import Any

import httpx
import pytest
from fastapi import FastAPI, HTTPException, Request

from bot.callers import recognised
from bot.storage.database import Database, guest
from bot.web import doorway
from bot.web.doorway import Doorway

COST = 0.010  # seconds that a call takes of this clock


class Clock:
    """Moves only when somebody works or waits."""

    def __init__(self) -> None:
        self.at = 0.0

    def __call__(self) -> float:
        return self.at


class Door:
    """An application behind a doorway, that counts how many calls were inside and which were a stranger's."""

    def __init__(self, clock: Clock) -> None:
        self.clock = clock
        self.inside: Counter[str] = Counter()
        self.strangers = 0
        app = FastAPI()

        @app.get("/{path:path}")
        async def page(path: str, request: Request) -> dict[str, bool]:
            if request.cookies.get("session") == "right":
                recognised(request)
            else:
                clock.at += COST
            self.inside[request.client.host if request.client else ""] += 1
            self.strangers += guest.get()
            if request.query_params.get("sign") == "wrong":
                raise HTTPException(403)
            return {"guest": guest.get()}

        known = {"key": "one"}
        self.app = Doorway(
            app,
            r"/webhooks/",
            "session",
            timer=clock,
            spent=clock,
            files=r"/console/static/",
            browser=lambda cookies: known.get(cookies.get("browser", ""), ""),
        )

    def client(self, address: str = "203.0.113.1", **more: Any) -> httpx.AsyncClient:
        transport = httpx.ASGITransport(self.app, client=(address, 1))
        return httpx.AsyncClient(transport=transport, base_url="http://test", **more)


@pytest.fixture
def door(monkeypatch: pytest.MonkeyPatch) -> Door:
    monkeypatch.setattr(doorway, "SHARE", 0.1)  # the console's tests have more
    return Door(Clock())


async def settle() -> None:
    for _ in range(200):
        await asyncio.sleep(0)


async def test_strangers_get_a_tenth_of_the_time_and_then_wait(door: Door) -> None:
    async with door.client() as http:
        calls = [asyncio.create_task(http.get("/console")) for _ in range(150)]
        await settle()
        at_first = door.inside.total()
        assert at_first <= doorway.BURST / doorway.FIRST_GUESS + 1
        door.clock.at += 10.0  # seconds later
        door.app.calls.wake()
        await settle()
        per_wake = 2 * doorway.BURST / doorway.FIRST_GUESS  # however calm it was
        assert at_first < door.inside.total() <= at_first + per_wake
        while door.inside.total() < 150:
            door.clock.at += 1.0
            door.app.calls.wake()
            await settle()
        assert {one.status_code for one in await asyncio.gather(*calls)} == {200}
    assert door.strangers == 150
    assert door.clock.at >= 150 * COST / doorway.SHARE * 0.5, "they were paced"


async def test_files_of_the_page_for_signing_in_do_not_wait_behind_sign_ins_nor_these_behind_files(door: Door) -> None:
    async with door.client() as http:
        sign_ins = [asyncio.create_task(http.get("/console")) for _ in range(150)]
        await settle()
        assert not all(one.done() for one in sign_ins)
        page = [asyncio.create_task(http.get("/console/static/desk.css")) for _ in range(10)]
        await settle()
        assert all(one.done() and one.result().status_code == 200 for one in page)
        flood = [asyncio.create_task(http.get("/console/static/desk.css")) for _ in range(150)]
        await settle()
        assert sum(one.done() for one in flood) <= 2 * doorway.BURST / doorway.FIRST_GUESS, "files have an end, too"
        door.clock.at += 20.0
        door.app.calls.wake()
        await settle()
        assert any(one.done() for one in sign_ins)
        for call in (*sign_ins, *flood):
            call.cancel()
        await asyncio.gather(*sign_ins, *flood, return_exceptions=True)


async def test_messages_do_not_pass_the_door(door: Door) -> None:
    async with door.client() as http:
        waiting = [asyncio.create_task(http.get("/console")) for _ in range(100)]
        await settle()
        before = door.inside.total()
        for _ in range(50):
            assert (await http.get("/webhooks/telegram")).json() == {"guest": False}
        assert door.inside.total() == before + 50, "no stranger was let in for it, no message waited"
        for call in waiting:
            call.cancel()
        await asyncio.gather(*waiting, return_exceptions=True)


async def test_forged_messages_wait_with_the_strangers_and_right_ones_do_not(door: Door) -> None:
    async with door.client() as forger, door.client("198.51.100.9") as provider:
        assert (await forger.get("/webhooks/whatsapp?sign=wrong")).status_code == 403
        waiting = [asyncio.create_task(forger.get("/webhooks/whatsapp?sign=wrong")) for _ in range(150)]
        await settle()
        before = door.inside["203.0.113.1"]
        assert before <= 2 * doorway.BURST / doorway.FIRST_GUESS
        for _ in range(50):
            assert (await provider.get("/webhooks/whatsapp")).json() == {"guest": False}
        assert door.inside["203.0.113.1"] == before
        for call in waiting:
            call.cancel()
        await asyncio.gather(*waiting, return_exceptions=True)


async def test_a_provider_from_whose_place_somebody_forges_is_heard_as_before(door: Door) -> None:
    """Where the proxy does not tell who calls, all are one place."""
    async with door.client() as http:
        assert (await http.get("/webhooks/whatsapp")).status_code == 200
        for _ in range(100):
            assert (await http.get("/webhooks/whatsapp?sign=wrong")).status_code == 403
        assert (await http.get("/webhooks/whatsapp")).json() == {"guest": False}
        door.clock.at += doorway.RIGHT + 1
        assert (await http.get("/webhooks/whatsapp?sign=wrong")).status_code == 403
        assert (await http.get("/webhooks/whatsapp")).json() == {"guest": True}  # once, in its turn
        assert (await http.get("/webhooks/whatsapp")).json() == {"guest": False}
        assert (await http.get("/webhooks/whatsapp?sign=wrong")).status_code == 403


async def test_who_was_recognised_passes_and_whoever_else_shows_something_does_not(door: Door) -> None:
    officer, liar = {"Cookie": "x=1; session=right"}, {"Cookie": "session=wrong"}
    async with door.client() as http:
        await http.get("/console", headers=officer)
        waiting = [asyncio.create_task(http.get("/console", headers=liar)) for _ in range(100)]
        await settle()
        before = door.inside.total()
        assert before < 60
        for _ in range(50):
            assert (await http.get("/console", headers={"Cookie": "y=2; session=right"})).json() == {"guest": False}
        assert door.inside.total() == before + 50
        for call in waiting:
            call.cancel()
        await asyncio.gather(*waiting, return_exceptions=True)


async def test_one_who_calls_a_thousand_times_does_not_stand_before_others(door: Door) -> None:
    async with door.client() as flood, door.client("198.51.100.9") as officer:
        crowd = [asyncio.create_task(flood.get("/console")) for _ in range(200)]
        await settle()
        single = asyncio.create_task(officer.get("/console"))
        await settle()
        door.clock.at += 1.0
        door.app.calls.wake()
        await settle()
        assert single.done() and single.result().status_code == 200
        assert sum(call.done() for call in crowd) < 100
        for call in crowd:
            call.cancel()
        await asyncio.gather(*crowd, return_exceptions=True)


async def test_a_few_networks_cannot_hold_all_places_at_the_door(door: Door) -> None:
    """256 calls of each of them, kept waiting: another network gets a place, and a turn."""
    few = [door.client(f"203.0.{n}.1") for n in range(6)]
    crowd = [asyncio.create_task(http.get("/console")) for http in few for _ in range(doorway.PER_BLOCK)]
    await settle()
    assert len(door.app.calls.line) == doorway.ALTOGETHER, "they hold every place"
    async with door.client("198.51.100.9") as other:
        single = asyncio.create_task(other.get("/console"))
        await settle()
        assert not single.done(), "it waits, and was not refused"
        for _ in range(5):
            door.clock.at += 1.0
            door.app.calls.wake()
            await settle()
        assert single.done() and single.result().status_code == 200
    for call in crowd:
        call.cancel()
    await asyncio.gather(*crowd, return_exceptions=True)
    assert not door.app.calls.line, "who goes away leaves the line"
    for http in few:
        await http.aclose()


async def test_a_known_browser_has_a_share_of_its_own_and_no_more(door: Door) -> None:
    officer, liar = {"Cookie": "a=1; browser=key"}, {"Cookie": "browser=made-up"}
    async with door.client() as flood, door.client("198.51.100.9") as network:
        crowd = [asyncio.create_task(flood.get("/console", headers=liar)) for _ in range(200)]
        await settle()
        before = door.inside.total()
        for path in ("/console/sign-in", "/console/static/desk.css", "/console"):
            answer = asyncio.create_task(network.get(path, headers=officer))
            await settle()
            assert answer.done() and answer.result().json() == {"guest": True}, "still nobody who signed in"
        assert door.inside.total() == before + 3
        stolen = [asyncio.create_task(network.get("/console", headers=officer)) for _ in range(200)]
        await settle()
        assert sum(call.done() for call in stolen) <= 2 * doorway.BURST / doorway.FIRST_GUESS, "a stolen one has an end"
        assert len(door.app.browsers.line) <= doorway.PER_BLOCK
        for call in (*crowd, *stolen):
            call.cancel()
        await asyncio.gather(*crowd, *stolen, return_exceptions=True)


def test_the_parts_are_the_whole_share() -> None:
    app = Doorway(FastAPI(), "/", "session")
    assert sum(gate.part for gate in (app.calls, app.pictures, app.browsers, app.forgers)) == pytest.approx(1.0)


async def test_there_is_an_end_to_waiting(door: Door, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(doorway, "PATIENCE", 0.05)
    async with door.client() as http:
        answers = await asyncio.gather(*(http.get("/console") for _ in range(doorway.PER_BLOCK + 80)))
    statuses = Counter(one.status_code for one in answers)
    assert statuses.keys() == {200, 429}
    refused = next(one for one in answers if one.status_code == 429)
    assert refused.headers["retry-after"] and refused.text == doorway.CROWDED
    assert not door.app.calls.line


async def test_guests_do_not_take_the_connections_of_messages(database_url: str) -> None:
    database = Database(database_url, pool_size=1)
    try:
        async with database.session():  # all that turns have
            before = guest.set(True)
            try:
                async with database.session() as session:
                    assert session.bind is database.guests
            finally:
                guest.reset(before)
    finally:
        await database.close()


async def test_one_costly_call_makes_the_next_wait_for_seconds_not_minutes(door: Door) -> None:
    costs = iter([0.0, 60.0])  # what the thread's clock shows before and after the first call
    door.app.calls.spent = lambda: next(costs, 60.0)
    async with door.client() as http:
        assert (await http.get("/console")).status_code == 200
        waits = asyncio.create_task(http.get("/console"))
        await settle()
        assert not waits.done(), "what was used is owed"
        door.clock.at += doorway.MOST_OWED / (doorway.SHARE * door.app.calls.part)
        door.app.calls.wake()
        assert (await waits).status_code == 200


async def test_what_other_programs_use_of_the_machine_is_no_strangers(door: Door) -> None:
    """A call during which the processor was taken away for a minute owes what it used itself."""
    own = Clock()
    door.app.calls.spent = own
    async with door.client() as http:
        for _ in range(20):
            door.clock.at += 60.0  # of the wall
            own.at += 0.001
            assert (await http.get("/console")).status_code == 200
