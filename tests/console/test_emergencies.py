"""An emergency reaches somebody: officers, again, the supervisor, the office's group; each once, until it is taken."""

from __future__ import annotations

import asyncio
import json
from collections.abc import AsyncIterator, Iterator
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta

import pytest
from sqlalchemy import select, text

from bot.audit.models import AuditLine
from bot.channels.base import PermanentSendError, TemporarySendError
from bot.conversations.jobs import RetryLater
from bot.conversations.runtime import Runtime
from bot.handoff.calling.calls import call_due
from bot.handoff.calling.emergencies import call_for_help
from bot.handoff.calling.groups import CODE_LASTS, Groups, call_group
from bot.handoff.models import Note
from bot.storage.database import Database
from tests.console.conftest import SignedIn
from tests.console.walled import Desks
from tests.helpers.calls import NAME, Calls
from tests.helpers.runtime import RecordingChannel
from tests.peers.push_service import push_service

MINUTE = timedelta(minutes=1)
STEPS = ["emergency.called", "emergency.repeated", "emergency.supervisor", "emergency.group"]


@dataclass
class Speaking(RecordingChannel):
    """A channel with groups."""

    name: str = "telegram"
    heard: list[tuple[str, str]] = field(default_factory=list)
    moved_to: str = ""

    async def announce(self, address: str, text: str) -> str:
        if self.failures:
            raise self.failures.pop(0)
        self.heard.append((address, text))
        return self.moved_to or address


@pytest.fixture
async def calls(runtime: Runtime, monkeypatch: pytest.MonkeyPatch) -> AsyncIterator[Calls]:
    clean = [
        "truncate conversations, applications, officers, office_hours, office_groups, audit_lines cascade",
        "delete from shared_keys",
        "delete from procrastinate_jobs where task_name in ('call_device', 'call_group')",
    ]
    for one in clean:
        await runtime.database.run(text(one))
    async with push_service() as service:
        monkeypatch.setattr(runtime.settings, "push_services", service.url)
        monkeypatch.setattr(runtime.settings, "public_url", "http://pandu.test")
        monkeypatch.setattr(runtime.settings, "telegram_token", type(runtime.settings.telegram_token)("1:a"))
        yield Calls(runtime, service)
    for one in clean:
        await runtime.database.run(text(one))


@pytest.fixture
def telegram(runtime: Runtime) -> Iterator[Speaking]:
    runtime.channels["telegram"] = channel = Speaking()
    yield channel
    del runtime.channels["telegram"]


@pytest.fixture
def at(signed_in: SignedIn, database: Database) -> Desks:
    return Desks(signed_in, database)


def _now() -> datetime:
    return datetime.now(UTC)


async def _look(calls: Calls, now: datetime) -> None:
    """What the job does, with what follows from it."""
    await call_for_help(calls.runtime, now)
    await call_due(calls.runtime, now)
    assert await calls.deliver(now) == []
    await _group_jobs(calls, now)


async def _group_jobs(calls: Calls, now: datetime) -> list[RetryLater]:
    later = []
    async with calls.runtime.database.session() as session:
        done = await session.scalars(
            text("delete from procrastinate_jobs where task_name = 'call_group' returning args")
        )
        jobs = list(done)
    for given in jobs:
        try:
            await call_group(calls.runtime, **(given | {"until": datetime.fromisoformat(given["until"]), "now": now}))
        except RetryLater as again:
            later.append(again)
            await calls.runtime.jobs.tasks["call_group"].configure().defer_async(**given)
    return later


async def _log(calls: Calls) -> list[str]:
    async with calls.runtime.database.session() as session:
        query = select(AuditLine.action).where(AuditLine.action.like("emergency.%")).order_by(AuditLine.id)
        return list(await session.scalars(query))


async def _joined(calls: Calls, client: object, office: str, group: str) -> str:
    page = (await client.post("/console/calls/code", data={"office": office})).text  # type: ignore[attr-defined]
    code = page.split("<code>/start ")[1].split("<")[0]
    said = await Groups(calls.runtime.database).join("telegram", group, code)
    assert said is not None
    return said


async def test_nobody_takes_it_so_more_and_more_are_called(calls: Calls, at: Desks, telegram: Speaking) -> None:
    supervisor = await at("supervisor", "kudus")
    await calls.switch_on(await at("officer", "kudus"), "officer")
    await calls.switch_on(supervisor, "supervisor")
    for role, office in (("officer", "magetan"), ("supervisor", "magetan")):
        await calls.switch_on(await at(role, office), f"{role}-{office}")
    assert "Kabupaten Kudus" in await _joined(calls, supervisor, "kudus", "-100")
    number = await calls.waiting(kind="emergency")
    start = _now()
    for minute in range(0, 20):
        for seconds in (0, 20, 40):
            await _look(calls, start + minute * MINUTE + timedelta(seconds=seconds))
    assert await _log(calls) == STEPS
    titles = [one["title"] for one in calls.service.read("officer")]
    assert titles == ["Darurat: menunggu petugas", "Darurat: menunggu petugas 3 menit"]
    assert len(calls.service.read("supervisor")) == 3  # sees the office's conversations too, then is called as such
    assert {to for to, _, _ in calls.service.delivered} == {"officer", "supervisor"}
    assert {headers["urgency"] for _, _, headers in calls.service.delivered} == {"high"}
    ((where, said),) = telegram.heard
    assert where == "-100" and f"percakapan {number} menunggu petugas 9 menit" in said
    assert said.endswith(f"\nhttp://pandu.test/console/conversations/{number}")
    everything = json.dumps([one for _, one, _ in calls.service.delivered]) + said
    assert NAME.split()[1] not in everything
    async with calls.runtime.database.session() as session:
        events = list(await session.scalars(select(Note.text).where(Note.text.like("Darurat%")).order_by(Note.id)))
    assert len(events) == 4 and events[-1] == "Darurat belum diambil: grup kantor diberi tahu."


@pytest.mark.parametrize("after", [0, 1, 2, 3])
async def test_it_stops_as_soon_as_somebody_takes_it(calls: Calls, at: Desks, telegram: Speaking, after: int) -> None:
    supervisor, officer = await at("supervisor", "kudus"), await at("officer", "kudus")
    await calls.switch_on(officer, "officer")
    await _joined(calls, supervisor, "kudus", "-100")
    number = await calls.waiting(kind="emergency")
    start = _now()
    for step in range(after):
        await _look(calls, start + 3 * step * MINUTE)
    await officer.post(f"/console/conversations/{number}/claim")
    told = len(calls.service.delivered)
    for step in range(after, 8):
        await _look(calls, start + 3 * step * MINUTE)
    assert await _log(calls) == STEPS[:after] and telegram.heard == [] and len(calls.service.delivered) == told


async def test_what_is_under_way_is_not_said_after_it_was_taken(calls: Calls, at: Desks, telegram: Speaking) -> None:
    supervisor = await at("supervisor", "kudus")
    await calls.switch_on(supervisor, "supervisor")
    await _joined(calls, supervisor, "kudus", "-100")
    number = await calls.waiting(kind="emergency")
    start = _now()
    for step in range(4):
        await call_for_help(calls.runtime, start + 3 * step * MINUTE)
    await supervisor.post(f"/console/conversations/{number}/claim")
    await calls.deliver(start + 10 * MINUTE)
    await _group_jobs(calls, start + 10 * MINUTE)
    assert calls.service.delivered == [] and telegram.heard == []


async def test_released_again_it_begins_anew(calls: Calls, at: Desks) -> None:
    officer = await at("officer", "kudus")
    number = await calls.waiting(kind="emergency")
    await _look(calls, _now())
    await officer.post(f"/console/conversations/{number}/claim")
    await officer.post(f"/console/conversations/{number}/release")
    await _look(calls, _now())
    await _look(calls, _now() + 3 * MINUTE)
    assert await _log(calls) == [STEPS[0], STEPS[0], STEPS[1]]


async def test_what_becomes_an_emergency_while_it_waits_goes_step_by_step(calls: Calls, at: Desks) -> None:
    number = await calls.waiting()
    later = _now() + 60 * MINUTE
    await calls.runtime.database.run(text("update handoffs set kind = 'emergency'"))
    await _look(calls, later)
    await _look(calls, later + MINUTE)
    assert await _log(calls) == STEPS[:1] and number


async def test_two_workers_do_each_step_once(calls: Calls, at: Desks) -> None:
    await calls.waiting(kind="emergency")
    now = _now()
    await asyncio.gather(*(call_for_help(calls.runtime, now) for _ in range(4)))
    assert await _log(calls) == STEPS[:1]


async def test_outside_of_the_hours_an_emergency_calls_all_the_same(calls: Calls, at: Desks) -> None:
    await calls.switch_on(await at("officer", "kudus"), "officer")
    weekday = (_now().weekday() + 3) % 7
    await calls.runtime.database.run(
        text("insert into office_hours (office, weekday, opens, closes) values ('kudus', :day, '08:00', '09:00')"),
        {"day": weekday},
    )
    await calls.waiting(kind="emergency")
    await _look(calls, _now())
    assert len(calls.service.read("officer")) == 1


async def test_where_nobody_supervises_administrators_are_called(calls: Calls, at: Desks) -> None:
    await calls.switch_on(await at("administrator"), "administrator")
    await calls.waiting(kind="emergency")
    start = _now()
    for step in range(3):
        await _look(calls, start + 3 * step * MINUTE)
    assert len(calls.service.read("administrator")) == 3


async def test_an_office_without_a_group_uses_the_one_of_all_or_says_so(
    calls: Calls, at: Desks, telegram: Speaking
) -> None:
    await calls.waiting(kind="emergency")
    start = _now()
    for step in range(4):
        await _look(calls, start + 3 * step * MINUTE)
    assert (await _log(calls))[-1] == "emergency.no-group"
    await _joined(calls, await at("administrator"), "", "-200")
    await calls.waiting(kind="emergency", office="magetan")
    for step in range(4):
        await _look(calls, start + 3 * step * MINUTE)
    assert [where for where, _ in telegram.heard] == ["-200"]


async def test_a_group_that_is_away_is_tried_again_and_one_that_moved_is_followed(
    calls: Calls, at: Desks, telegram: Speaking
) -> None:
    supervisor = await at("supervisor", "kudus")
    await _joined(calls, supervisor, "kudus", "-100")
    await calls.waiting(kind="emergency")
    start = _now()
    for step in range(4):
        await call_for_help(calls.runtime, start + 3 * step * MINUTE)
    telegram.failures.append(TemporarySendError("429", "Tunggu.", retry_after=7))
    assert [one.seconds for one in await _group_jobs(calls, start + 9 * MINUTE)] == [7]
    telegram.moved_to = "-100200"
    assert await _group_jobs(calls, start + 10 * MINUTE) == []
    await supervisor.post("/console/calls/try", data={"office": "kudus"})
    assert [where for where, _ in telegram.heard] == ["-100", "-100200"]


async def test_a_group_that_refuses_is_shown_on_the_offices_page(calls: Calls, at: Desks, telegram: Speaking) -> None:
    supervisor = await at("supervisor", "kudus")
    await _joined(calls, supervisor, "kudus", "-100")
    assert "terhubung" in (await supervisor.get("/console/calls")).text
    telegram.failures.append(PermanentSendError("403", "x"))
    answer = await supervisor.post("/console/calls/try", data={"office": "kudus"})
    assert answer.status_code == 502 and "mungkin Pandu sudah dikeluarkan" in answer.text
    assert "bermasalah" in (await supervisor.get("/console/calls")).text
    assert (await supervisor.post("/console/calls/try", data={"office": "kudus"})).status_code == 200
    assert "bermasalah" not in (await supervisor.get("/console/calls")).text
    await supervisor.post("/console/calls/part", data={"office": "kudus"})
    assert "belum ada" in (await supervisor.get("/console/calls")).text


async def test_a_code_holds_once_and_for_half_an_hour(calls: Calls, at: Desks) -> None:
    supervisor = await at("supervisor", "kudus")
    page = (await supervisor.post("/console/calls/code", data={"office": "kudus"})).text
    code = page.split("<code>/start ")[1].split("<")[0]
    assert code not in (await supervisor.get("/console/calls")).text
    database = calls.runtime.database
    late = Groups(database, lambda: _now() + CODE_LASTS)
    assert await late.join("telegram", "-1", code) is None
    assert await Groups(database).join("telegram", "-1", "GRUP-AAAA-BBBB-CCCC") is None
    assert await Groups(database).join("telegram", "-1", code) is not None
    assert await Groups(database).join("telegram", "-2", code) is None
    assert await Groups(database).knows("telegram", "-1") and not await Groups(database).knows("telegram", "-2")
    await Groups(database).moved("telegram", "-1", "")
    assert not await Groups(database).knows("telegram", "-1")


async def test_another_offices_group_is_behind_the_wall(calls: Calls, at: Desks, telegram: Speaking) -> None:
    kudus, magetan = await at("supervisor", "kudus"), await at("supervisor", "magetan")
    await _joined(calls, kudus, "kudus", "-100")
    for act in ("code", "try", "part"):
        for office in ("kudus", "", "nowhere"):
            answer = await magetan.post(f"/console/calls/{act}", data={"office": office})
            assert answer.status_code == 403, (act, office)
    page = (await magetan.get("/console/calls?office=kudus")).text
    assert "Kabupaten Magetan" in page and "Terhubung" not in page and "Kabupaten Kudus" not in page
    assert telegram.heard == [] and "terhubung" in (await kudus.get("/console/calls")).text
