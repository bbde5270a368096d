"""The return of what was erased, which nothing brings: no list, no repeated delivery, no late file, no backup."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator
from dataclasses import dataclass, field, replace
from datetime import UTC, datetime, timedelta
from pathlib import Path
from threading import Thread

import pytest
from sqlalchemy import select, text, update

from bot.channels.base import PermanentSendError, SendError, TemporarySendError
from bot.conversations import erased, files, inbox
from bot.conversations.missed import fetch_missed
from bot.conversations.models import Conversation, ErasedMessage, Incoming, Outgoing, StoredFile
from bot.conversations.runtime import Runtime
from bot.messages import Attachment, IncomingMessage
from bot.privacy import erase, erased_list, retention, service
from bot.privacy.again import erase_again
from bot.privacy.erased_list import KEPT, let_old_go, noted, remember
from tests.conversations.test_left_behind import LookingChannel
from tests.helpers.runtime import message, receive
from tests.privacy.conftest import all_of, files_of


@dataclass
class Provider(LookingChannel):
    """Lists again what it has, and deletes what it is asked to."""

    deleted: list[tuple[str, bool]] = field(default_factory=list)
    refusals: list[SendError] = field(default_factory=list)

    async def forget(self, provider_id: str, *, media: bool) -> None:
        if self.refusals:
            raise self.refusals.pop(0)
        self.deleted.append((provider_id, media))
        self.holds = [one for one in self.holds if one[1].provider_id != provider_id]


@pytest.fixture
async def provider(runtime: Runtime) -> AsyncIterator[Provider]:
    found = Provider()
    runtime.add_channel(found)
    (runtime.settings.data_dir / "secrets" / "erased").unlink(missing_ok=True)
    yield found


async def erases(runtime: Runtime, conversation: int, asked_at: datetime | None = None) -> None:
    asked_at = asked_at or datetime.now(UTC)
    async with runtime.database.session() as session:
        request = await service.ask_erasing(session, conversation, asked_at)
        assert await service.confirm_erasing(session, conversation, request.id, asked_at) == "started"
    await erase.erase(runtime, conversation, request.id)


def said(provider: Provider, words: str, number: str, minutes_ago: float) -> IncomingMessage:
    """A message that the provider lists from now on."""
    at = datetime.now(UTC) - timedelta(minutes=minutes_ago)
    found = message(words, number, sent_at=at)
    provider.holds.append((at, found))
    return found


async def looks_back(runtime: Runtime) -> int:
    """As if nobody had looked for an hour."""
    async with runtime.database.session() as session:
        await session.execute(text("delete from lookbacks where channel = 'recording'"))
        await session.execute(text("insert into lookbacks values ('recording', now() - interval '1 hour')"))
    return await fetch_missed(runtime)


async def words_kept(runtime: Runtime) -> list[str]:
    return [one.text for one in await all_of(runtime, Incoming)]


async def test_the_providers_list_brings_nothing_back(runtime: Runtime, provider: Provider) -> None:
    conversation = await receive(runtime, said(provider, "rahasia saya", "1", 20))
    await receive(runtime, said(provider, "hapus data saya", "2", 10))
    await erases(runtime, conversation)
    for _ in range(4):
        assert await looks_back(runtime) == 0
    assert await words_kept(runtime) == []


async def test_a_repeated_delivery_brings_nothing_back(runtime: Runtime, provider: Provider) -> None:
    """A webhook that is tried again, an update whose offset was lost, a job that reads it from somewhere."""
    first = message("rahasia saya", "1")
    await erases(runtime, await receive(runtime, first))
    conversations = [one.id for one in await all_of(runtime, Conversation)]
    assert await inbox.store(runtime, first) is None
    assert await words_kept(runtime) == []
    assert [one.id for one in await all_of(runtime, Conversation)] == conversations


async def test_what_was_missed_before_is_not_stored_either(runtime: Runtime, provider: Provider) -> None:
    """Its id was never known here; that it was sent before the person asked is."""
    conversation = await receive(runtime, message("halo", "1"))
    said(provider, "rahasia yang tidak sampai", "2", 30)
    await erases(runtime, conversation)
    said(provider, "saya kembali", "3", 1)
    async with runtime.database.session() as session:  # the person came back when the erasing was over
        await session.execute(text("update erased_people set erased_at = now() - interval '5 minutes'"))
    assert await looks_back(runtime) == 1
    assert await words_kept(runtime) == ["saya kembali"]


async def test_after_erasing_the_person_is_heard_at_once(runtime: Runtime, provider: Provider) -> None:
    """Also where the provider's clock is half a minute behind ours."""
    conversation = await receive(runtime, message("halo", "1"))
    await erases(runtime, conversation)
    assert await inbox.store(runtime, message("halo lagi", "2", sent_at=datetime.now(UTC) - timedelta(seconds=30)))


async def test_a_later_state_of_an_erased_message_brings_nothing_back(runtime: Runtime) -> None:
    """Telegram tells a message again when any of its fields changes; it has an id of its own then."""
    written = datetime.now(UTC) - timedelta(minutes=3)
    await erases(runtime, await receive(runtime, message("rahasia saya", "1", sent_at=written, ref="77")))
    again = message("rahasia saya", "2", sent_at=datetime.now(UTC), about_at=written, edits="77")
    assert await inbox.store(runtime, again) is None
    assert await words_kept(runtime) == []
    new = message("halo", "3", sent_at=datetime.now(UTC), about_at=datetime.now(UTC) + timedelta(seconds=1), edits="78")
    assert await inbox.store(runtime, new)


@pytest.mark.parametrize("seconds_ago", [180, 2])
async def test_an_answer_to_an_erased_message_comes_without_it(runtime: Runtime, seconds_ago: float) -> None:
    written = datetime.now(UTC) - timedelta(seconds=seconds_ago)
    await erases(runtime, await receive(runtime, message("rahasia saya", "1", sent_at=written)))
    answer = message("apa maksudnya?", "2", sent_at=datetime.now(UTC), reply_to="1", quoted="rahasia saya")
    await inbox.store(runtime, replace(answer, about_at=written))
    (kept,) = await all_of(runtime, Incoming)
    assert (kept.text, kept.quoted) == ("apa maksudnya?", "")
    await inbox.store(runtime, replace(answer, provider_id="3", about_at=datetime.now(UTC)))
    stored = sorted(await all_of(runtime, Incoming), key=lambda one: one.id)
    assert [one.quoted for one in stored] == ["", "rahasia saya"]


async def test_a_change_of_keys_lets_nothing_back(runtime: Runtime, monkeypatch: pytest.MonkeyPatch) -> None:
    from bot.storage.keyring import Keyring, new_key

    old, new = new_key(), new_key()
    first = message("rahasia saya", "1", sent_at=datetime.now(UTC) - timedelta(hours=1))
    conversation = await receive(runtime, first)
    monkeypatch.setattr(erased, "keyring", lambda: Keyring([old]))
    await erases(runtime, conversation)
    monkeypatch.setattr(erased, "keyring", lambda: Keyring([new, old]))
    assert await inbox.store(runtime, first) is None
    assert await inbox.store(runtime, message("juga dari dulu", "7", sent_at=first.sent_at)) is None


async def test_the_provider_is_asked_to_delete_it(runtime: Runtime, provider: Provider) -> None:
    photo = Attachment("photo", "x", media_type="image/jpeg")
    conversation = await receive(runtime, message("rahasia", "1"))
    await receive(runtime, message("", "2", kind="photo", attachments=(photo,)))
    answers = {one.provider_id for one in await all_of(runtime, Outgoing) if one.provider_id}
    assert answers
    await erases(runtime, conversation)
    provider.refusals = [TemporarySendError("503", "sibuk")]
    await erased.ask_providers(runtime)
    async with runtime.database.session() as session:
        waiting = (await session.scalars(select(ErasedMessage).where(ErasedMessage.provider_id != ""))).all()
        assert [one.tries for one in waiting] == [1]
        await session.execute(update(ErasedMessage).values(next_at=datetime.now(UTC)))
    await erased.ask_providers(runtime)
    assert set(provider.deleted) == {("update-1", False), ("update-2", True), *((one, False) for one in answers)}
    assert not [one for one in await all_of(runtime, ErasedMessage) if one.provider_id]
    assert await erased.ask_providers(runtime) == 0


@pytest.mark.parametrize("how", ["refused", "too long away", "no such channel"])
async def test_a_provider_that_cannot_delete_is_not_asked_for_ever(
    runtime: Runtime, provider: Provider, how: str
) -> None:
    await erases(runtime, await receive(runtime, message("rahasia", "1")))
    if how == "refused":
        provider.refusals = [PermanentSendError("404", "tidak ada")] * 9
    elif how == "too long away":
        async with runtime.database.session() as session:
            await session.execute(update(ErasedMessage).values(erased_at=datetime.now(UTC) - timedelta(days=8)))
    else:
        del runtime.channels["recording"]
    await erased.ask_providers(runtime)
    assert provider.deleted == []
    assert not [one for one in await all_of(runtime, ErasedMessage) if one.provider_id]
    assert await inbox.store(runtime, message("rahasia", "1")) is None  # still known


async def test_a_file_that_arrives_meanwhile_does_not_stay(runtime: Runtime, provider: Provider) -> None:
    photo = Attachment("photo", "x", media_type="image/jpeg")
    conversation = await receive(runtime, message("", "1", kind="photo", attachments=(photo,)))
    (file,) = await all_of(runtime, StoredFile)
    began, go_on = asyncio.Event(), asyncio.Event()

    async def slowly(attachment: Attachment, limit: int) -> bytes:
        began.set()
        await go_on.wait()
        return b"wajah"

    provider.fetch = slowly  # type: ignore[method-assign]
    fetching = asyncio.create_task(files.fetch(runtime, file.id))
    await began.wait()
    await erases(runtime, conversation)
    go_on.set()
    await fetching
    assert files_of(runtime) == []


async def test_a_restored_backup_is_erased_again(runtime: Runtime, provider: Provider) -> None:
    """A hold is kept, and who came back after the erasing stays."""
    for number, address in enumerate(("siti", "joko", "tuti")):
        stored = await inbox.store(runtime, message("rahasia", str(number), address=address))
        assert stored is not None
        await erases(runtime, stored[1])
    async with runtime.database.session() as session:  # the backup of a day ago, into an empty database
        for table in ("conversations", "erased_messages", "erased_people", "privacy_requests"):
            await session.execute(text(f"delete from {table}"))
        old = datetime.now(UTC) - timedelta(days=1)
        restored = [Conversation(channel="recording", address=one, created_at=old) for one in ("siti", "joko")]
        others = [Conversation(channel="recording", address=one) for one in ("tuti", "budi")]
        session.add_all([*restored, *others])
        await session.flush()
        await service.hold(session, "conversation", restored[1].id, "sengketa", "officer:1")
    assert await erase_again(runtime.database, runtime.settings) == 1
    assert {one.address for one in await all_of(runtime, Conversation)} == {"joko", "tuti", "budi"}
    assert await erase_again(runtime.database, runtime.settings) == 0
    async with runtime.database.session() as session:
        await session.execute(text("delete from legal_holds"))


async def test_the_list_of_the_erased_names_nobody_and_ends(runtime: Runtime, provider: Provider) -> None:
    await erases(runtime, await receive(runtime, message("rahasia", "1")))
    folder = runtime.settings.data_dir
    path = folder / "secrets" / "erased"
    assert path.stat().st_mode & 0o077 == 0
    assert "siti" not in path.read_text()
    with path.open("a") as file:
        file.write("2026-11-2")  # a crash in the middle of a line
    assert len(noted(folder)) == 1
    let_old_go(folder, datetime.now(UTC) + KEPT - timedelta(days=1))
    assert len(noted(folder)) == 1
    let_old_go(folder, datetime.now(UTC) + KEPT + timedelta(days=1))
    assert noted(folder) == {}


async def test_hashes_go_when_nobody_can_deliver_any_more(runtime: Runtime, provider: Provider) -> None:
    from bot.knowledge.load import get_knowledge

    await erases(runtime, await receive(runtime, message("rahasia", "1")))
    found = retention.periods(get_knowledge().privacy, {})
    await retention.run(runtime, found, datetime.now(UTC) + timedelta(days=29))
    assert await all_of(runtime, ErasedMessage)
    await retention.run(runtime, found, datetime.now(UTC) + timedelta(days=31))
    assert not await all_of(runtime, ErasedMessage)


def test_who_is_erased_while_old_lines_go_is_noted(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Web and workers share the folder (docs/deploy): one notes while another is between reading and writing."""
    now = datetime.now(UTC)
    remember(tmp_path, "telegram", "1", now)
    others: list[Thread] = []

    def read_then_another_notes(folder: Path) -> dict[str, datetime]:
        found = noted(folder)
        others.append(Thread(target=remember, args=(folder, "telegram", "2", now)))
        others[0].start()
        others[0].join(0.3)
        return found

    monkeypatch.setattr(erased_list, "noted", read_then_another_notes)
    let_old_go(tmp_path, now)
    others[0].join(10)
    assert len(noted(tmp_path)) == 2
