"""One message walked from a channel's webhook to the send: its calls climb only where docs/floors.md says so."""

from __future__ import annotations

import sys
from collections.abc import Iterator
from contextlib import contextmanager
from functools import cache
from pathlib import Path
from types import FrameType
from typing import Any

import httpx
from sqlalchemy import text

from actions.run import action_of
from bot.app import at_work, build_runtime, create_app
from bot.channels.telegram.channel import TelegramChannel
from bot.conversations import inbox
from bot.conversations.runtime import Runtime
from bot.messages import IncomingMessage
from bot.settings import ROOT
from tests.helpers.engine import TOKEN, StandInEngine
from tests.helpers.runtime import working
from tests.helpers.until import until
from tests.hostile.conftest import SECRET, settings
from tests.peers.bot_api import ContractRequest, Telegram
from tests.test_floors import level, room_of

QUESTION = "berapa biaya izin usaha industri di kudus"
_SENT = """select 1 from outgoing_messages m join conversations c on c.id = m.conversation_id
where c.address = :address and m.status = 'sent'"""
_OURS = (str(ROOT / "bot"), str(ROOT / "actions"))


@cache
def module_of(path: str) -> str:
    """The module of a file of ours; "" for any other."""
    if not path.startswith(_OURS):
        return ""
    return ".".join(Path(path).relative_to(ROOT).with_suffix("").parts).removesuffix(".__init__")


def action_call(turn: dict[str, Any]) -> dict[str, Any]:
    """What the engine asks for a question about costs."""
    latest = {
        "intent": {"name": "ask_cost", "confidence": 0.9},
        "entities": [],
        "text": turn["text"],
        "intent_ranking": [],
        "metadata": turn["metadata"],
    }
    tracker = {
        "sender_id": turn["conversation"],
        "slots": {},
        "latest_message": latest,
        "events": [{"event": "user", "text": turn["text"], "parse_data": latest}],
    }
    call = {"next_action": action_of("ask_cost"), "sender_id": turn["conversation"], "tracker": tracker}
    return call | {"version": "3.6.21"}


@contextmanager
def walked() -> Iterator[set[tuple[str, str]]]:
    """Calls between our modules: who called, and who was called."""
    calls: set[tuple[str, str]] = set()

    def seen(frame: FrameType, event: str, _: Any) -> None:
        called = module_of(frame.f_code.co_filename) if event == "call" else ""
        if not called:
            return
        above = frame.f_back
        while above is not None and not module_of(above.f_code.co_filename):
            above = above.f_back
        if above is not None and (caller := module_of(above.f_code.co_filename)) != called:
            calls.add((caller, called))

    sys.setprofile(seen)
    try:
        yield calls
    finally:
        sys.setprofile(None)


UPHILL = {
    ("channels", "bot.conversations.inbox"): "receive",
    ("channels", "bot.web.limits"): "the web's layers stand around webhooks",
    ("ground", "bot.conversations.progress"): "work that is tried until the database is back",
    ("ground", "actions.run"): "work that begins again with what is slow",
    ("conversations", "actions.standing"): "while_thinking",
    ("conversations", "actions.welcome"): "notice",
    ("conversations", "bot.handoff.people"): "people",
}
"""What docs/floors.md names ("How the floors meet"), as far as a question's turn uses it."""
ON_THE_WAY = {"web", "channels", "conversations", "dialogue", "actions", "hearing", "answers", "knowledge", "ground"}


async def test_it_climbs_only_where_the_list_of_floors_says(database_url: str, tmp_path: Path) -> None:
    engine = StandInEngine()
    await engine.start()
    chosen = settings(tmp_path).model_copy(
        update={"twilio_account_sid": "", "telegram_api_url": "https://api.telegram.org"}
    )
    runtime = build_runtime(chosen, database_url, engine.url, TOKEN, receiving=False)

    async def receive(incoming: IncomingMessage) -> bool:
        return await inbox.store(runtime, incoming) is not None

    telegram = TelegramChannel(chosen, receive, receiving=False, request=ContractRequest(Telegram()))
    runtime.channels["telegram"] = telegram
    app = create_app(runtime.settings, runtime)
    client = httpx.AsyncClient(transport=httpx.ASGITransport(app), base_url="http://pandu.test")

    async def act(turn: dict[str, Any]) -> None:
        """The engine's call for the turn's action."""
        answer = await client.post(f"/actions?token={TOKEN}", json=action_call(turn))
        assert answer.status_code == 200 and answer.json()["responses"], answer.text

    engine.before = act
    async with at_work(runtime), client, working(runtime):
        await asked(runtime, client, 1)  # makes what is made once
        with walked() as calls:
            await asked(runtime, client, 2)
    await runtime.database.close()
    await engine.stop()
    rooms = {room_of(one) for pair in calls for one in pair}
    assert rooms >= ON_THE_WAY
    jobs = {other for _, other in calls if other.endswith(".tasks")}  # by name, and those of the clock meanwhile
    apart = {*jobs, "bot.processes.logs"}  # the latter where logging was set up: every line passes it
    climbing = {(room_of(one), other) for one, other in calls if level(other) < level(one) and other not in apart}
    assert climbing == set(UPHILL)


async def asked(runtime: Runtime, client: httpx.AsyncClient, person: int) -> None:
    """A question of somebody new, until its answer is sent."""
    people = {"id": 7_000_000 + person, "type": "private", "is_bot": False, "first_name": "Siti"}
    said = {"message_id": 1, "date": 1_700_000_000, "chat": people, "from": people, "text": QUESTION}
    headers = {"X-Telegram-Bot-Api-Secret-Token": SECRET}
    answer = await client.post("/webhooks/telegram", json={"update_id": person, "message": said}, headers=headers)
    assert answer.status_code == 200

    async def sent() -> bool:
        rows = await runtime.database.run(text(_SENT), {"address": str(people["id"])})
        return bool(rows)

    await until(sent)
