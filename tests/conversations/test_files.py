"""Files that people send: fetched for hours, never called kept before they are, and never silently lost."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

import pytest
from sqlalchemy import text

from bot.channels.base import PermanentSendError, TemporarySendError
from bot.conversations import album, backlog, files, inbox, turn, wording
from bot.conversations.jobs import RetryLater
from bot.conversations.models import Incoming, StoredFile
from bot.conversations.runtime import Runtime
from bot.messages import Attachment
from tests.helpers.engine import StandInEngine
from tests.helpers.runtime import RecordingChannel, message, receive, rows, working
from tests.helpers.until import until

AWAY = TemporarySendError("503", "Layanan sedang terganggu.")


@pytest.fixture(autouse=True)
def roomy(channel: RecordingChannel) -> None:
    """Every answer is one message."""
    channel.max_text = 1000


def photo(number: str = "1", caption: str = "", group: str = "") -> Any:
    file = Attachment("photo", f"file-{number}", "", "image/jpeg", 5, group)
    return message(caption, number, kind="photo", attachments=(file,))


async def the_file(runtime: Runtime) -> Any:
    (row,) = await rows(runtime, StoredFile)
    return row


def fetching(channel: RecordingChannel, *errors: BaseException) -> list[BaseException]:
    """The next fetches fail so."""
    left = list(errors)

    async def fetch(attachment: Attachment, limit: int) -> bytes:
        if left:
            raise left.pop(0)
        return b"isi berkas"

    channel.fetch = fetch  # type: ignore[method-assign]
    return left


async def test_a_file_is_asked_for_until_the_provider_gives_it(runtime: Runtime, channel: RecordingChannel) -> None:
    """Twenty failures, more than any count of tries; the waits grow, and end at a quarter of an hour."""
    fetching(channel, *[AWAY] * 20)
    await receive(runtime, photo())
    stored = await the_file(runtime)
    waits = []
    for _ in range(20):
        with pytest.raises(RetryLater) as later:
            await files.fetch(runtime, stored.id)
        waits.append(later.value.seconds)
        passes = text("update stored_files set created_at = created_at - make_interval(secs => :seconds)")
        await runtime.database.run(passes, {"seconds": later.value.seconds})
    assert waits == sorted(waits) and waits[0] < 10 and waits[-1] == files.LONGEST_PAUSE
    await files.fetch(runtime, stored.id)
    stored = await the_file(runtime)
    assert (runtime.settings.files_dir / stored.path).read_bytes() == b"isi berkas"
    assert len(channel.sent) == 1, "nobody needs to hear of it"


async def test_a_full_disk_is_waited_for(runtime: Runtime, channel: RecordingChannel) -> None:
    await receive(runtime, photo())
    stored = await the_file(runtime)
    runtime.settings.files_dir.write_text("a file where the folder should be")
    with pytest.raises(RetryLater):
        await files.fetch(runtime, stored.id)
    runtime.settings.files_dir.unlink()
    await files.fetch(runtime, stored.id)
    assert (await the_file(runtime)).path


async def test_after_hours_the_officer_reads_it_and_the_person_is_told(
    runtime: Runtime, channel: RecordingChannel
) -> None:
    fetching(channel, AWAY)
    await receive(runtime, photo())
    stored = await the_file(runtime)
    await runtime.database.run(
        text("update stored_files set created_at = now() - cast(:age as interval)"),
        {"age": files.KEEP_TRYING + timedelta(minutes=1)},
    )
    async with working(runtime):

        async def told() -> bool:
            return len(channel.sent) == 2

        await until(told)
    stored = await the_file(runtime)
    assert stored.error == files.NOT_FETCHED
    assert channel.sent[1].text == wording.file_lost("photo", too_big=False, megabytes=5)


@pytest.mark.parametrize(("code", "word"), [("too_big", "terlalu besar"), ("410", "tidak berhasil kami simpan")])
async def test_what_will_never_be_had_is_told_at_once(
    runtime: Runtime, channel: RecordingChannel, code: str, word: str
) -> None:
    fetching(channel, PermanentSendError(code, "Tidak ada."))
    await receive(runtime, photo())
    async with working(runtime):

        async def told() -> bool:
            return len(channel.sent) == 2

        await until(told)
    assert word in channel.sent[1].text


async def test_an_officer_asks_again(runtime: Runtime, channel: RecordingChannel) -> None:
    fetching(channel, PermanentSendError("410", "Tidak ada."))
    conversation = await receive(runtime, photo())
    stored = await the_file(runtime)
    async with runtime.database.session() as session:
        assert not await files.fetch_again(runtime, session, conversation, stored.id), "it is still on its way"
    await files.fetch(runtime, stored.id)
    async with runtime.database.session() as session:
        assert not await files.fetch_again(runtime, session, conversation + 1, stored.id)
        assert await files.fetch_again(runtime, session, conversation, stored.id)

    async def fetched() -> bool:
        return bool((await the_file(runtime)).path)

    async with working(runtime):
        await until(fetched)


async def test_a_file_without_a_job_is_remembered(runtime: Runtime, channel: RecordingChannel) -> None:
    await receive(runtime, photo())
    assert await backlog.remember(runtime, 0) == 0
    await runtime.database.run(text("delete from procrastinate_jobs where task_name = 'fetch_file'"))
    assert await backlog.remember(runtime, 0) == 1

    async def fetched() -> bool:
        return bool((await the_file(runtime)).path)

    async with working(runtime):
        await until(fetched)


async def test_kept_is_said_only_of_what_is_kept(runtime: Runtime, channel: RecordingChannel) -> None:
    fetching(channel, AWAY)
    await receive(runtime, photo())
    assert "tersimpan" not in channel.sent[0].text and "sedang disimpan" in channel.sent[0].text


async def test_files_of_a_flood_are_kept(runtime: Runtime, channel: RecordingChannel) -> None:
    for number in range(runtime.settings.flood_limit + 5):
        stored = await inbox.store(runtime, photo(str(number)))
    assert stored is not None
    await turn.take_turn(runtime, stored[1])
    assert len(await rows(runtime, StoredFile)) == runtime.settings.flood_limit + 5
    assert channel.sent[0].text == wording.FLOOD.text


async def test_a_caption_is_answered(runtime: Runtime, channel: RecordingChannel, engine: StandInEngine) -> None:
    await receive(runtime, photo(caption="apa syarat izin industri di kudus?"))
    assert [call["text"] for call in engine.calls] == ["apa syarat izin industri di kudus?"]
    assert channel.sent[-1].text.endswith("jawaban: apa syarat izin industri di kudus?")
    assert channel.sent[-1].text.startswith(wording.files_came(["photo"]))
    assert len(await rows(runtime, StoredFile)) == 1


async def test_an_album_is_one_message_with_one_answer(
    runtime: Runtime, channel: RecordingChannel, engine: StandInEngine
) -> None:
    """Its parts come one after another; whatever part holds the words, they are asked once."""
    stored = await inbox.store(runtime, photo("1", group="g"))
    assert stored is not None
    with pytest.raises(RetryLater):
        await turn.take_turn(runtime, stored[1])
    await inbox.store(runtime, photo("2", "ini NIB saya, kurang apa?", "g"))
    await inbox.store(runtime, photo("3", group="g"))
    await runtime.database.run(text("update incoming_messages set received_at = received_at - interval '2 seconds'"))
    await turn.take_turn(runtime, stored[1])
    assert [call["text"] for call in engine.calls] == ["ini NIB saya, kurang apa?"]
    assert len(channel.sent) == 1 and channel.sent[0].text.startswith(wording.files_came(["photo"] * 3))
    assert len(await rows(runtime, StoredFile)) == 3
    assert all(row.handled_at for row in await rows(runtime, Incoming))
    await receive(runtime, message("terima kasih", "4"))
    assert len(channel.sent) == 2


async def test_an_album_without_words_gets_one_sentence(runtime: Runtime, channel: RecordingChannel) -> None:
    for number in ("1", "2"):
        stored = await inbox.store(runtime, photo(number, group="g"))
    assert stored is not None
    await runtime.database.run(text("update incoming_messages set received_at = received_at - interval '2 seconds'"))
    await turn.take_turn(runtime, stored[1])
    assert [sent.text for sent in channel.sent] == [wording.album(["photo", "photo"]).text]


async def test_files_one_soon_after_another_get_one_answer(runtime: Runtime, channel: RecordingChannel) -> None:
    """WhatsApp names no album."""
    for number in ("1", "2", "3"):
        await receive(runtime, photo(number))
    assert [sent.text for sent in channel.sent] == [wording.MEDIA["photo"].text]
    await runtime.database.run(
        text("update incoming_messages set received_at = received_at - make_interval(secs => :seconds)"),
        {"seconds": album.SOON + 1},
    )
    await receive(runtime, photo("4"))
    assert len(channel.sent) == 2
