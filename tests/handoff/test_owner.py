"""One owner: claiming, leases, handing on, giving back."""

from __future__ import annotations

import asyncio

import pytest
from sqlalchemy import select, text

from bot.audit.models import AuditLine
from bot.handoff import people
from bot.handoff.desk import Act, BadInput, Closed, NoConversation, NotAllowed, NotYours
from bot.handoff.notes import mentions
from bot.handoff.ownership import service
from bot.handoff.ownership.service import claim, close, give_back, release, renew, request_person, take_over, transfer
from bot.officers.models import Officer, Team
from tests.handoff.conftest import House
from tests.helpers.until import until


async def waiting(house: House) -> int:
    conversation = await house.applicant()
    assert await house.asks(request_person, conversation, "Pemohon meminta petugas.")
    return conversation


async def test_asking_twice_asks_once(house: House) -> None:
    conversation = await waiting(house)
    assert not await house.asks(request_person, conversation, "lagi")
    assert await house.owner(conversation) == "queue"
    assert (await house.handoff(conversation)).reason == "Pemohon meminta petugas."


async def test_of_twenty_officers_at_once_one_gets_it(house: House) -> None:
    conversation = await waiting(house)
    async with house.runtime.database.session() as session:
        crowd = [Officer(username=f"p{n}", name=f"Petugas {n}", role="officer", password_hash="x") for n in range(20)]
        session.add_all(crowd)
    house.officers |= {one.username: one for one in crowd}
    results = await asyncio.gather(
        *(house.does(one.username, claim, conversation) for one in crowd), return_exceptions=True
    )
    winners = [one.name for one, result in zip(crowd, results, strict=True) if result is None]
    assert len(winners) == 1
    losers = [result for result in results if result is not None]
    assert all(isinstance(one, NotYours) and one.owner == winners[0] and winners[0] in one.why for one in losers)
    assert await house.said(conversation) == [("system", f"Anda terhubung dengan petugas {winners[0]}.")]
    assert await house.owner(conversation) == "officer"


async def test_claiming_is_written_down_and_heard_elsewhere(house: House, runtime: object) -> None:
    conversation = await waiting(house)
    listening = asyncio.create_task(house.runtime.events.listen())
    try:
        with house.runtime.events.everything() as events:

            async def heard() -> bool:
                async with house.runtime.database.session() as session:
                    await session.execute(text("""select pg_notify('pandu_events', '{"conversation": 0}')"""))
                return not events.empty()

            await until(heard)
            await house.does("rina", claim, conversation)
            while (event := await asyncio.wait_for(events.get(), 5))["conversation"] != conversation:
                pass
    finally:
        listening.cancel()
    rina = house.officers["rina"].id
    assert event == {"conversation": conversation, "desk": "claimed", "owner": "officer", "officer": rina}
    async with house.runtime.database.session() as session:
        line = (await session.scalars(select(AuditLine).order_by(AuditLine.id.desc()).limit(1))).one()
    assert (line.actor, line.action, line.subject_id) == (f"officer:{rina}", "handoff.claimed", conversation)


async def test_the_bots_conversation_is_only_stepped_into(house: House) -> None:
    conversation = await house.applicant()
    with pytest.raises(Closed, match="tidak lagi menunggu"):
        await house.does("rina", claim, conversation)
    await house.does("rina", claim, conversation, step_in=True)
    assert await house.owner(conversation) == "officer"
    assert (await house.handoff(conversation)).kind == "stepped_in"
    with pytest.raises(NotYours, match="Rina"):
        await house.does("budi", claim, conversation, step_in=True)
    with pytest.raises(NoConversation):
        await house.does("rina", claim, 999_999, step_in=True)


async def test_claiming_what_one_has_renews(house: House) -> None:
    conversation = await waiting(house)
    await house.does("rina", claim, conversation)
    before = (await house.handoff(conversation)).lease_until
    house.clock.on(minutes=5)
    await house.does("rina", claim, conversation)
    after = (await house.handoff(conversation)).lease_until
    assert before and after and (after - before).total_seconds() == 300
    assert len(await house.said(conversation)) == 1


async def test_an_idle_officer_is_warned_and_then_loses_it(house: House) -> None:
    conversation = await waiting(house)
    await house.does("rina", claim, conversation)
    watch = service.watch_leases
    house.clock.on(minutes=12)
    assert await house.does("", watch) == (0, 0)
    house.clock.on(minutes=1.5)
    assert await house.does("", watch) == (1, 0)
    assert await house.does("", watch) == (0, 0), "warned once"
    assert await house.does("rina", renew, conversation) is not None
    house.clock.on(minutes=13.5)
    assert await house.does("", watch) == (1, 0), "after an act the time runs anew"
    house.clock.on(minutes=2)
    assert await house.does("", watch) == (0, 1)
    assert await house.owner(conversation) == "queue"
    assert (await house.said(conversation))[-1][1].startswith("Percakapan Anda kembali ke antrean")
    assert await house.does("rina", renew, conversation) is None
    with pytest.raises(NotYours, match="antrean"):
        await house.does("rina", release, conversation)
    await house.does("budi", claim, conversation)


async def test_the_log_says_that_pandu_took_it_from_who_was_idle(house: House) -> None:
    conversation = await waiting(house)
    await house.does("rina", claim, conversation)
    async with house.runtime.database.session() as session:
        await session.execute(text("update handoffs set lease_until = now() - interval '1 second'"))
    await people.watch(house.runtime)
    async with house.runtime.database.session() as session:
        query = select(AuditLine.actor).where(AuditLine.action == "handoff.lease-ended")
        assert (await session.scalars(query.where(AuditLine.subject_id == conversation))).all() == ["system"]


async def test_transfer_to_a_colleague_with_a_note(house: House) -> None:
    conversation = await waiting(house)
    await house.does("rina", claim, conversation)
    budi = house.officers["budi"].id
    with pytest.raises(BadInput, match="catatan"):
        await house.does("rina", transfer, conversation, "  ", officer_id=budi)
    with pytest.raises(BadInput):
        await house.does("rina", transfer, conversation, "tolong", officer_id=budi, team_id=1)
    with pytest.raises(NotYours, match="Rina"):
        await house.does("budi", transfer, conversation, "punyaku", officer_id=budi)
    await house.does("rina", transfer, conversation, "tolong cek akta", officer_id=budi)
    assert (await house.handoff(conversation)).officer_id == budi
    assert (await house.said(conversation))[-1] == ("system", "Percakapan Anda dilanjutkan oleh petugas Budi.")
    (named,) = await house.does("budi", mentions)
    assert (named.by, named.text) == ("Rina", "@budi tolong cek akta")
    with pytest.raises(NotYours, match="Budi"):
        await house.does("rina", release, conversation)


async def test_transfer_to_a_team_waits_there(house: House) -> None:
    conversation = await waiting(house)
    await house.does("rina", claim, conversation)
    async with house.runtime.database.session() as session:
        team = Team(name="Tim Industri")
        session.add(team)
    await house.does("rina", transfer, conversation, "soal perluasan", team_id=team.id)
    handoff = await house.handoff(conversation)
    assert (handoff.officer_id, handoff.team_id, await house.owner(conversation)) == (None, team.id, "queue")
    assert "Tim Industri" in (await house.said(conversation))[-1][1]


async def test_an_inactive_colleague_gets_nothing(house: House) -> None:
    conversation = await waiting(house)
    await house.does("rina", claim, conversation)
    budi = house.officers["budi"].id
    async with house.runtime.database.session() as session:
        (await session.get_one(Officer, budi)).disabled_at = house.clock()
    with pytest.raises(BadInput, match="tidak aktif"):
        await house.does("rina", transfer, conversation, "tolong", officer_id=budi)


async def test_only_a_supervisor_takes_over(house: House) -> None:
    conversation = await waiting(house)
    await house.does("rina", claim, conversation)
    with pytest.raises(NotAllowed):
        await house.does("budi", take_over, conversation)
    await house.does("sari", take_over, conversation)
    assert (await house.handoff(conversation)).officer_id == house.officers["sari"].id
    assert (await house.said(conversation))[-1][1] == "Percakapan Anda dilanjutkan oleh petugas Sari."


@pytest.mark.parametrize(("act", "outcome"), [(give_back, "given_back"), (close, "closed")])
async def test_back_to_the_bot(house: House, act: object, outcome: str) -> None:
    ended: list[tuple[int, int]] = []

    async def after(session: object, conversation: int, handoff: int) -> None:
        ended.append((conversation, handoff))

    house.runtime.after_handoff = after
    conversation = await waiting(house)
    await house.does("rina", claim, conversation)
    with pytest.raises(NotYours, match="Rina"):
        await house.does("budi", act, conversation)
    await house.does("rina", act, conversation)
    handoff = await house.handoff(conversation)
    assert (await house.owner(conversation), handoff.outcome) == ("bot", outcome)
    assert handoff.closed_at is not None
    assert ended == [(conversation, handoff.id)]
    assert "Pandu" in (await house.said(conversation))[-1][1]
    for again in (give_back, release, close):
        with pytest.raises(Closed):
            await house.does("rina", again, conversation)
    assert await house.asks(request_person, conversation, "sekali lagi"), "a new handoff may follow"


async def test_an_emergency_raises_what_waits_already(house: House) -> None:
    conversation = await waiting(house)
    async with house.runtime.database.session() as session:
        await request_person(session, conversation, "DARURAT", kind="emergency")
    assert (await house.handoff(conversation)).kind == "emergency"


async def test_the_command_line_needs_no_account(house: House) -> None:
    conversation = await waiting(house)
    async with house.runtime.database.session() as session:
        await claim(Act(session, house.runtime), conversation)
    assert await house.said(conversation) == [("system", "Anda terhubung dengan petugas kantor.")]
    with pytest.raises(NotYours):
        await house.does("rina", release, conversation)
