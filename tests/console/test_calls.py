"""Officers called on their devices: by their own choice, behind the walls, with nothing of a person on the screen."""

from __future__ import annotations

import json
from collections.abc import AsyncIterator
from datetime import UTC, datetime, time, timedelta
from zoneinfo import ZoneInfo

import httpx
import pytest
from sqlalchemy import select, text

from bot.commands.work.privacy import rotate_keys
from bot.conversations.runtime import Runtime
from bot.handoff.calling.calls import LASTS, NOT_OLDER, call_due
from bot.handoff.calling.sending import PATIENCE
from bot.handoff.models import OfficeHours
from bot.knowledge.load import get_knowledge
from bot.officers.models import PushSubscription
from bot.officers.service import by_id, set_offices
from bot.storage import encrypted
from bot.storage.database import Database
from bot.storage.encrypted import encrypted_places
from bot.storage.keyring import Keyring, keys_of, new_key
from bot.storage.shared_keys import SharedKey
from bot.tables import metadata
from bot.working_days import WorkedDay
from tests.console.conftest import SignedIn, browser
from tests.console.walled import Desks
from tests.helpers.calls import NAME, Calls
from tests.helpers.hiring import PASSWORD
from tests.peers.push_service import push_service

SERVICE = "kudus-iui"
MINUTE = timedelta(minutes=1)


@pytest.fixture
async def calls(runtime: Runtime, monkeypatch: pytest.MonkeyPatch) -> AsyncIterator[Calls]:
    clean = [
        "truncate conversations, applications, officers, office_hours, office_worked_days cascade",
        "delete from shared_keys",  # one test leaves other keys
        "delete from procrastinate_jobs where task_name = 'call_device'",
    ]
    for one in clean:
        await runtime.database.run(text(one))
    async with push_service() as service:
        monkeypatch.setattr(runtime.settings, "push_services", service.url)
        yield Calls(runtime, service)
    for one in clean:
        await runtime.database.run(text(one))


@pytest.fixture
def at(signed_in: SignedIn, database: Database) -> Desks:
    return Desks(signed_in, database)


def _now() -> datetime:
    return datetime.now(UTC)


async def _look(calls: Calls, now: datetime) -> None:
    await call_due(calls.runtime, now)
    assert await calls.deliver(now) == []


async def test_an_example_arrives(calls: Calls, at: Desks) -> None:
    client = await at("officer", "kudus")
    page = (await client.get("/console/account")).text
    assert 'data-calls="B' in page
    mine = await calls.switch_on(client, "mine")
    assert (await client.post("/console/account/devices/try", data={"endpoint": mine.endpoint})).status_code == 200
    assert [said["title"] for said in calls.service.read("mine")] == ["Notifikasi Pandu aktif"]
    key = calls.service.delivered[0][2]["authorization"].split("k=")[1]
    assert f'data-calls="{key}"' in page and key in (await client.get("/console/account")).text  # made once
    other = await at("officer", "kudus")
    theirs = await other.post("/console/account/devices/try", data={"endpoint": mine.endpoint})
    assert theirs.status_code == 422 and len(calls.service.delivered) == 1


async def test_who_waits_is_told_to_their_office_once(calls: Calls, at: Desks) -> None:
    for name, offices in (("kudus", ["kudus"]), ("magetan", ["magetan"]), ("both", ["magetan", "kudus"]), ("all", [])):
        await calls.switch_on(await at("officer", *offices), name)
    number = await calls.waiting(service=SERVICE)
    later = _now() + 5 * MINUTE
    await _look(calls, later)
    await _look(calls, later + MINUTE)
    title = f"Percakapan baru menunggu 5 menit – {get_knowledge().services[SERVICE].title}"
    for name in ("kudus", "both", "all"):
        assert [(one["title"], one["body"]) for one in calls.service.read(name)] == [(title, "Kabupaten Kudus")]
        assert calls.service.read(name)[0]["url"] == f"/console/conversations/{number}"
    assert calls.service.read("magetan") == []


async def test_nobodys_conversation_calls_everybody(calls: Calls, at: Desks) -> None:
    for name in ("kudus", "magetan"):
        await calls.switch_on(await at("officer", name), name)
    await calls.waiting(office="")
    await _look(calls, _now())
    assert [len(calls.service.read(name)) for name in ("kudus", "magetan")] == [1, 1]


async def test_a_call_holds_nothing_of_a_person(calls: Calls, at: Desks) -> None:
    client = await at("officer", "kudus")
    await calls.switch_on(client, "mine")
    number = await calls.waiting(service=SERVICE)
    await call_due(calls.runtime, _now())
    async with calls.runtime.database.session() as session:
        jobs = await session.scalars(text("select args::text from procrastinate_jobs where task_name = 'call_device'"))
        assert NAME.split()[1] not in " ".join(jobs)
    await calls.deliver(_now())
    await client.post(f"/console/conversations/{number}/claim")
    await calls.says(number)
    await _look(calls, _now() + MINUTE)
    said = calls.service.read("mine")
    assert [one["kind"] for one in said] == ["new", "answered"]
    assert NAME.split()[1] not in json.dumps(said) and set(said[0]) == {"title", "body", "url", "kind", "tag"}


async def test_who_was_taken_meanwhile_is_not_called_for(calls: Calls, at: Desks) -> None:
    client = await at("officer", "kudus")
    await calls.switch_on(client, "mine")
    number = await calls.waiting()
    await call_due(calls.runtime, _now())
    await client.post(f"/console/conversations/{number}/claim")
    await calls.deliver(_now())
    assert calls.service.read("mine") == []
    await client.post(f"/console/conversations/{number}/release")
    await _look(calls, _now())
    assert len(calls.service.read("mine")) == 1  # waits anew


async def test_an_answer_calls_whom_it_answers_until_it_is_read(calls: Calls, at: Desks) -> None:
    owner, colleague = await at("officer", "kudus"), await at("officer", "kudus")
    await calls.switch_on(owner, "owner", ["answered"])
    await calls.switch_on(colleague, "colleague", ["answered"])
    number = await calls.waiting()
    await owner.post(f"/console/conversations/{number}/claim")
    await owner.get(f"/console/conversations/{number}")  # has read what was asked
    await _look(calls, _now() + MINUTE)
    assert calls.service.delivered == []
    await calls.says(number)
    await _look(calls, _now())  # may be reading it at this moment
    assert calls.service.delivered == []
    await _look(calls, _now() + MINUTE)
    await calls.says(number)
    await _look(calls, _now() + 2 * MINUTE)
    assert [one["title"] for one in calls.service.read("owner")] == ["Pemohon membalas Anda"]
    await owner.get(f"/console/conversations/{number}")
    await calls.says(number)
    await _look(calls, _now() + 3 * MINUTE)
    assert len(calls.service.read("owner")) == 2 and calls.service.read("colleague") == []


async def test_only_what_was_chosen_calls(calls: Calls, at: Desks) -> None:
    await calls.switch_on(await at("officer", "kudus"), "new", ["new"])
    await calls.switch_on(await at("officer", "kudus"), "emergency", ["emergency"])
    await calls.waiting()
    await _look(calls, _now())
    assert len(calls.service.read("new")) == 1 and calls.service.read("emergency") == []


async def _opens_in_three_days(calls: Calls) -> datetime:
    """The office of Kudus; returns when."""
    zone = ZoneInfo(calls.runtime.settings.timezone)
    day = _now().astimezone(zone).date() + timedelta(days=3)
    async with calls.runtime.database.session() as session:
        session.add(OfficeHours(office="kudus", weekday=day.weekday(), opens=time(8), closes=time(9)))
        worked = WorkedDay(office="kudus", day=day, opens=time(8), closes=time(9))
        session.add(worked)  # whatever the calendar says of it
    return datetime.combine(day, time(8), zone)


async def test_outside_of_the_hours_it_is_quiet_and_called_when_they_begin(calls: Calls, at: Desks) -> None:
    client = await at("officer", "kudus")
    await calls.switch_on(client, "mine")
    opens = await _opens_in_three_days(calls)
    await calls.waiting(service=SERVICE)
    taken = await calls.waiting()
    await _look(calls, _now())
    await _look(calls, _now() + MINUTE)
    assert calls.service.read("mine") == []
    assert await calls.scheduled() == [opens, opens]
    await client.post(f"/console/conversations/{taken}/claim")
    await calls.deliver(opens - MINUTE)
    assert calls.service.read("mine") == [], "still closed"
    assert await calls.scheduled() == [opens]
    await calls.deliver(opens)
    title = f"Percakapan menunggu sejak sebelum buka – {get_knowledge().services[SERVICE].title}"
    assert [one["title"] for one in calls.service.read("mine")] == [title]
    assert await calls.scheduled() == []


async def test_an_answer_outside_of_the_hours_is_told_when_they_begin_unless_it_was_read(
    calls: Calls, at: Desks
) -> None:
    client = await at("officer", "kudus")
    await calls.switch_on(client, "mine", ["answered"])
    numbers = [await calls.waiting() for _ in range(2)]
    for number in numbers:
        await client.post(f"/console/conversations/{number}/claim")
        await client.get(f"/console/conversations/{number}")
        await calls.says(number)
    opens = await _opens_in_three_days(calls)
    await _look(calls, _now() + MINUTE)
    assert calls.service.read("mine") == []
    await client.get(f"/console/conversations/{numbers[0]}")
    await calls.deliver(opens)
    assert [one["url"] for one in calls.service.read("mine")] == [f"/console/conversations/{numbers[1]}"]


async def test_what_waited_before_a_long_stop_is_not_called_for(calls: Calls, at: Desks) -> None:
    await calls.switch_on(await at("officer", "kudus"), "mine")
    await calls.waiting()
    await _look(calls, _now() + NOT_OLDER + MINUTE)
    assert calls.service.asked == []


@pytest.mark.parametrize("status", [404, 410])
async def test_a_browser_that_is_gone_is_forgotten(calls: Calls, at: Desks, status: int) -> None:
    await calls.switch_on(await at("officer", "kudus"), "gone")
    await calls.switch_on(await at("officer", "kudus"), "there")
    calls.service.failures["gone"] = [(status, "")]
    await calls.waiting()
    await _look(calls, _now())
    async with calls.runtime.database.session() as session:
        left = [one.endpoint for one in await session.scalars(select(PushSubscription))]
    assert left == [calls.service.browsers["there"].endpoint] and len(calls.service.read("there")) == 1


async def test_a_service_that_wants_patience_gets_it(calls: Calls, at: Desks) -> None:
    await calls.switch_on(await at("officer", "kudus"), "mine")
    now = _now()
    date = f"{now + 2 * MINUTE:%a, %d %b %Y %H:%M:%S} GMT"
    calls.service.failures["mine"] = [(429, "90"), (503, ""), (503, date)]
    await calls.waiting()
    await call_due(calls.runtime, now)
    waits = [(await calls.deliver(now))[0].seconds for _ in range(3)]
    assert waits[:2] == [90, PATIENCE] and 118 <= waits[2] <= 120
    assert await calls.deliver(now + 2 * MINUTE) == [] and len(calls.service.read("mine")) == 1
    assert int(calls.service.delivered[0][2]["ttl"]) == (LASTS["new"] - 2 * MINUTE).total_seconds()


async def test_what_is_too_late_is_dropped(calls: Calls, at: Desks) -> None:
    await calls.switch_on(await at("officer", "kudus"), "mine")
    calls.service.failures["mine"] = [(500, "")]
    await calls.waiting()
    now = _now()
    await call_due(calls.runtime, now)
    assert len(await calls.deliver(now)) == 1
    assert await calls.deliver(now + LASTS["new"]) == [] and calls.service.read("mine") == []


async def test_a_refusal_is_not_tried_again(calls: Calls, at: Desks) -> None:
    await calls.switch_on(await at("officer", "kudus"), "mine")
    calls.service.failures["mine"] = [(403, "")]
    await calls.waiting()
    await _look(calls, _now())
    assert calls.service.asked == ["mine"] and calls.service.read("mine") == []


async def test_who_has_moved_to_another_office_is_not_called_any_more(
    calls: Calls, at: Desks, database: Database
) -> None:
    client = await at("officer", "kudus")
    await calls.switch_on(client, "mine")
    await calls.waiting()
    await call_due(calls.runtime, _now())
    async with database.session() as session:
        officer = await by_id(session, client.officer.id)  # type: ignore[attr-defined]
        await set_offices(session, officer, ["magetan"], "system")
    await calls.deliver(_now())
    assert calls.service.read("mine") == []


async def _devices(calls: Calls) -> int:
    async with calls.runtime.database.session() as session:
        return int((await session.execute(text("select count(*) from push_subscriptions"))).scalar_one())


async def test_the_subscription_goes_with_the_sign_out(calls: Calls, at: Desks) -> None:
    here, there = await at("officer", "kudus"), await at("officer", "kudus")
    await calls.switch_on(here, "here")
    await calls.switch_on(there, "there")
    await here.post("/console/sign-out")
    assert await _devices(calls) == 1
    administrator = await at("administrator")
    await administrator.post(f"/console/officers/{there.officer.id}/active", data={"on": ""})  # type: ignore[attr-defined]
    assert await _devices(calls) == 0


async def test_devices_that_were_signed_out_from_afar_are_quiet(calls: Calls, at: Desks) -> None:
    client = await at("officer", "kudus")
    await calls.switch_on(client, "lost")
    async with browser(client._transport.app) as phone:  # type: ignore[attr-defined]
        form = {"username": client.officer.username, "password": PASSWORD}  # type: ignore[attr-defined]
        await phone.post("/console/sign-in", data=form)
        await calls.switch_on(phone, "phone")
        await phone.post("/console/account/sessions/end")
    await calls.waiting()
    await _look(calls, _now())
    assert (len(calls.service.read("phone")), calls.service.read("lost")) == (1, [])


async def test_whoever_sits_here_now_does_not_get_anothers_calls(calls: Calls, at: Desks) -> None:
    first, second = await at("officer", "kudus"), await at("officer", "kudus")
    shared = await calls.switch_on(first, "shared", ["new"])
    same = {"endpoint": shared.endpoint}
    assert (await first.post("/console/account/devices/meet", data=same)).json() == {"kinds": ["new"]}
    assert (await second.post("/console/account/devices/meet", data=same)).json() == {"kinds": None}
    assert (await first.post("/console/account/devices/meet", data=same)).json() == {"kinds": None}
    await calls.waiting()
    await _look(calls, _now())
    assert calls.service.asked == []


async def test_a_new_choice_replaces_the_old_and_off_is_off(calls: Calls, at: Desks) -> None:
    client = await at("officer", "kudus")
    mine = await calls.switch_on(client, "mine", ["new"])
    device = mine.device
    form = {"endpoint": device.endpoint, "p256dh": device.p256dh, "auth": device.auth}
    assert (await client.post("/console/account/devices", data=form | {"kinds": "emergency"})).status_code == 200
    assert await _devices(calls) == 1
    none = await client.post("/console/account/devices", data=form | {"kinds": "sms"})
    assert none.status_code == 422 and "paling sedikit satu" in none.json()["error"]
    await client.post("/console/account/devices/off", data={"endpoint": mine.endpoint})
    assert await _devices(calls) == 0


async def test_nobody_makes_us_call_inside(calls: Calls, at: Desks) -> None:
    client, device = await at("officer", "kudus"), calls.service.subscribe("x").device
    for endpoint in ("http://127.0.0.1:1/x", "https://169.254.169.254/latest", f"{calls.service.url}1/push/x"):
        form = {"endpoint": endpoint, "p256dh": device.p256dh, "auth": device.auth, "kinds": "new"}
        answer = await client.post("/console/account/devices", data=form)
        assert answer.status_code == 422 and "tidak dikenal" in answer.json()["error"]
    assert await _devices(calls) == 0 and calls.service.asked == []


async def test_no_more_devices_than_anybody_has(calls: Calls, at: Desks) -> None:
    client = await at("officer", "kudus")
    for number in range(12):
        await calls.switch_on(client, f"device{number}")
    await calls.waiting()
    await _look(calls, _now())
    assert sorted(set(calls.service.asked)) == sorted(f"device{number}" for number in range(2, 12))


async def test_keys_and_addresses_are_unreadable_in_the_database_and_live_through_new_keys(
    calls: Calls, at: Desks, monkeypatch: pytest.MonkeyPatch
) -> None:
    client = await at("officer", "kudus")
    mine = await calls.switch_on(client, "mine")
    page = (await client.get("/console/account")).text
    places = [one for one in encrypted_places(metadata) if one.table in ("push_subscriptions", "shared_keys")]
    assert {(one.table, one.column) for one in places} == {
        ("push_subscriptions", "endpoint"),
        ("push_subscriptions", "p256dh"),
        ("push_subscriptions", "auth"),
        ("shared_keys", "secret"),
    }
    async with calls.runtime.database.session() as session:
        for place in places:
            stored = await session.scalars(text(f"select {place.column} from {place.table}"))
            assert all(value.startswith("v1:") for value in stored)
    key = page.split('data-calls="')[1].split('"')[0]
    newest = new_key()
    both = Keyring([newest, *keys_of(calls.runtime.settings)])
    monkeypatch.setattr(encrypted, "keyring", lambda: both)
    assert await rotate_keys(calls.runtime) == 0
    monkeypatch.setattr(encrypted, "keyring", lambda: Keyring([newest]))
    assert (await client.post("/console/account/devices/meet", data={"endpoint": mine.endpoint})).json()["kinds"]
    await calls.waiting()
    await _look(calls, _now())
    assert len(calls.service.read("mine")) == 1
    assert calls.service.delivered[0][2]["authorization"].endswith(f"k={key}")


async def test_the_key_is_one_for_all_processes(calls: Calls, at: Desks, database: Database) -> None:
    pages = [(await (await at("officer", "kudus")).get("/console/account")).text for _ in range(2)]
    keys = {page.split('data-calls="')[1].split('"')[0] for page in pages}
    async with database.session() as session:
        assert len(keys) == 1 and len((await session.scalars(select(SharedKey))).all()) == 1


async def test_where_no_service_may_be_called_nothing_is_offered(
    calls: Calls, at: Desks, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(calls.runtime.settings, "push_services", "")
    client: httpx.AsyncClient = await at("officer", "kudus")
    assert "data-calls" not in (await client.get("/console/account")).text
