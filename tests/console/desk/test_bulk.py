"""Putting off and acting on several rows at once, at the desk."""

from __future__ import annotations

import re
from datetime import datetime, timedelta
from zoneinfo import ZoneInfo

import httpx
import pytest
from sqlalchemy import select

from bot import working_days
from bot.audit.models import AuditLine
from bot.conversations.models import Conversation
from bot.handoff.models import Handoff
from bot.handoff.people import OfficersDesk
from tests.console.desk.conftest import FrontOffice

LIVE = {"HX-Request": "true"}


def at(conversation_id: int, what: str = "") -> str:
    return f"/console/conversations/{conversation_id}" + (f"/{what}" if what else "")


async def there(client: httpx.AsyncClient, person: int, view: str = "waiting") -> bool:
    return f'id="row-{person}"' in (await client.get(f"/console/inbox/rows?view={view}")).text


async def handoff(office: FrontOffice, person: int) -> Handoff:
    async with office.runtime.database.session() as session:
        query = select(Handoff).where(Handoff.conversation_id == person).order_by(Handoff.id.desc()).limit(1)
        return (await session.scalars(query)).one()


async def acts(office: FrontOffice, person: int) -> list[str]:
    async with office.runtime.database.session() as session:
        query = select(AuditLine.action).where(AuditLine.subject_id == person, AuditLine.action.like("handoff.%"))
        return list(await session.scalars(query.order_by(AuditLine.id)))


async def all_at_once(client: httpx.AsyncClient, act: str, *rows: int, **fields: str) -> httpx.Response:
    data = {"act": act, "conversation": [str(one) for one in rows], **fields}
    return await client.post("/console/inbox/bulk", data=data, headers=LIVE)


async def test_what_is_put_off_leaves_the_list_and_comes_back_by_hand(office: FrontOffice) -> None:
    person = await office.waiting("Udin Contoh")
    put = await office.sari.post(at(person, "snooze"), data={"until": "3"}, headers=LIVE)
    assert put.status_code == 200
    assert "ditunda sampai" in put.text
    assert not await there(office.sari, person)
    assert await there(office.rina, person, "snoozed")
    assert "Ditunda <b>" in (await office.sari.get("/console/inbox")).text
    back = await office.rina.post(at(person, "unsnooze"), headers=LIVE)
    assert back.status_code == 200
    assert await there(office.sari, person)
    assert (await acts(office, person))[-2:] == ["handoff.snoozed", "handoff.unsnoozed"]


async def test_ones_own_stays_ones_own_while_it_is_put_off(office: FrontOffice) -> None:
    person = await office.owned("sari")
    assert (await office.rina.post(at(person, "snooze"), data={"until": "1"}, headers=LIVE)).status_code == 409
    await office.sari.post(at(person, "snooze"), data={"until": "3"})
    assert not await there(office.sari, person, "mine")
    found = await handoff(office, person)
    assert found.lease_until is not None and found.snoozed_until is not None
    assert found.lease_until > found.snoozed_until
    await office.sari.post(at(person, "draft"), data={"text": "nanti"})
    assert (await handoff(office, person)).lease_until == found.lease_until, "a draft makes it no shorter"


async def test_it_comes_back_when_its_time_comes_or_the_applicant_writes(office: FrontOffice) -> None:
    first, second = await office.waiting("Satu Contoh"), await office.owned("sari")
    for person in (first, second):
        assert (await all_at_once(office.sari, "snooze", person, until="1")).status_code == 200
    desk = office.runtime.people
    assert isinstance(desk, OfficersDesk)
    async with office.runtime.database.session() as session:
        await desk.wrote(session, second, "text", "terima kasih")
    assert await there(office.sari, second, "mine")
    office.clock.on(minutes=61)
    try:
        assert await there(office.sari, first)
    finally:
        office.clock.on(minutes=-61)


@pytest.mark.parametrize("until", ["", "kemarin", "2020-01-01T08:00", "2050-01-01T08:00", "99"])
async def test_an_odd_time_is_refused_with_a_reason(office: FrontOffice, until: str) -> None:
    person = await office.waiting()
    refused = await office.sari.post(at(person, "snooze"), data={"until": until}, headers=LIVE)
    assert refused.status_code == 422
    assert "Pilih waktu yang akan datang" in refused.text


@pytest.mark.parametrize("until", ["tomorrow", "monday"])
async def test_a_morning_is_the_offices_morning(office: FrontOffice, until: str) -> None:
    person = await office.waiting()
    await office.sari.post(at(person, "snooze"), data={"until": until})
    found = (await handoff(office, person)).snoozed_until
    assert found is not None
    local = found.astimezone(office.app.state.desk.zone)
    assert (local.hour, local.minute) == (8, 0)
    assert until == "tomorrow" or local.weekday() == 0


async def test_several_are_taken_released_and_closed_and_what_could_not_be_is_named(office: FrontOffice) -> None:
    mine = [await office.waiting(f"Orang{n} Contoh") for n in range(3)]
    rinas = await office.owned("rina", name="Rinas Contoh")
    taken = await all_at_once(office.sari, "claim", *mine, rinas, 987654321)
    assert "3 percakapan diambil. 2 tidak:" in taken.text
    assert re.search(r"Rinas Contoh</a>: .*sudah diambil petugas Rina", taken.text)
    assert "Satu percakapan: tidak ada, atau milik kantor lain." in taken.text
    assert {(await handoff(office, one)).officer_id for one in mine} == {office.people.sari.id}
    released = await all_at_once(office.sari, "release", mine[0], rinas)
    assert "1 percakapan dilepas ke antrean. 1 tidak:" in released.text
    closed = await all_at_once(office.sari, "close", *mine)
    assert "2 percakapan ditutup. 1 tidak:" in closed.text
    async with office.runtime.database.session() as session:
        owners = [(await session.get_one(Conversation, one)).owner for one in mine]
    assert owners == ["queue", "bot", "bot"]
    assert (await acts(office, mine[1]))[-2:] == ["handoff.claimed", "handoff.closed"]


async def test_several_are_handed_over_labelled_and_put_off(office: FrontOffice) -> None:
    rows = [await office.owned("sari", name=f"Alih{n} Contoh") for n in range(2)]
    to = f"officer-{office.people.rina.id}"
    assert "Pilih petugas atau tim" in (await all_at_once(office.sari, "transfer", *rows, to=to)).text
    handed = await all_at_once(office.sari, "transfer", *rows, to=to, note="Titip ya.")
    assert "2 percakapan dialihkan." in handed.text
    assert {(await handoff(office, one)).officer_id for one in rows} == {office.people.rina.id}
    await office.wati.post("/console/triage/labels", data={"name": "Bersama", "color": "hijau", "office": ""})
    choices = (await office.sari.get("/console/inbox/choices")).text
    number = re.search(r'<option value="(\d+)">Bersama', choices)
    assert number is not None
    assert f'value="{to}"' in choices
    assert "2 percakapan diberi label." in (await all_at_once(office.sari, "label", *rows, label=number[1])).text
    assert "Bersama" in (await office.rina.get("/console/inbox/rows?view=mine")).text
    assert "2 percakapan ditunda." in (await all_at_once(office.rina, "snooze", *rows, until="1")).text
    assert not await there(office.rina, rows[0], "mine")
    await office.wati.post(f"/console/triage/labels/{number[1]}/remove")


@pytest.mark.parametrize("fields", [{"act": "claim"}, {"act": "fly", "conversation": ["1"]}, {"act": "label"}])
async def test_an_odd_act_on_several_is_refused_with_a_reason(office: FrontOffice, fields: dict[str, str]) -> None:
    answer = await office.sari.post("/console/inbox/bulk", data=fields, headers=LIVE)
    assert answer.status_code == 422
    assert 'role="alert"' in answer.text


async def test_it_works_without_scripts(office: FrontOffice) -> None:
    person = await office.waiting("Polos Contoh")
    answer = await office.sari.post("/console/inbox/bulk", data={"act": "claim", "conversation": [str(person)]})
    assert answer.status_code == 200
    assert "1 percakapan diambil." in answer.text


async def test_a_local_time_is_understood_in_the_offices_zone(office: FrontOffice) -> None:
    person = await office.waiting()
    zone = office.app.state.desk.zone
    wanted = (office.clock() + timedelta(days=2)).astimezone(zone).replace(second=0, microsecond=0)
    await office.sari.post(at(person, "snooze"), data={"until": f"{wanted:%Y-%m-%dT%H:%M}"})
    found = (await handoff(office, person)).snoozed_until
    assert isinstance(found, datetime)
    assert found == wanted


@pytest.mark.parametrize("way", ["alone", "several"])
async def test_for_who_sees_all_offices_a_morning_is_the_conversations(
    office: FrontOffice, monkeypatch: pytest.MonkeyPatch, way: str
) -> None:
    east = ZoneInfo("Asia/Jayapura")
    monkeypatch.setitem(working_days._zones, "kudus", east)
    person = await office.waiting()
    if way == "alone":
        asked = await office.wati.get(at(person))
        assert "Jamnya menurut kantor percakapan ini: WIT." in asked.text
        page = await office.wati.post(at(person, "snooze"), data={"until": "tomorrow"}, headers=LIVE)
        assert "08.00 WIT." in page.text, "the officer's own clock is another"
        assert "08.00 WIT</span>" in page.text
    else:
        await all_at_once(office.wati, "snooze", person, until="tomorrow")
    found = (await handoff(office, person)).snoozed_until
    assert found is not None
    assert found.astimezone(east).hour == 8
