"""A silent provider: the applicants of the other one do not wait for it."""

from __future__ import annotations

import asyncio
from dataclasses import asdict, dataclass, field

from sqlalchemy import text

from bot.channels.base import TemporarySendError
from bot.conversations import files, inbox
from bot.conversations.models import StoredFile
from bot.conversations.runtime import Runtime
from bot.conversations.strain import PROBES, SIGNS
from bot.messages import Attachment, OutgoingMessage
from tests.helpers.runtime import RecordingChannel, due, message, rows, working
from tests.helpers.until import until

HANDS = 8  # of the worker
CLOSED = text("""
with answered as (update incoming_messages set handled_at = now())
delete from procrastinate_jobs where task_name = 'turn'
""")


@dataclass
class SilentChannel(RecordingChannel):
    """Takes calls and never answers, until they are cut off."""

    name: str = "silent"
    hanging: int = 0
    over: asyncio.Event = field(default_factory=asyncio.Event)

    async def _hang(self) -> None:
        self.hanging += 1
        try:
            await self.over.wait()
        finally:
            self.hanging -= 1
        raise TemporarySendError("network", "Sedang tidak dapat dihubungi.")

    async def send(self, sending: OutgoingMessage) -> str:
        await self._hang()
        return ""

    async def fetch(self, attachment: Attachment, limit: int) -> bytes:
        await self._hang()
        return b""

    def cut(self) -> None:
        self.over.set()
        self.over = asyncio.Event()


async def settled(runtime: Runtime, silent: SilentChannel) -> None:
    """Calls hung, all were cut off, and everything that waits is due again."""

    async def all_hang() -> bool:
        return silent.hanging >= SIGNS

    async def few_try() -> bool:
        if silent.hanging > PROBES:
            silent.cut()  # of those that had begun before it was known
        await due(runtime)
        return 0 < silent.hanging <= PROBES

    await until(all_hang)
    silent.cut()
    await until(few_try)


async def test_the_answers_on_the_other_channel_go_on(runtime: Runtime, channel: RecordingChannel) -> None:
    silent = SilentChannel()
    runtime.add_channel(silent)
    async with working(runtime):
        for number in range(3 * HANDS):
            await inbox.store(runtime, message("halo", f"s{number}", channel="silent", address=f"warga-{number}"))
        await settled(runtime, silent)
        await inbox.store(runtime, message("berapa biayanya?", "r1"))

        async def answered() -> bool:
            return len(channel.sent) == 1

        await until(answered)
        assert 0 < silent.hanging < HANDS, "no hand was left for the other channel, or nobody tries the silent one"
        silent.cut()


async def test_downloads_that_hang_hold_up_nobody_either(runtime: Runtime, channel: RecordingChannel) -> None:
    silent = SilentChannel()
    runtime.add_channel(silent)
    file = (Attachment("photo", "file-1", "", "image/jpeg", 5),)
    for number in range(3 * HANDS):
        sent = message("", f"s{number}", channel="silent", address=f"warga-{number}", kind="photo", attachments=file)
        stored = await inbox.store(runtime, sent)
        assert stored is not None
        async with runtime.database.session() as session:
            await files.keep(runtime, session, stored[0], [asdict(file[0])])
    await runtime.database.run(CLOSED)
    async with working(runtime):
        await settled(runtime, silent)
        await inbox.store(runtime, message("berapa biayanya?", "r1"))

        async def answered() -> bool:
            return len(channel.sent) == 1

        await until(answered, 5)
        silent.cut()
    assert all(not row.error for row in await rows(runtime, StoredFile))
