"""Those who wait are given to the officers who are present: per office and skill, the least loaded first."""

from __future__ import annotations

import secrets
from datetime import time, timedelta
from typing import Any

import pytest

from bot.handoff.answering.replying import reply
from bot.handoff.desk import NotAllowed
from bot.handoff.models import Handoff
from bot.handoff.ownership.hours import set_hours
from bot.handoff.ownership.service import claim, release, request_person, watch_leases
from bot.handoff.triage import sharing
from bot.handoff.triage.sharing import set_assigns, set_skills, share
from bot.handoff.triage.snoozing import snooze
from bot.officers.models import Officer, OfficerSession
from tests.handoff.conftest import House


async def sits(house: House, who: str, *offices: str, ago: float = 0) -> None:
    """The officer's page asked for something so many minutes ago."""
    async with house.runtime.database.session() as session:
        officer = await session.get_one(Officer, house.officers[who].id)
        officer.offices = list(offices)
        seen = house.clock() - timedelta(minutes=ago)
        session.add(
            OfficerSession(
                token_hash=secrets.token_hex(8), officer_id=officer.id, confirmed=True, seen_at=seen,
                expires_at=house.clock() + timedelta(hours=9),
            )
        )  # fmt: skip
    house.officers[who].offices = list(offices)


async def waits(house: House, name: str, **about: Any) -> int:
    conversation = await house.applicant(address=name, name=name)
    await house.asks(request_person, conversation, "x", **{"office": "kudus"} | about)
    return conversation


async def has(house: House, conversation: int) -> str:
    found: Handoff = await house.handoff(conversation)
    return next((name for name, one in house.officers.items() if one.id == found.officer_id), "")


async def test_nothing_is_given_out_until_the_office_wants_it(house: House) -> None:
    await sits(house, "rina", "kudus")
    conversation = await waits(house, "siti")
    assert await house.does("", share) == 0
    await house.does("sari", set_assigns, "kudus", True)
    assert await house.does("", share) == 1
    assert await has(house, conversation) == "rina"
    assert await house.said(conversation) == [], "nobody says by machine that somebody is there"
    await house.does("sari", set_assigns, "kudus", False)
    assert await house.does("", share) == 0


async def test_only_those_present_of_that_office_are_given_any(house: House) -> None:
    await house.does("sari", set_assigns, "kudus", True)
    await sits(house, "rina", "kudus", ago=10)
    await sits(house, "budi", "magetan")
    conversation = await waits(house, "siti")
    assert await house.does("", share) == 0
    await sits(house, "sari", "magetan", "kudus")
    assert await house.does("", share) == 1
    assert await has(house, conversation) == "sari"


async def test_whoever_has_the_fewest_is_next(house: House) -> None:
    await house.does("sari", set_assigns, "kudus", True)
    await sits(house, "rina", "kudus")
    await sits(house, "budi", "kudus")
    await house.does("rina", claim, await waits(house, "awal"))
    people = [await waits(house, f"p{n}") for n in range(3)]
    assert await house.does("", share) == 3
    assert [await has(house, one) for one in people] == ["budi", "rina", "budi"]


async def test_who_knows_the_service_is_given_it(house: House) -> None:
    await house.does("sari", set_assigns, "kudus", True)
    await sits(house, "rina", "kudus")
    await sits(house, "budi", "kudus")
    await house.does("sari", set_skills, house.officers["rina"], ["kudus-perluasan"])
    await house.does("sari", set_skills, house.officers["budi"], ["kudus-iui"])
    iui = [await waits(house, f"i{n}", service="kudus-iui") for n in range(2)]
    other = await waits(house, "lain", service="kudus-perizinan-lain")
    unknown = await waits(house, "tanpa")
    await house.does("", share)
    assert [await has(house, one) for one in (*iui, other, unknown)] == ["budi", "budi", "", "rina"]
    await house.does("sari", set_skills, house.officers["rina"], [])
    await house.does("", share)
    assert await has(house, other) == "rina", "without skills one knows all"


async def test_nobody_is_given_more_than_can_be_done(house: House, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(sharing, "MOST", 2)
    await house.does("sari", set_assigns, "kudus", True)
    await sits(house, "rina", "kudus")
    people = [await waits(house, f"p{n}") for n in range(3)]
    assert await house.does("", share) == 2
    await house.does("rina", reply, people[0], "Halo")
    assert await house.does("", share) == 0


async def test_what_is_let_go_is_not_given_to_the_same_again(house: House) -> None:
    await house.does("sari", set_assigns, "kudus", True)
    await sits(house, "rina", "kudus")
    idle, let_go = await waits(house, "diam"), await waits(house, "lepas")
    assert await house.does("", share) == 2
    await house.does("rina", release, let_go)
    house.clock.on(hours=1)
    await house.does("", watch_leases)
    await sits(house, "rina", "kudus")
    assert await house.does("", share) == 0
    await sits(house, "budi", "kudus")
    assert await house.does("", share) == 2
    assert {await has(house, one) for one in (idle, let_go)} == {"budi"}


async def test_outside_office_hours_and_while_put_off_nothing_is_given_out(house: House) -> None:
    await house.does("sari", set_assigns, "kudus", True)
    await sits(house, "rina", "kudus")
    off = await waits(house, "nanti")
    await house.does("rina", snooze, off, house.clock() + timedelta(hours=1))
    assert await house.does("", share) == 0
    await waits(house, "siti")
    day = (house.clock() + timedelta(hours=7)).weekday()
    await house.does("", set_hours, "kudus", {(day + 3) % 7: [(time(8), time(9))]})
    assert await house.does("", share) == 0


async def test_the_common_queue_is_given_to_nobody(house: House) -> None:
    await house.does("sari", set_assigns, "kudus", True)
    await sits(house, "rina", "kudus")
    await waits(house, "siti", office="")
    assert await house.does("", share) == 0


async def test_another_offices_supervisor_switches_nothing(house: House) -> None:
    await sits(house, "sari", "magetan")
    with pytest.raises(NotAllowed):
        await house.does("sari", set_assigns, "kudus", True)


async def test_who_was_given_it_is_named_with_the_first_reply_only(house: House) -> None:
    await house.does("sari", set_assigns, "kudus", True)
    await sits(house, "rina", "kudus")
    conversation, idle = await waits(house, "siti"), await waits(house, "diam")
    assert await house.does("", share) == 2
    await house.does("rina", reply, conversation, "Selamat pagi")
    await house.does("rina", reply, conversation, "Ada yang bisa dibantu?")
    said = [("system", "Anda terhubung dengan petugas Rina."), ("officer", "Selamat pagi")]
    assert await house.said(conversation) == [*said, ("officer", "Ada yang bisa dibantu?")]
    house.clock.on(hours=1)
    await house.does("", watch_leases)
    assert await house.said(idle) == [], "who heard of nobody is still waiting"
    assert (await house.said(conversation))[-1][1].startswith("Percakapan Anda kembali ke antrean")
    await sits(house, "budi", "kudus")
    assert await house.does("", share) == 2
    await house.does("budi", release, idle)
    assert await house.said(idle) == []
    await house.does("budi", reply, conversation, "Saya lanjutkan")
    assert (await house.said(conversation))[-2:] == [
        ("system", "Percakapan Anda dilanjutkan oleh petugas Budi."),
        ("officer", "Saya lanjutkan"),
    ]
