"""A row of the list: the question that waits, since when, and what a search found."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

import pytest

from bot.conversations.models import Incoming, Outgoing
from bot.handoff.answering.replying import reply
from bot.handoff.ownership.queue import place
from bot.handoff.ownership.service import claim, release, request_person, watch_leases
from bot.handoff.reading.asked import asks
from bot.handoff.reading.inbox import Row, inbox
from bot.handoff.reading.narrowing import InboxFilter
from tests.handoff.conftest import House
from tests.helpers.runtime import message, receive


async def row(house: House, conversation: int, **wanted: Any) -> Row:
    rows = await house.asks(inbox, InboxFilter(view="all", **wanted), house.clock())
    return next(one for one in rows if one.conversation_id == conversation)


async def waits(house: House, **more: Any) -> int:
    conversation = await house.applicant(**more)
    await house.asks(request_person, conversation, "Pemohon meminta petugas.")
    return conversation


@pytest.mark.parametrize(
    "words",
    [
        "ok",
        "Baik bu, terima kasih 🙏",
        "assalamualaikum pak",
        "p",
        "halo min??",
        "masih lama ya?",
        "antrian saya ke berapa",
        "siap ditunggu",
        "👍",
        "   ",
        "tolong dibalas dong kak",
    ],
)
def test_thanks_greetings_and_pressing_are_no_question(words: str) -> None:
    assert not asks(words)


@pytest.mark.parametrize(
    "words",
    ["biayanya berapa?", "halo bu, syarat iui apa ya", "terima kasih, lalu ktp dikirim ke mana?", "NIB saya hilang"],
)
def test_a_question_stays_one_in_polite_words(words: str) -> None:
    assert asks(words)


def test_a_wish_for_a_person_is_a_question_when_it_says_what_about() -> None:
    assert not asks("mau bicara dengan petugas", "talk_to_human")
    assert asks("data saya di oss beda sama ktp, bisa dibantu orangnya langsung?", "talk_to_human")


async def test_a_row_shows_the_question_that_waits_and_not_the_last_ok(house: House) -> None:
    conversation = await waits(house)
    decision = {"service": "kudus-iui", "office": "kudus"}
    await house.wrote(conversation, "syaratnya apa?", understood={"intent": "ask_requirements", "decision": decision})
    await house.wrote(conversation, "mau sama petugas", understood={"intent": "talk_to_human"})
    await house.wrote(conversation, "ok", outcome="for_officer")
    found = await row(house, conversation)
    assert (found.asked, found.service, found.office) == ("syaratnya apa?", "kudus-iui", "kudus")
    await house.wrote(conversation, "kalau pindah alamat\nbagaimana?", outcome="for_officer")
    await house.wrote(conversation, "makasih", outcome="for_officer")
    assert (await row(house, conversation)).asked == "kalau pindah alamat bagaimana?"


async def test_a_tapped_button_and_a_photo_say_what_they_are(house: House) -> None:
    tapped, photo = await waits(house), await waits(house, address="p")
    async with house.runtime.database.session() as session:
        menu = Outgoing(conversation_id=tapped, text="x", buttons=[{"title": "Biaya", "payload": "/x"}], status="sent")
        session.add(menu)
        await session.flush()
        session.add(
            Incoming(
                conversation_id=tapped,
                channel="recording",
                provider_id="tap",
                kind="payload",
                menu=menu.id,
                choice=0,
                handled_at=house.clock(),
                outcome="answered",
            )
        )
    await house.wrote(photo, "", kind="photo")
    assert (await row(house, tapped)).asked == "Biaya"
    assert (await row(house, photo)).asked == "(foto)"


async def test_a_place_whose_standard_is_not_held_is_shown_as_heard(house: House) -> None:
    conversation = await waits(house)
    await house.wrote(
        conversation, "izin di jepara?", understood={"intent": "x", "decision": {"region": "Kabupaten Jepara"}}
    )
    found = await row(house, conversation)
    assert (found.region, found.office) == ("Kabupaten Jepara", "")


async def test_an_idle_return_does_not_make_the_waiting_young(house: House) -> None:
    conversation, other = await waits(house), await waits(house, address="joko")
    asked_at = (await row(house, conversation)).asked_at
    await house.does("rina", claim, conversation)
    house.clock.on(hours=2)
    assert await house.does("", watch_leases) == (0, 1)
    found = await row(house, conversation)
    assert (found.owner, found.asked_at) == ("queue", asked_at)
    await house.does("rina", claim, conversation)
    await house.does("rina", release, conversation)
    assert (await row(house, conversation)).asked_at == asked_at
    rows = await house.asks(inbox, InboxFilter(), house.clock())
    assert [one.conversation_id for one in rows] == [conversation, other]
    assert (await house.asks(place, conversation, house.clock(), "Asia/Jakarta")).ahead == 0


async def test_a_reply_ends_the_waiting_and_a_question_begins_it_again(house: House) -> None:
    await receive(house.runtime, message("petugas dong", "0"))
    conversation = (await house.asks(inbox, InboxFilter(view="all"), house.clock()))[0].conversation_id
    await house.asks(request_person, conversation, "Pemohon meminta petugas.")
    await house.does("rina", claim, conversation)
    assert (await row(house, conversation)).asked_at is not None
    await house.does("rina", reply, conversation, "Silakan ke loket.")
    assert (await row(house, conversation)).asked_at is None
    await receive(house.runtime, message("baik bu terima kasih", "1"))
    assert (await row(house, conversation)).asked_at is None
    await receive(house.runtime, message("loketnya buka jam berapa?", "2"))
    first = (await row(house, conversation)).asked_at
    await receive(house.runtime, message("jam berapa bu?", "3"))
    assert first is not None
    assert (await row(house, conversation)).asked_at == first


async def test_who_was_joined_unasked_does_not_wait(house: House) -> None:
    conversation = await house.applicant()
    await house.does("rina", claim, conversation, step_in=True)
    assert (await row(house, conversation)).asked_at is None


async def test_a_search_shows_the_message_that_fits(house: House) -> None:
    conversation = await waits(house, name="Siti Perluasan")
    await house.wrote(conversation, "bagaimana mengurus perluasan pabrik batik?")
    await house.wrote(conversation, "biayanya berapa?", received_at=house.clock() + timedelta(seconds=1))
    found = await row(house, conversation, search="pengurusan batik")
    assert found.hit is not None
    assert (found.hit.text, found.hit.words, found.hit.by) == (
        "bagaimana mengurus perluasan pabrik batik?",
        ("mengurus", "batik"),
        "in",
    )
    await house.does("rina", claim, conversation)
    await house.does("rina", reply, conversation, "Fotokopi batik dibawa.")
    found = await row(house, conversation, search="fotokopi")
    assert found.hit is not None
    assert found.hit.by == "out"
    assert (await row(house, conversation, search="siti")).hit is None, "found by the name"
