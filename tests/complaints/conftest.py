"""A person who complains, over the real knowledge, in a transaction that is rolled back; the clock is the test's."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import pytest
from sqlalchemy import func, select
from sqlalchemy.ext.asyncio import AsyncSession

from actions import ActionServices, build_executor
from bot.complaints.desk import Reports
from bot.complaints.models import Complaint
from bot.conversations.models import Conversation, Incoming
from bot.knowledge.load import get_knowledge
from bot.settings import Settings
from tests.actions.chat import Chat, Said

START = datetime(2026, 11, 23, 3, 0, tzinfo=UTC)  # a Monday, 10.00 in Jakarta
LONG_STORY = "udah 3 minggu izin perluasan saya gak ada kabar, tiap ditanya petugasnya cuma bilang tunggu"


@dataclass
class Person:
    """Types and taps like an applicant; every message is stored as the inbox would."""

    session: AsyncSession
    chat: Chat
    now: datetime = START
    files: Path = Path()
    messages: list[int] = field(default_factory=list)

    async def say(self, text: str, intent: str = "nlu_fallback", again: bool = False, **entities: str) -> Said:
        await self._store(text, again)
        return await self.chat.say(text, intent, entities, again=again)

    async def tap(self, title: str, again: bool = False) -> Said:
        payload = self.chat.last.buttons[title]
        await self._store("", again)
        return await self.chat.send(payload, again=again)

    async def send(self, payload: str) -> Said:
        await self._store("", False)
        return await self.chat.send(payload)

    async def report(self) -> Complaint:
        """The newest report of this person."""
        query = select(Complaint).where(Complaint.conversation_id == self.chat.conversation)
        found = (await self.session.execute(query.order_by(Complaint.id.desc()).limit(1))).scalar_one()
        await self.session.refresh(found)
        return found

    async def count(self) -> int:
        query = select(func.count()).where(Complaint.conversation_id == self.chat.conversation)
        return (await self.session.execute(query)).scalar_one()

    def configure(self, **settings: Any) -> None:
        """Pandu with these settings from now on; its time is this person's."""
        found = Settings(_env_file=None, data_dir=self.files.parent, **settings)
        services = ActionServices(
            self.chat.knowledge, found, self.chat._session, self.chat._request, now=lambda: self.now
        )
        self.chat.executor = build_executor(services)

    def later(self, **time: float) -> None:
        self.now += timedelta(**time)

    def desk(self) -> Reports:
        return Reports(
            self.session, get_knowledge(), self.chat.conversation, None, self.now, self.files, "Asia/Jakarta"
        )

    async def to_preview(self, visibility: str = "Rahasia", recipient: str = "LAPOR!") -> Said:
        """A complaint about Magetan, answered up to the preview."""
        await self.say(LONG_STORY, "complaint", office="magetan")
        await self.tap("Buat laporan")
        await self.tap("Selesai")
        if "Layanan apa" in self.chat.last.text:
            await self.tap("Perluasan Usaha Industri")
        return await self.finish("3 november 2026", visibility, recipient)

    async def finish(self, when: str, visibility: str = "Rahasia", recipient: str = "LAPOR!") -> Said:
        """From the question of the date to the preview; the sentence about lateness is accepted where it is offered."""
        await self.say(when)
        await self.tap("Di kantornya")
        await self.say("izinnya segera diproses")
        await self.tap("Lewati")
        await self.tap(visibility)
        if "Nama siapa" in self.chat.last.text:
            await self.say("Siti Aminah")
        await self.tap("Lewat chat ini")
        await self.tap(recipient)
        if "Ya, tambahkan" in self.chat.last.buttons:
            await self.tap("Ya, tambahkan")
        return self.chat.last

    async def _store(self, text: str, again: bool) -> None:
        """The chat numbers its messages itself: the stored row gets the number that it will use."""
        if again:
            return
        row = Incoming(
            conversation_id=self.chat.conversation,
            channel="simulator",
            provider_id=f"{self.chat.conversation}-{len(self.messages)}",
            kind="text" if text else "payload",
            text=text,
            received_at=self.now,
        )
        self.session.add(row)
        await self.session.flush()
        self.messages.append(row.id)
        self.chat.message = row.id - 1


@pytest.fixture
async def person(session: AsyncSession, tmp_path: Path) -> Person:
    return await newcomer(session, tmp_path, "simulator", "warga")


async def newcomer(session: AsyncSession, folder: Path, channel: str, address: str) -> Person:
    """Somebody who writes for the first time."""
    conversation = Conversation(channel=channel, address=address, profile_name="Siti")
    session.add(conversation)
    await session.flush()
    found = Person(session, Chat(session, get_knowledge(), conversation.id), files=folder / "files")
    found.files.mkdir(exist_ok=True)
    found.configure()
    return found
