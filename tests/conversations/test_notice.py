"""The notice about data with the first reply, whatever comes first: a photo, a number, dots, a button."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
from sqlalchemy import update

from actions.welcome import first_notice
from bot.conversations import inbox, turn
from bot.conversations.models import Conversation, Incoming, Outgoing
from bot.conversations.runtime import Runtime
from bot.dialogue.client import EngineUnavailable
from bot.handoff.answering.approval import Rules
from bot.handoff.people import OfficersDesk
from bot.knowledge.load import get_knowledge
from bot.messages import Attachment
from bot.privacy.models import NoticeShown
from tests.helpers.engine import StandInEngine
from tests.helpers.runtime import RecordingChannel, message, receive, rows, set_owner

URL = "https://pandu.example/privasi"
SENTENCE = get_knowledge().privacy.notice.text
PHOTO = (Attachment("photo", "x", media_type="image/jpeg"),)
FIRST: dict[str, dict[str, Any]] = {
    "words": {"text": "apa syaratnya"},
    "photo": {"kind": "photo", "text": "", "attachments": PHOTO},
    "document": {"kind": "document", "text": "", "attachments": (Attachment("document", "gone", "akta.pdf"),)},
    "place": {"kind": "location", "text": ""},
    "contact": {"kind": "contact", "text": ""},
    "sticker": {"kind": "sticker", "text": ""},
    "voice": {"kind": "voice", "text": ""},
    "number": {"text": "7"},
    "dots": {"text": "..."},
    "old button": {"kind": "payload", "text": "", "menu": 10**9, "choice": 0},
    "payload that is none": {"kind": "payload", "text": "", "payload": "/BUKAN perintah"},
    "button that is unknown": {"kind": "payload", "text": "", "payload": "/unknown"},
    "command": {"text": "/menu"},
    "back to the bot": {"kind": "payload", "text": "", "payload": "/back_to_bot"},
}


@pytest.fixture(autouse=True)
def noticed(runtime: Runtime) -> None:
    runtime.notice = lambda: first_notice(URL)


async def told(runtime: Runtime) -> list[tuple[int, int | None]]:
    return [(one.version, one.message_id) for one in await rows(runtime, NoticeShown)]


def read_once(channel: RecordingChannel) -> None:
    """In the first bubble, with the link, and in no other."""
    first, *others = [one.text for one in channel.sent]
    assert SENTENCE in first and URL in first
    assert not [one for one in others if SENTENCE in one]


@pytest.mark.parametrize("first", FIRST.values(), ids=FIRST)
async def test_the_notice_is_read_first_and_once(
    runtime: Runtime, channel: RecordingChannel, first: dict[str, Any]
) -> None:
    await receive(runtime, message(number="1", **first))
    read_once(channel)
    (incoming,) = await rows(runtime, Incoming)
    assert await told(runtime) == [(get_knowledge().privacy.notice.version, incoming.id)]
    await receive(runtime, message("apa syaratnya", "2"))
    await receive(runtime, message(number="3", **first))
    read_once(channel)
    assert len(await told(runtime)) == 1


async def test_an_answer_that_tells_it_already_does_not_get_it_twice(
    runtime: Runtime, channel: RecordingChannel
) -> None:
    await receive(runtime, message(f"{SENTENCE} {URL}", "1"))  # the stand-in repeats what was said
    assert len(channel.sent) == 1


async def test_it_comes_with_the_word_about_an_outage(
    runtime: Runtime, channel: RecordingChannel, engine: StandInEngine
) -> None:
    engine.status = 503
    stored = await inbox.store(runtime, message("apa syaratnya", "1"))
    assert stored is not None
    async with runtime.database.session() as session:
        await session.execute(update(Incoming).values(received_at=datetime.now(UTC) - timedelta(minutes=1)))
    with pytest.raises(EngineUnavailable):
        await turn.take_turn(runtime, stored[1])
    read_once(channel)
    assert len(await told(runtime)) == 1


async def test_it_comes_before_the_word_about_a_flood(runtime: Runtime, channel: RecordingChannel) -> None:
    for number in range(runtime.settings.flood_limit + 3):
        stored = await inbox.store(runtime, message("...", str(number)))
    assert stored is not None
    await turn.take_turn(runtime, stored[1])
    read_once(channel)


@pytest.mark.parametrize("act", ["approve", "hand_over"])
async def test_it_comes_before_an_answer_that_waits_for_an_officer(
    runtime: Runtime, channel: RecordingChannel, monkeypatch: pytest.MonkeyPatch, act: str
) -> None:
    from bot.conversations.people import Verdict

    async def verdict(self: Rules, understood: Any, decision: Any = None) -> Verdict:
        return Verdict(act, None)

    monkeypatch.setattr(Rules, "verdict", verdict)
    runtime.people = OfficersDesk(runtime.settings, runtime.database)
    await receive(runtime, message("berapa biayanya", "1"))
    read_once(channel)
    assert len(channel.sent) == 2
    runtime.people = None


async def test_it_comes_where_an_officer_has_the_conversation(runtime: Runtime, channel: RecordingChannel) -> None:
    """The bot is silent there; that the words are kept is said all the same."""
    stored = await inbox.store(runtime, message("halo", "1"))
    assert stored is not None
    await set_owner(runtime, "officer")
    await turn.take_turn(runtime, stored[1])
    read_once(channel)
    assert [one.author for one in await rows(runtime, Outgoing)] == ["system"]


async def test_a_failure_of_ours_is_no_way_around_it(
    runtime: Runtime, channel: RecordingChannel, monkeypatch: pytest.MonkeyPatch
) -> None:
    async def broken(*_: Any) -> Any:
        raise ValueError

    monkeypatch.setattr(turn, "_answer", broken)
    stored = await inbox.store(runtime, message("halo", "1"))
    assert stored is not None
    await turn.take_turn(runtime, stored[1], replace(turn.NO_LEASE, attempts=turn.ATTEMPTS))
    read_once(channel)


async def test_who_has_read_it_is_not_told_again(runtime: Runtime, channel: RecordingChannel) -> None:
    async with runtime.database.session() as session:
        session.add(Conversation(channel="recording", address="siti", introduced_at=datetime.now(UTC)))
    await receive(runtime, message("...", "1"))
    assert not [one for one in channel.sent if SENTENCE in one.text]
