"""The Telegram webhook: who may call it, and what is answered."""

from __future__ import annotations

import asyncio
import json
from typing import Any

import httpx
import pytest
from prometheus_client import REGISTRY
from structlog.testing import capture_logs
from telegram.request import HTTPXRequest

from bot.channels.telegram.channel import SECRET_HEADER, TAKEN_OVER, UPDATES, TelegramChannel, webhook_secret
from bot.channels.telegram.introduction import LEAVING
from bot.messages import COMMANDS
from tests.channels.conftest import SECRET, Inbox, client_of, settings
from tests.channels.test_telegram_updates import CHAT, GROUP, OURS, membership, message, tapped, update
from tests.helpers.until import until
from tests.peers.bot_api import BotApiServer, ContractRequest, Telegram, failure
from tests.peers.serving import serving
from tests.peers.twilio_api import PUBLIC

PATH = "/webhooks/telegram"


def count(name: str, reason: str) -> float:
    place = "where" if name == "refused" else "channel"
    return REGISTRY.get_sample_value(f"pandu_{name}_total", {place: "telegram", "reason": reason}) or 0.0


async def post(channel: TelegramChannel, content: bytes | dict[str, Any], secret: str | None = SECRET) -> int:
    body = content if isinstance(content, bytes) else json.dumps(content).encode()
    async with client_of(channel) as client:
        headers = {} if secret is None else {SECRET_HEADER: secret}
        return (await client.post(PATH, content=body, headers=headers)).status_code


async def test_a_message_is_stored_and_a_repeated_delivery_changes_nothing(
    telegram_channel: TelegramChannel, inbox: Inbox
) -> None:
    assert [await post(telegram_channel, message(text="halo")) for _ in range(3)] == [200, 200, 200]
    assert [stored.text for stored in inbox.messages] == ["halo"]
    assert inbox.messages[0].provider_id == "7000000001-9001"


@pytest.mark.parametrize(
    ("secret", "reason"),
    [
        (None, "missing secret"),
        ("", "missing secret"),
        ("salah", "wrong secret"),
        (SECRET[:-1], "wrong secret"),
        (SECRET + "1", "wrong secret"),
        ("rahasia\u00e9", "wrong secret"),
    ],
)
async def test_without_the_secret_nothing_is_read(
    telegram_channel: TelegramChannel, inbox: Inbox, secret: str | None, reason: str
) -> None:
    before = count("refused", reason)
    async with client_of(telegram_channel) as client:
        headers = httpx.Headers({} if secret is None else {SECRET_HEADER: secret}, encoding="latin-1")
        answer = await client.post(PATH, content=json.dumps(message(text="halo")), headers=headers)
    assert (answer.status_code, answer.content) == (403, b"")
    assert inbox.messages == []
    assert count("refused", reason) == before + 1


@pytest.mark.parametrize(
    "body", [b"", b"halo", b'{"update_id": 1', b"[]", b"3", b"null", b"\xff\xfe", b"[" * 100_000, b'{"a": "\xff"}']
)
async def test_what_is_no_json_object_is_refused(telegram_channel: TelegramChannel, inbox: Inbox, body: bytes) -> None:
    before = count("refused", "malformed")
    assert await post(telegram_channel, body) == 400
    assert inbox.messages == []
    assert count("refused", "malformed") == before + 1


async def test_what_is_no_message_is_accepted_counted_and_dropped(
    telegram_channel: TelegramChannel, inbox: Inbox
) -> None:
    before = count("ignored", "unknown")
    assert await post(telegram_channel, update(telepathy={"thought": 1})) == 200
    assert await post(telegram_channel, {"no": "update"}) == 200
    assert inbox.messages == []
    assert count("ignored", "unknown") == before + 1


async def test_what_cannot_be_stored_is_asked_for_again(telegram_channel: TelegramChannel, inbox: Inbox) -> None:
    inbox.broken = 1
    assert await post(telegram_channel, message(text="halo")) == 503
    assert await post(telegram_channel, message(text="halo")) == 200
    assert len(inbox.messages) == 1


KEYS = [[{"text": "Lanjut", "callback_data": "m12:0"}, {"text": "✓ Kembali", "callback_data": "m12:3"}]]


async def test_a_tapped_button_stops_spinning_and_is_marked(
    telegram_channel: TelegramChannel, telegram: Telegram, inbox: Inbox
) -> None:
    menu = OURS | {"reply_markup": {"inline_keyboard": KEYS}}
    assert await post(telegram_channel, tapped(message=menu, data="m12:0")) == 200
    assert (inbox.messages[0].menu, inbox.messages[0].choice) == (12, 0)
    await until(lambda: _made(telegram, "editMessageReplyMarkup"))
    assert telegram.made("answerCallbackQuery") == [{"callback_query_id": "4382bfdwdsb323b2d9"}]
    (edited,) = telegram.made("editMessageReplyMarkup")
    assert (edited["chat_id"], edited["message_id"]) == (CHAT["id"], 77)
    assert edited["reply_markup"]["inline_keyboard"] == [
        [{"text": "✓ Lanjut", "callback_data": "m12:0"}, {"text": "Kembali", "callback_data": "m12:3"}]
    ]


@pytest.mark.parametrize(
    "query",
    [
        tapped(),  # its message has no keyboard any more
        tapped(data="tak dikenal"),
        tapped(message={"chat": CHAT, "message_id": 77, "date": 0}),
        tapped(message=OURS | {"reply_markup": {"inline_keyboard": KEYS}}),  # marked already
    ],
)
async def test_every_tap_is_answered_even_an_old_or_unknown_one(
    telegram_channel: TelegramChannel, telegram: Telegram, query: dict[str, Any]
) -> None:
    telegram.failures["answerCallbackQuery"].append(
        failure(400, "Bad Request: query is too old and response timeout expired or query ID is invalid")
    )
    assert await post(telegram_channel, query) == 200
    await until(lambda: _made(telegram, "answerCallbackQuery"))
    assert telegram.made("editMessageReplyMarkup") == []


async def _made(telegram: Telegram, method: str) -> list[dict[str, Any]]:
    return telegram.made(method)


async def test_the_webhook_is_set_with_its_secret_and_the_commands_are_registered(
    inbox: Inbox, telegram: Telegram
) -> None:
    channel = TelegramChannel(settings(), inbox, request=ContractRequest(telegram), pause=0.01)
    telegram.failures["setWebhook"].extend([failure(502, "Bad Gateway"), failure(429, "slow", retry_after=0.01)])
    await channel.start()
    await until(lambda: _made(telegram, "setChatMenuButton"))
    await channel.stop()
    assert telegram.webhook == {
        "url": f"{PUBLIC}{PATH}",
        "secret_token": SECRET,
        "allowed_updates": UPDATES,
    }
    assert len(telegram.made("setWebhook")) == 3
    assert [command["command"] for command in telegram.made("setMyCommands")[0]["commands"]] == list(COMMANDS)
    assert telegram.made("setMyCommands")[1]["language_code"] == "en"
    assert 50 < len(telegram.made("setMyDescription")[0]["description"]) <= 512
    assert 20 < len(telegram.made("setMyShortDescription")[0]["short_description"]) <= 120
    assert telegram.made("setChatMenuButton")[0]["menu_button"] == {"type": "commands"}
    assert telegram.made("getUpdates") == []


@pytest.mark.parametrize(
    "raw",
    [membership("member", GROUP), message(text="@PanduBot halo semua", chat=GROUP)],
    ids=["added", "written to"],
)
async def test_a_group_is_left_with_one_kind_sentence(
    telegram_channel: TelegramChannel, telegram: Telegram, inbox: Inbox, raw: dict[str, Any]
) -> None:
    assert await post(telegram_channel, raw) == 200
    await until(lambda: _made(telegram, "leaveChat"))
    assert [call["text"] for call in telegram.made("sendMessage")] == [LEAVING]
    assert telegram.made("leaveChat") == [{"chat_id": GROUP["id"]}] and inbox.messages == []


async def test_who_was_removed_from_a_group_says_nothing(telegram_channel: TelegramChannel, telegram: Telegram) -> None:
    assert await post(telegram_channel, membership("kicked", GROUP)) == 200
    assert telegram.calls == []


async def test_where_one_may_not_write_one_leaves_all_the_same(
    telegram_channel: TelegramChannel, telegram: Telegram
) -> None:
    telegram.failures["sendMessage"].append(failure(400, "Bad Request: not enough rights to send text messages"))
    assert await post(telegram_channel, membership("member", GROUP)) == 200
    await until(lambda: _made(telegram, "leaveChat"))


async def test_a_webhook_that_was_taken_over_is_noticed_and_set_again(inbox: Inbox) -> None:
    server = BotApiServer()
    async with serving(server.app) as url:
        channel = TelegramChannel(settings(telegram_api_url=url), inbox, watch_seconds=0.02)
        await channel.start()
        await until(lambda: _made(server, "setWebhook"))
        server.webhook = {"url": "https://elsewhere.example/hook"}
        server.failures["setWebhook"].extend([failure(502, "Bad Gateway")] * 10_000)
        await until(lambda: _is_problem(channel, TAKEN_OVER))
        server.failures["setWebhook"].clear()
        await until(lambda: _is_problem(channel, ""))
        assert server.webhook["url"] == f"{PUBLIC}{PATH}"
        server.token = "7000000001:revoked-token-of-the-test"
        await until(lambda: _is_problem(channel, "InvalidToken"))
        await channel.stop()


async def test_the_introduction_says_nothing_of_how_messages_come_in(inbox: Inbox) -> None:
    server = BotApiServer()
    server.failures["setMyDescription"].extend([failure(502, "Bad Gateway")] * 10_000)
    async with serving(server.app) as url:
        channel = TelegramChannel(settings(telegram_api_url=url), inbox, watch_seconds=0.02, pause=0.02)
        await channel.start()
        await until(lambda: _made(server, "setMyDescription"))
        await until(lambda: _made(server, "getWebhookInfo"))
        assert channel.problem == ""
        server.webhook = {"url": "https://elsewhere.example/hook"}
        server.failures["setWebhook"].extend([failure(502, "Bad Gateway")] * 10_000)
        await until(lambda: _is_problem(channel, TAKEN_OVER))
        server.failures["setMyDescription"].clear()
        await until(lambda: _made(server, "setChatMenuButton"))
        assert channel.problem == TAKEN_OVER
        await channel.stop()


async def _is_problem(channel: TelegramChannel, expected: str) -> bool:
    return channel.problem == expected


async def test_start_does_not_wait_for_telegram(inbox: Inbox) -> None:
    channel = TelegramChannel(
        settings(telegram_api_url="http://127.0.0.1:9"), inbox, request=HTTPXRequest(connect_timeout=1), pause=30
    )
    await channel.start()
    assert await post(channel, message(text="halo")) == 200  # it serves meanwhile
    await until(lambda: _problem(channel))
    assert channel.problem == "NetworkError"
    await channel.stop()


async def _problem(channel: TelegramChannel) -> str:
    return channel.problem


async def test_telegram_delivers_to_the_address_and_with_the_secret_that_were_set(inbox: Inbox) -> None:
    server = BotApiServer()
    async with serving(server.app) as url:
        channel = TelegramChannel(settings(telegram_api_url=url, telegram_secret=""), inbox)
        await channel.start()
        await until(lambda: _made(server, "setMyCommands"))
        async with client_of(channel) as client:
            assert await server.deliver(message(text="halo"), client) == 200
            server.webhook["secret_token"] = "lain"
            assert await server.deliver(message(text="palsu"), client) == 403
        await channel.stop()
    assert [stored.text for stored in inbox.messages] == ["halo"]


def test_the_derived_secret_is_stable_and_differs_between_bots() -> None:
    one = webhook_secret(settings(telegram_secret=""))
    assert one == webhook_secret(settings(telegram_secret=""))
    assert one != webhook_secret(settings(telegram_secret="", telegram_token="8:lain"))
    assert len(one) == 64
    assert webhook_secret(settings()) == SECRET


async def test_nothing_personal_is_logged(telegram_channel: TelegramChannel, telegram: Telegram, inbox: Inbox) -> None:
    telegram.failures["answerCallbackQuery"].append(failure(400, "Bad Request: query is too old"))
    inbox.broken = 1
    with capture_logs() as logs:
        await post(telegram_channel, message(text="NIK saya 3319xxxx"))
        await post(telegram_channel, message(text="NIK saya 3319xxxx", chat={**CHAT, "type": "group"}))
        await post(telegram_channel, tapped())
        await until(lambda: _made(telegram, "answerCallbackQuery"))
    assert logs
    written = json.dumps(logs)
    assert not any(secret in written for secret in ("3319", "Sri", "Wahyuni", "5120001", SECRET))


CODE = "GRUP-ABCD-EFGH-JKMN"


class OfficeGroupsHere:
    """An office that waits for CODE."""

    def __init__(self) -> None:
        self.known: set[str] = set()
        self.moves: list[tuple[str, str]] = []

    async def join(self, channel: str, address: str, code: str) -> str | None:
        if code != CODE:
            return None
        self.known.add(address)
        return "Grup terhubung."

    async def knows(self, channel: str, address: str) -> bool:
        return address in self.known

    async def moved(self, channel: str, address: str, to: str) -> None:
        self.moves.append((address, to))


def _with_groups(telegram: Telegram, inbox: Inbox, groups: OfficeGroupsHere) -> TelegramChannel:
    return TelegramChannel(
        settings(), inbox, receiving=False, request=ContractRequest(telegram), groups=groups, group_patience=0.2
    )


@pytest.mark.parametrize("said", [f"/start {CODE}", f"/start@PanduBot {CODE}", f"@PanduBot {CODE}"])
async def test_a_group_that_an_office_names_is_stayed_in_and_not_read(
    telegram: Telegram, inbox: Inbox, said: str
) -> None:
    groups = OfficeGroupsHere()
    channel = _with_groups(telegram, inbox, groups)
    await channel.start()
    assert await post(channel, membership("member", GROUP)) == 200  # added: the code may still come
    assert await post(channel, message(text=said, chat=GROUP)) == 200
    await until(lambda: _made(telegram, "sendMessage"))
    assert await post(channel, message(text="halo semua", chat=GROUP)) == 200
    await asyncio.gather(*channel._tasks)
    assert [call["text"] for call in telegram.made("sendMessage")] == ["Grup terhubung."]
    assert telegram.made("leaveChat") == [] and inbox.messages == []
    assert await channel.announce(str(GROUP["id"]), "Darurat") == str(GROUP["id"])
    assert await post(channel, membership("kicked", GROUP)) == 200
    await until(lambda: _has_moved(groups))
    await channel.stop()
    assert groups.moves == [(str(GROUP["id"]), "")]


async def _has_moved(groups: OfficeGroupsHere) -> bool:
    return bool(groups.moves)


@pytest.mark.parametrize("said", ["", "/start GRUP-AAAA-BBBB-CCCC", "halo semua"])
async def test_a_group_that_no_office_names_is_left(telegram: Telegram, inbox: Inbox, said: str) -> None:
    groups = OfficeGroupsHere()
    channel = _with_groups(telegram, inbox, groups)
    await channel.start()
    if said:
        assert await post(channel, message(text=said, chat=GROUP)) == 200
    else:
        assert await post(channel, membership("member", GROUP)) == 200
    await until(lambda: _made(telegram, "leaveChat"))
    await channel.stop()
    assert [call["text"] for call in telegram.made("sendMessage")] == [LEAVING] and inbox.messages == []


async def test_a_group_that_moves_is_followed(telegram: Telegram, inbox: Inbox) -> None:
    groups = OfficeGroupsHere()
    channel = _with_groups(telegram, inbox, groups)
    await channel.start()
    small = {"id": -55, "title": "UMKM Kudus", "type": "group"}
    assert await post(channel, message(migrate_to_chat_id=-100900, chat=small)) == 200
    await asyncio.gather(*channel._tasks)
    moved = failure(400, "Bad Request: group chat was upgraded to a supergroup chat", migrate_to_chat_id=-100900)
    telegram.failures["sendMessage"].append(moved)
    assert await channel.announce("-55", "Darurat") == "-100900"
    assert groups.moves == [("-55", "-100900")] and telegram.made("leaveChat") == []
    await channel.stop()
