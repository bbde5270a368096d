"""A person for officers: the name mended, conversations joined and parted, what was before, notes."""

from __future__ import annotations

import secrets
from collections.abc import AsyncIterator

import pytest
from sqlalchemy import select, text

from bot.conversations import persons
from bot.conversations.inbox import store
from bot.conversations.models import Conversation
from bot.conversations.runtime import Runtime
from bot.handoff.models import Handoff
from bot.messages import IncomingMessage
from bot.officers.service import by_id, set_offices
from bot.storage.database import Database
from tests.console.conftest import SignedIn

ROOT = "/console/persons"
NAMES = [
    "Nguyễn Thị Bích Ngọc",
    "Rasyīd Ḥasan",
    "أحمد رشيد",
    "ꦧꦸꦢꦶ",
    "陈小明",
    "<script>alert(1)</script>",
    "A" * persons.MAX_NAME,
]


@pytest.fixture(autouse=True)
async def empty(database: Database) -> AsyncIterator[None]:
    async with database.session() as session:
        await session.execute(text("truncate conversations, persons cascade"))
    yield


async def chat(database: Database, name: str, channel: str = "telegram", **values: object) -> int:
    async with database.session() as session:
        row = Conversation(channel=channel, address=secrets.token_hex(6), profile_name=name, **values)
        session.add(row)
        await session.flush()
        return row.id


async def row_of(database: Database, conversation: int) -> Conversation:
    async with database.session() as session:
        return await session.get_one(Conversation, conversation)


@pytest.mark.parametrize("name", NAMES)
async def test_a_mended_name_stays_whatever_the_channel_says(
    signed_in: SignedIn, database: Database, runtime: Runtime, name: str
) -> None:
    this = await chat(database, "xX_budi_Xx")
    client = await signed_in("officer")
    assert (await client.post(f"{ROOT}/{this}/name", data={"name": f"  {name} "})).status_code == 303
    address = (await row_of(database, this)).address
    wrote = IncomingMessage("telegram", address, secrets.token_hex(6), "text", "halo", profile_name="budi baru")
    await store(runtime, wrote)
    kept = await row_of(database, this)
    assert (kept.profile_name, kept.channel_name) == (name, "budi baru")
    for page in (f"{ROOT}/{this}", f"/console/conversations/{this}", "/console/inbox?view=all"):
        shown = (await client.get(page)).text
        assert "<script>alert" not in shown
        assert ("&lt;script&gt;alert" if "<" in name else name) in shown, page
    await client.post(f"{ROOT}/{this}/name", data={"name": " "})
    assert ((await row_of(database, this)).profile_name, (await row_of(database, this)).channel_name) == (
        "budi baru",
        None,
    )


async def test_two_chats_become_one_person(signed_in: SignedIn, database: Database) -> None:
    telegram = await chat(database, "Siti Contoh")
    whatsapp = await chat(database, "siti c.", "whatsapp")
    async with database.session() as session:
        session.add(Handoff(conversation_id=whatsapp, reason="tanya syarat dulu"))
    client = await signed_in("officer")
    assert "tanya syarat dulu" not in (await client.get(f"{ROOT}/{telegram}")).text
    assert f'value="{whatsapp}"' in (await client.get(f"{ROOT}/{telegram}?q=SITI C")).text
    assert (await client.post(f"{ROOT}/{telegram}/join", data={"other": whatsapp})).status_code == 303
    page = (await client.get(f"{ROOT}/{telegram}")).text
    assert "tanya syarat dulu" in page and f"/console/conversations/{whatsapp}" in page
    assert "terbukti dengan kode" not in page
    await client.post(f"{ROOT}/{whatsapp}/notes", data={"text": "Selalu datang hari Senin."})
    assert "Selalu datang hari Senin." in (await client.get(f"{ROOT}/{telegram}")).text
    await client.post(f"{ROOT}/{telegram}/name", data={"name": "Siti Contoh Rasyīd"})
    assert (await row_of(database, whatsapp)).profile_name == "Siti Contoh Rasyīd"
    await client.post(f"{ROOT}/{whatsapp}/part")
    assert "tanya syarat dulu" not in (await client.get(f"{ROOT}/{telegram}")).text
    assert (await row_of(database, telegram)).person_id is None, "one conversation alone is no group"


async def test_who_reports_in_secret_has_no_page_and_is_joined_with_nobody(
    signed_in: SignedIn, database: Database
) -> None:
    secret, known = await chat(database, "Budi Contoh", hides=True), await chat(database, "Budi Contoh")
    client = await signed_in("administrator")
    assert (await client.get(f"{ROOT}/{secret}")).status_code == 404
    refused = await client.post(f"{ROOT}/{known}/join", data={"other": secret})
    assert refused.status_code == 422
    assert f'value="{secret}"' not in (await client.get(f"{ROOT}/{known}?q=Budi")).text
    later = await chat(database, "Budi Contoh")
    await client.post(f"{ROOT}/{known}/join", data={"other": later})
    async with database.session() as session:
        (await session.get_one(Conversation, later)).hides = True
    assert f"/console/conversations/{later}" not in (await client.get(f"{ROOT}/{known}")).text
    assert f"/console/persons/{secret}" not in (await client.get(f"/console/conversations/{secret}")).text


async def test_conversations_of_another_office_are_neither_found_nor_joined(
    signed_in: SignedIn, database: Database
) -> None:

    here, there = (
        await chat(database, "Ani Contoh", office="kudus"),
        await chat(database, "Ani Contoh", office="magetan"),
    )
    client = await signed_in("officer")
    async with database.session() as session:
        officer = await by_id(session, client.officer.id)  # type: ignore[attr-defined]
        assert officer
        await set_offices(session, officer, ["kudus"], "uji")
    assert f'value="{there}"' not in (await client.get(f"{ROOT}/{here}?q=Ani")).text
    assert (await client.post(f"{ROOT}/{here}/join", data={"other": there})).status_code == 422
    assert (await client.get(f"{ROOT}/{there}")).status_code == 404
    async with database.session() as session:
        await persons.join(session, here, there, "code")
    assert f"/console/conversations/{there}" not in (await client.get(f"{ROOT}/{here}")).text


async def test_groups_grow_together(database: Database) -> None:
    ids = [await chat(database, f"Orang {number}") for number in range(5)]
    async with database.session() as session:
        await persons.join(session, ids[0], ids[1], "code")
        await persons.join(session, ids[2], ids[3], "code")
        await persons.join(session, ids[1], ids[2], "officer")
        assert len(await persons.chats_of(session, ids[0])) == 4
        assert set(await session.scalars(persons.proved(ids[0]))) == {ids[1]}
        await persons.join(session, ids[0], ids[3], "code")
        assert set(await session.scalars(persons.proved(ids[0]))) == {ids[1], ids[2], ids[3]}
        await persons.part(session, ids[3])
        assert set(await session.scalars(persons.proved(ids[0]))) == {ids[1], ids[2]}
        assert len((await session.scalars(select(Conversation).where(Conversation.person_id.is_not(None)))).all()) == 3
