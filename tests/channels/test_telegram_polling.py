"""Polling: nothing is acknowledged before it is stored."""

from __future__ import annotations

from collections.abc import AsyncIterator, Awaitable, Callable
from contextlib import asynccontextmanager
from typing import Any

import pytest

from bot.channels.telegram.channel import TelegramChannel
from bot.channels.telegram.polling import SUSPECT_AFTER, Poller
from tests.channels.conftest import Inbox, settings
from tests.channels.test_telegram_updates import message
from tests.helpers.until import until
from tests.peers.bot_api import TOKEN, BotApiServer, failure
from tests.peers.serving import serving


def numbered(number: int) -> dict[str, Any]:
    return message(text=f"pesan {number}") | {"update_id": number}


def texts(inbox: Inbox) -> list[str]:
    return [stored.text for stored in inbox.messages]


def stored(inbox: Inbox, amount: int) -> Callable[[], Awaitable[bool]]:
    async def condition() -> bool:
        return len(inbox.messages) >= amount

    return condition


@asynccontextmanager
async def polling(server: BotApiServer, inbox: Inbox) -> AsyncIterator[TelegramChannel]:
    """A channel without public URL against a real local server."""
    async with serving(server.app) as url:
        channel = TelegramChannel(settings(public_url="", telegram_api_url=url), inbox, poll_seconds=2, pause=0.01)
        await channel.start()
        try:
            yield channel
        finally:
            await channel.stop()
            server.release()


async def test_updates_arrive_in_order_and_are_confirmed_once_stored(inbox: Inbox) -> None:
    server = BotApiServer()
    server.webhook = {"url": "https://lama.example"}  # left over from a webhook: must be deleted first
    server.push(numbered(1), numbered(2))
    async with polling(server, inbox):
        await until(stored(inbox, 2))
        server.push(numbered(3))
        await until(stored(inbox, 3))
        await until(lambda: _confirmed(server, 4))
    assert texts(inbox) == ["pesan 1", "pesan 2", "pesan 3"]
    assert server.calls[0] == ("deleteWebhook", {})
    assert server.offsets == sorted(server.offsets)


async def _confirmed(server: BotApiServer, offset: int) -> bool:
    return server.offsets[-1:] == [offset]


async def test_what_could_not_be_stored_is_not_confirmed_and_comes_again_in_order(inbox: Inbox) -> None:
    server = BotApiServer()
    inbox.broken = 3
    server.push(numbered(1), numbered(2))
    async with polling(server, inbox):
        await until(stored(inbox, 2))
    assert texts(inbox) == ["pesan 1", "pesan 2"]
    assert server.offsets[:4] == [0, 0, 0, 0]


async def test_a_crash_before_storing_loses_nothing(inbox: Inbox) -> None:
    server = BotApiServer()
    server.push(numbered(1), numbered(2), numbered(3))
    taken: list[str] = []

    async def dies_at_the_second(received: Any) -> bool:
        taken.append(received.text)
        if len(taken) == 2:
            raise ConnectionError("database away")
        return await inbox(received)

    async with serving(server.app) as url:
        local = settings(public_url="", telegram_api_url=url)
        first = TelegramChannel(local, dies_at_the_second, poll_seconds=2, pause=60)
        await first.start()
        await until(lambda: _length(taken, 2))
        await first.stop()
        assert len(inbox.messages) == 1
        second = TelegramChannel(local, inbox, poll_seconds=2, pause=0.01)
        await second.start()
        await until(stored(inbox, 3))
        await second.stop()
        server.release()
    assert texts(inbox) == ["pesan 1", "pesan 2", "pesan 3"]


async def _length(items: list[str], amount: int) -> bool:
    return len(items) >= amount


async def test_trouble_at_telegrams_end_is_waited_out(inbox: Inbox) -> None:
    server = BotApiServer()
    server.failures["getUpdates"].extend(
        [
            failure(502, "Bad Gateway"),
            failure(429, "Too Many Requests", retry_after=0.01),
            failure(409, "Conflict: terminated by other getUpdates request"),
            failure(500, "Internal Server Error"),
        ]
    )
    server.push(numbered(1))
    async with polling(server, inbox) as channel:
        await until(stored(inbox, 1))
        await until(lambda: _well(channel))
    assert len(server.made("deleteWebhook")) == 2  # at the start, and for the conflict


async def _well(channel: TelegramChannel) -> bool:
    return channel.problem == ""


async def test_a_wrong_token_is_reported_and_does_not_stop_the_process(inbox: Inbox) -> None:
    server = BotApiServer(token=TOKEN + "x")
    async with polling(server, inbox) as channel:
        await until(lambda: _has_problem(channel))
        assert channel.problem == "InvalidToken"


async def _has_problem(channel: TelegramChannel) -> bool:
    return bool(channel.problem)


async def test_an_update_that_the_library_cannot_read_does_not_hide_the_others(inbox: Inbox) -> None:
    server = BotApiServer()
    server.push({"update_id": 1, "message": "bukan objek"}, numbered(2))
    async with polling(server, inbox):
        await until(stored(inbox, 1))
    assert texts(inbox) == ["pesan 2"]


async def _no_updates(offset: int) -> list[dict[str, Any]]:
    raise AssertionError("not fetched here")


async def _nothing() -> None:
    return None


@pytest.fixture
def handled() -> list[int]:
    return []


async def test_one_update_that_can_never_be_stored_is_given_up_for_the_others(handled: list[int]) -> None:
    async def handle(raw: dict[str, Any]) -> None:
        if raw["update_id"] == 2:
            raise ValueError("cannot be stored")
        handled.append(raw["update_id"])

    poller = Poller(_no_updates, handle, _nothing)
    batch = [numbered(1), numbered(2), numbered(3)]
    assert await poller.take(batch) is False
    assert (poller.offset, handled) == (2, [1])
    for _ in range(SUSPECT_AFTER - 2):
        assert await poller.take(batch[1:]) is False
        assert poller.offset == 2
    assert await poller.take(batch[1:]) is True
    assert (poller.offset, handled) == (4, [1, 3])


async def test_while_the_database_is_away_nothing_is_given_up(handled: list[int]) -> None:
    away = True

    async def handle(raw: dict[str, Any]) -> None:
        if away:
            raise ConnectionError("database away")
        handled.append(raw["update_id"])

    poller = Poller(_no_updates, handle, _nothing)
    batch = [numbered(1), numbered(2)]
    for _ in range(SUSPECT_AFTER * 4):
        assert await poller.take(batch) is False
    assert (poller.offset, handled) == (0, [])
    away = False
    assert await poller.take(batch) is True
    assert (poller.offset, handled) == (3, [1, 2])
