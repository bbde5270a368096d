"""The list and the transcript."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

import pytest
from sqlalchemy import text, update

from bot.applications.models import Application, ApplicationLink
from bot.applications.numbers import new_number
from bot.conversations.models import Incoming, Outgoing, StoredFile
from bot.handoff.answering.replying import reply
from bot.handoff.desk import BadInput
from bot.handoff.models import Handoff
from bot.handoff.notes import add_note, mentions, seen
from bot.handoff.ownership.service import claim, close, request_person, transfer
from bot.handoff.reading import inbox as listing
from bot.handoff.reading import search
from bot.handoff.reading.inbox import PAGE, counts, inbox
from bot.handoff.reading.narrowing import InboxFilter
from bot.handoff.reading.presence import look
from bot.handoff.reading.transcript import TranscriptEntry, mark_read, messages
from bot.officers.models import Team
from tests.handoff.conftest import House
from tests.handoff.samples import PDF

NUMBER = new_number()


async def listed(house: House, view: str = "waiting", **wanted: Any) -> list[int]:
    """The conversations' numbers."""
    rows = await house.asks(inbox, InboxFilter(view=view, **wanted), house.clock())  # type: ignore[arg-type]
    return [one.conversation_id for one in rows]


async def asks(house: House, name: str, *, waited: float = 0, **more: Any) -> int:
    """Somebody who waits for `waited` minutes."""
    kind = more.pop("kind", "requested")
    about = {one: more.pop(one) for one in ("office", "service") if one in more}
    conversation = await house.applicant(address=more.pop("address", name), name=name, **more)
    await house.asks(request_person, conversation, "minta petugas", kind=kind, **about)
    async with house.runtime.database.session() as session:
        at = house.clock() - timedelta(minutes=waited)
        change = update(Handoff).where(Handoff.conversation_id == conversation)
        await session.execute(change.values(queued_at=at, created_at=at, asked_at=at))
    return conversation


def whatsapp(house: House, hours_left: float) -> dict[str, Any]:
    at = house.clock() - timedelta(hours=24 - hours_left)
    return {"channel": "whatsapp", "last_incoming_at": at}


async def test_the_order_is_danger_then_window_then_waiting(house: House) -> None:
    fresh = await asks(house, "fresh", waited=5, **whatsapp(house, 23.9))
    telegram = await asks(house, "telegram", waited=60)
    closing = await asks(house, "closing", waited=1, **whatsapp(house, 0.5))
    lost = await asks(house, "lost", waited=2000, **whatsapp(house, -9))
    some = await asks(house, "some", waited=1, **whatsapp(house, 6))
    danger = await asks(house, "danger", kind="emergency")
    assert await listed(house) == [danger, closing, some, lost, telegram, fresh]
    rows = {one.name: one for one in await house.asks(inbox, InboxFilter(), house.clock())}
    assert rows["closing"].offer_template and rows["lost"].offer_template and not rows["some"].offer_template
    assert rows["telegram"].window_left is None and rows["lost"].window_left == timedelta(0)


async def test_the_views(house: House) -> None:
    waits, mine, budis, done = [await asks(house, f"n{n}") for n in range(4)]
    bots = await house.applicant(address="bots")
    await house.wrote(bots, "halo")
    rina = house.officers["rina"].id
    await house.does("rina", claim, mine)
    await house.does("budi", claim, budis)
    await house.does("rina", claim, done)
    await house.does("rina", close, done)
    assert await listed(house) == [waits]
    assert await listed(house, "mine", officer=rina) == [mine]
    assert set(await listed(house, "open")) == {waits, mine, budis}
    assert set(await listed(house, "all")) == {waits, mine, budis, bots}
    assert await listed(house, "closed") == [done]
    await house.asks(request_person, done, "lagi")
    assert await listed(house, "closed") == []


async def test_what_a_row_says(house: House) -> None:
    conversation = await asks(house, "Siti Rahma", office="kudus", service="kudus-iui")
    await house.wrote(conversation, "apakah sudah?", received_at=house.clock() + timedelta(seconds=1))
    await house.does("rina", claim, conversation)
    await house.does("budi", look, conversation)
    (row,) = await house.asks(inbox, InboxFilter(view="open"), house.clock())
    assert (row.name, row.owner, row.owner_name, row.unread, row.viewers) == (
        "Siti Rahma",
        "officer",
        "Rina",
        1,
        ("Budi",),
    )
    assert (row.asked, row.office, row.service) == ("apakah sudah?", "kudus", "kudus-iui")
    await house.asks(mark_read, conversation, house.officers["budi"].id)
    assert (await house.asks(inbox, InboxFilter(view="open"), house.clock()))[0].unread == 1
    await house.asks(mark_read, conversation, house.officers["rina"].id)
    assert (await house.asks(inbox, InboxFilter(view="open"), house.clock()))[0].unread == 0


async def test_filters(house: House) -> None:
    kudus = await asks(house, "a", office="kudus", service="kudus-iui")
    magetan = await asks(house, "b", office="magetan", service="magetan-perluasan", kind="complaint")
    assert await listed(house, office="kudus") == [kudus]
    assert await listed(house, "all", service="magetan-perluasan") == [magetan]
    assert await listed(house, reason="complaint") == [magetan]
    assert await listed(house, office="pariaman") == []
    async with house.runtime.database.session() as session:
        team = Team(name="Tim Industri")
        session.add(team)
    await house.does("rina", claim, kudus)
    await house.does("rina", transfer, kudus, "untuk tim", team_id=team.id)
    (row,) = await house.asks(inbox, InboxFilter(team=team.id), house.clock())
    assert (row.conversation_id, row.team) == (kudus, "Tim Industri")


async def test_search(house: House) -> None:
    siti = await asks(house, "Siti Rahmawati", channel="whatsapp", address="whatsapp:+6281234567890")
    joko = await asks(house, "Joko")
    await house.wrote(siti, "bagaimana mengurus perluasan pabrik batik?")
    await house.wrote(joko, "akta pendirian hilang")
    await house.does("rina", claim, joko)
    await house.does("rina", reply, joko, "Silakan membawa fotokopi notaris.")
    for words in ("rahma", "SITI", "perluasan", "pengurusan batik", "0812 3456 7890", "7890", "+62 812-3456-7890"):
        assert await listed(house, "all", search=words) == [siti], words
    for words in ("joko", "akta hilang", "notaris"):
        assert await listed(house, "open", search=words) == [joko], words
    for words in ("tidak-ada-kata-ini", "& | ! ( <-> :*", "' or 1=1 --", "7891"):
        assert await listed(house, "all", search=words) == [], words
    assert set(await listed(house, "open", search="  ")) == {siti, joko}
    assert await listed(house, "waiting", search="notaris") == [], "the view still counts"


@pytest.mark.parametrize("many", [3, 4000])
async def test_a_search_is_complete_however_common_the_word(
    house: House, monkeypatch: pytest.MonkeyPatch, many: int
) -> None:
    """With `many` 3 the word is common in what people wrote, not in what officers answered."""
    monkeypatch.setattr(search, "MANY", many)
    monkeypatch.setattr(listing, "PAGE", 3)
    at = house.clock()
    waiting = [await asks(house, f"w{n}", waited=100 - n) for n in range(4)]
    bots = [await house.applicant(address=f"b{n}", last_incoming_at=at - timedelta(hours=n)) for n in range(5)]
    silent = await asks(house, "tembakau dari nama", waited=1)
    for conversation in (bots[4], *waiting, *bots[:4]):  # the one that wrote longest ago has the oldest message
        await house.wrote(conversation, "mau tanya soal tembakau")
        await house.wrote(conversation, "yang lain lagi")
    other = await asks(house, "tanpa", waited=2)
    await house.wrote(other, "kretek")
    answered = await asks(house, "dijawab", waited=0.5)
    await house.does("rina", claim, answered)
    await house.does("rina", reply, answered, "Untuk tembakau ada syarat lain.")
    expected = [*waiting, silent, answered, *bots]
    pages = [await listed(house, "all", search="tembakau", page=page) for page in (1, 2, 3, 4, 5)]
    assert [one for page in pages for one in page[:3]] == expected
    assert [len(page) for page in pages] == [4, 4, 4, 2, 0]
    assert await listed(house, "waiting", search="tembakau", page=2) == [waiting[3], silent]
    assert await listed(house, "open", search="tembakau kretek") == []


async def test_search_finds_conversations_of_the_bot_and_applications(house: House) -> None:
    conversation = await house.applicant()
    await house.wrote(conversation, "cerobong asap")
    async with house.runtime.database.session() as session:
        application = Application(
            number=NUMBER,
            office="kudus",
            service="kudus-iui",
            procedure="iui",
            received_on=house.clock().date(),
            stage="x",
            stage_since=house.clock(),
            turn="office",
        )
        session.add(application)
        await session.flush()
        session.add(ApplicationLink(application_id=application.id, conversation_id=conversation, how="code"))
    try:
        assert await listed(house, "all", search="cerobong") == [conversation]
        assert await listed(house, "all", search=NUMBER.lower()) == [conversation]
    finally:
        async with house.runtime.database.session() as session:
            await session.execute(text(f"delete from applications where number = '{NUMBER}'"))


async def test_pages(house: House, monkeypatch: pytest.MonkeyPatch) -> None:
    assert PAGE == 50
    monkeypatch.setattr(listing, "PAGE", 3)
    people = [await asks(house, f"p{n}", waited=100 - n) for n in range(7)]
    assert await listed(house) == people[:4], "one more than the page: there is a next one"
    assert await listed(house, page=2) == people[3:7]
    assert await listed(house, page=3) == people[6:]


async def test_counts(house: House) -> None:
    first, second = await asks(house, "a"), await asks(house, "b")
    await house.does("rina", claim, first)
    await house.wrote(first, "halo?")
    await house.does("budi", add_note, second, "@rina tolong lihat, @tidakada juga")
    rina = house.officers["rina"].id
    found = await house.asks(counts, rina, house.clock())
    assert (found.waiting, found.mine, found.mine_unread, found.mentions) == (1, 1, 1, 1)
    assert (await house.asks(counts, None, house.clock())).mine == 0
    await house.does("rina", seen, second)
    assert (await house.asks(counts, rina, house.clock())).mentions == 0
    (named,) = await house.does("rina", mentions, unseen=False)
    assert named.seen and named.conversation_id == second


@pytest.mark.parametrize("words", ["", "   ", "x" * 4001])
async def test_notes_have_something_to_say(house: House, words: str) -> None:
    conversation = await house.applicant()
    with pytest.raises(BadInput):
        await house.does("rina", add_note, conversation, words)


async def _told(house: House, conversation: int, **page: Any) -> list[TranscriptEntry]:
    return list(await house.asks(messages, conversation, **page))


async def test_the_transcript_merges_everything_in_order(house: House) -> None:
    conversation = await house.applicant()
    asked = await house.wrote(conversation, "biaya?", understood={"intent": "ask_cost"})
    async with house.runtime.database.session() as session:
        session.add(
            Outgoing(
                conversation_id=conversation,
                in_reply_to=asked,
                text="Tidak disebutkan.",
                status="sent",
                buttons=[{"title": "Syarat", "payload": "/ask_requirements"}],
                sources=[{"document": "S3", "clause": ""}],
            )
        )
        await session.flush()
    async with house.runtime.database.session() as session:
        menu = (await session.execute(text("select max(id) from outgoing_messages"))).scalar_one()
    await house.wrote(conversation, "", kind="payload", menu=menu, choice=0, received_at=_later(house, 1))
    photo = await house.wrote(
        conversation, "", kind="photo", attachments=[{"kind": "photo"}], received_at=_later(house, 2)
    )
    async with house.runtime.database.session() as session:
        session.add(StoredFile(incoming_id=photo, kind="photo", reference="x", path="1.jpg", media_type="image/jpeg"))
    await house.does("rina", claim, conversation, step_in=True)
    await house.does("rina", add_note, conversation, "sudah kutelepon")
    await house.does("rina", reply, conversation, "Halo", [])
    found = await _told(house, conversation)
    assert [(one.author, one.author_name, one.text) for one in sorted(found, key=lambda one: (one.side, one.id))] == [
        ("applicant", "", "biaya?"),
        ("applicant", "", "Syarat"),
        ("applicant", "", ""),
        ("event", "Rina", "Rina masuk ke percakapan."),
        ("note", "Rina", "sudah kutelepon"),
        ("bot", "", "Tidak disebutkan."),
        ("system", "", "Anda terhubung dengan petugas Rina."),
        ("officer", "Rina", "Halo"),
    ]
    assert [one.at for one in found] == sorted(one.at for one in found)
    assert found[0].understood == {"intent": "ask_cost"}
    (picture,) = [one for one in found if one.files]
    assert picture.files[0]["ready"] and picture.files[0]["kind"] == "photo"


def _later(house: House, seconds: float) -> Any:
    return house.clock() + timedelta(seconds=seconds)


async def test_paging_through_a_transcript_skips_and_repeats_nothing(house: House) -> None:
    conversation = await house.applicant()
    for number in range(23):
        await house.wrote(conversation, f"pesan {number}", received_at=_later(house, number // 3))
        await house.does("rina", add_note, conversation, f"catatan {number}")
    whole = await _told(house, conversation, limit=100)
    assert len(whole) == 46
    pages: list[list[TranscriptEntry]] = []
    before = ""
    while page := await _told(house, conversation, before=before, limit=7):
        pages.insert(0, page)
        before = page[0].cursor
    assert [one for page in pages for one in page] == whole
    after = whole[10].cursor
    assert await _told(house, conversation, after=after, limit=5) == whole[11:16]
    assert await _told(house, conversation, after=whole[-1].cursor) == []


@pytest.mark.parametrize("cursor", ["x", "2026-01-01~in~", "2026-01-01~up~3", "'; drop table officers~in~1"])
async def test_a_cursor_that_is_none(house: House, cursor: str) -> None:
    conversation = await house.applicant()
    with pytest.raises(BadInput):
        await _told(house, conversation, before=cursor)


async def test_failures_are_explained_and_can_be_sent_again(house: House) -> None:
    conversation = await house.applicant()
    async with house.runtime.database.session() as session:
        failed = Outgoing(conversation_id=conversation, text="penting", status="failed", error="Nomor tidak aktif.")
        document = Outgoing(
            conversation_id=conversation,
            author="officer",
            text="",
            status="sent",
            file={"path": "sent/x.pdf", "filename": "a.pdf", "media_type": "application/pdf", "size": len(PDF)},
        )
        session.add_all([failed, document])
    one, other = await _told(house, conversation)
    assert (one.error, one.can_resend, one.status) == ("Nomor tidak aktif.", True, "failed")
    assert other.files[0]["filename"] == "a.pdf" and "path" not in other.files[0]


async def test_the_words_go_with_the_message(house: House) -> None:
    conversation = await house.applicant()
    number = await house.wrote(conversation, "rahasia besar")
    async with house.runtime.database.session() as session:
        await session.execute(update(Incoming).where(Incoming.id == number).values(text=""))
    assert await listed(house, "all", search="rahasia") == []
