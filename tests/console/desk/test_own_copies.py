"""Copies of a person's own data: no officer reads, opens or sends one, whatever became of it."""

from __future__ import annotations

import asyncio
import io
import re
from collections.abc import AsyncIterator, Coroutine
from contextvars import Context
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import pytest
from PIL import Image
from sqlalchemy import delete, select, update

from actions import ActionServices, build_executor
from bot.applications import access
from bot.applications.models import Application, ApplicationLink
from bot.applications.numbers import new_number
from bot.applications.service import Register
from bot.conversations.models import Conversation, Incoming, Outgoing
from bot.knowledge.load import get_knowledge
from bot.privacy import retention
from bot.settings import Settings
from tests.actions.chat import Chat
from tests.complaints.conftest import Person
from tests.console.desk.conftest import FrontOffice
from tests.console.desk.test_every_reader import everything_shown

STORY = "Kenangarahasia"


async def outside[Said](talk: Coroutine[Any, Any, Said]) -> Said:
    """A talk that opens its transaction itself, as every turn does; the one around it is this test's."""
    return await asyncio.create_task(talk, context=Context())


class Asker(Person):
    """Their words and the bot's answers stand in the database, as a turn leaves them."""

    async def asks(self, text: str, intent: str) -> None:
        await self._left(await outside(self.say(text, intent)))

    async def taps(self, title: str) -> None:
        await self._left(await outside(self.tap(title)))

    async def _left(self, said: object) -> None:
        message = update(Incoming).where(Incoming.id == self.messages[-1])
        await self.session.execute(message.values(handled_at=self.now, outcome="answered"))
        for one in self.chat.last.messages:
            row = Outgoing(
                conversation_id=self.chat.conversation, text=one["text"], status="sent", in_reply_to=self.messages[-1]
            )
            self.session.add(row)
        await self.session.flush()


@pytest.fixture
async def conversation(office: FrontOffice, tmp_path: Path) -> AsyncIterator[int]:
    """With Sari, who has taken it; "data saya" was asked for, the file could not be delivered."""
    number = await office.owned(name="Tuti Contoh", channel="whatsapp")
    async with office.runtime.database.session() as session:
        chat = Chat(session, get_knowledge(), number)
        chat.metadata = {"channel": "whatsapp", "privacy_url": "https://pandu.example/privasi"}
        person = Asker(session, chat, office.clock(), office.runtime.settings.files_dir)
        settings = Settings(
            _env_file=None, data_dir=office.runtime.settings.data_dir, public_url="https://pandu.example"
        )
        services = ActionServices(get_knowledge(), settings, chat._session, chat._request, now=lambda: person.now)
        chat.executor = build_executor(services)
        await person.asks(f"ceritanya {STORY}", "nlu_fallback")
        await person.asks("data saya", "ask_privacy")
        await person.taps("Kirim sebagai teks")
        copy = (await session.scalars(_copies(number))).one()
        copy.status, copy.error = "failed", "Tidak terkirim."
    yield number
    async with office.runtime.database.session() as session:
        await session.execute(delete(Conversation).where(Conversation.id == number))


def _copies(conversation: int):  # type: ignore[no-untyped-def]
    return select(Outgoing).where(Outgoing.conversation_id == conversation, Outgoing.file.is_not(None))


async def test_no_reader_shows_the_copy_its_link_or_its_pages(office: FrontOffice, conversation: int) -> None:
    async with office.runtime.database.session() as session:
        told = (await session.scalars(select(Outgoing.text).where(Outgoing.conversation_id == conversation))).all()
        copy = (await session.scalars(_copies(conversation))).one()
    link = next(found[0] for one in told if (found := re.search(r"/data/[\w-]{20,}", one)))
    assert any("ceritanya" in one and "PERCAKAPAN" in one for one in told)
    for address, shown in (await everything_shown(office, conversation)).items():
        assert link not in shown and "PERCAKAPAN\n" not in shown, address
        assert copy.file is not None and copy.file["filename"] not in shown, address
    assert (await office.sari.get(f"/console/sent-files/{copy.id}")).status_code == 404


async def test_an_officer_does_not_send_a_failed_copy_again(office: FrontOffice, conversation: int) -> None:
    async with office.runtime.database.session() as session:
        copy = (await session.scalars(_copies(conversation))).one()
    page = (await office.sari.get(f"/console/conversations/{conversation}")).text
    assert f"/messages/{copy.id}/resend" not in page
    answer = await office.sari.post(f"/console/conversations/{conversation}/messages/{copy.id}/resend")
    assert answer.status_code == 404
    async with office.runtime.database.session() as session:
        assert [one.id for one in await session.scalars(_copies(conversation))] == [copy.id]


@pytest.mark.parametrize(
    ("status", "hours", "stays"),
    [("sent", 40, True), ("pending", 40, True), ("failed", 0, False), ("suppressed", 0, False)]
    + [(status, 50, False) for status in ("held", "pending", "sending", "sent", "delivered", "read")],
)
async def test_copies_go_in_every_state(
    office: FrontOffice, conversation: int, status: str, hours: int, stays: bool
) -> None:
    folder = office.runtime.settings.files_dir
    async with office.runtime.database.session() as session:
        copy = (await session.scalars(_copies(conversation))).one()
        assert copy.file is not None
        path = folder / copy.file["path"]
        copy.status, copy.created_at = status, datetime.now(UTC) - timedelta(hours=hours)
    assert path.is_file()
    assert await retention.let_copies_go(office.runtime) == (0 if stays else 1)
    assert path.is_file() == stays
    async with office.runtime.database.session() as session:
        after = await session.get_one(Outgoing, copy.id)
        assert after.status == (status if stays or status not in ("held", "pending", "sending") else "failed")


async def test_an_officers_file_is_no_copy_whatever_its_form_says(office: FrontOffice) -> None:
    """A form's token that begins as a copy's would hide the file from everybody, and take it away after two days."""
    person, picture = await office.owned("sari"), io.BytesIO()
    Image.new("RGB", (8, 8)).save(picture, "PNG")
    answer = await office.sari.post(
        f"/console/conversations/{person}/reply",
        data={"token": f"copy:{person}"},
        files={"files": ("rekening.png", picture.getvalue(), "image/png")},
    )
    assert answer.status_code == 303, answer.text
    (sent,) = await office.sent(person)
    assert sent.file is not None
    assert "rekening.png" in (await office.wati.get(f"/console/conversations/{person}")).text
    assert (await office.wati.get(f"/console/sent-files/{sent.id}")).status_code == 200
    async with office.runtime.database.session() as session:
        (await session.get_one(Outgoing, sent.id)).created_at = datetime.now(UTC) - timedelta(hours=50)
    assert await retention.let_copies_go(office.runtime) == 0


async def test_one_forms_token_holds_for_one_conversation(office: FrontOffice) -> None:
    for _ in range(2):
        person = await office.owned("sari")
        told = {"token": "sama-sama", "text": "Baik, kami periksa."}
        for _ in range(2):
            await office.sari.post(f"/console/conversations/{person}/reply", data=told)
        assert len(await office.sent(person)) == 1


async def test_a_code_for_another_chat_is_not_shown(office: FrontOffice, conversation: int) -> None:
    async with office.runtime.database.session() as session:
        application = Application(
            number=new_number(), office="magetan", service="magetan-perluasan", procedure="perluasan",
            applicant="Tuti Contoh", received_on=office.clock().date(), stage="x", stage_since=office.clock(),
            turn="office",
        )  # fmt: skip
        session.add(application)
        await session.flush()
        session.add(ApplicationLink(application_id=application.id, conversation_id=conversation, how="code"))
        chat = Chat(session, get_knowledge(), conversation)
        person = Asker(session, chat, office.clock(), Path(), messages=[0] * 9)  # after those of before
        assert await access.mine(Register(session, get_knowledge()), conversation)
        await person.asks("hubungkan ke telegram", "track_status")
        told = (await session.scalars(select(Outgoing.text).where(Outgoing.conversation_id == conversation))).all()
    code = next(found[0] for one in told if (found := re.search(r"KLAIM-\w{4}-\w{4}-\w{4}", one)))
    assert code not in (await office.sari.get(f"/console/conversations/{conversation}")).text
    async with office.runtime.database.session() as session:
        await session.execute(delete(Application).where(Application.id == application.id))
