"""One message walked from a channel's webhook to the send: its calls climb only where docs/floors.md says so."""

from __future__ import annotations

import sys
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from types import FrameType
from typing import Any

import httpx

from actions.run import action_of
from bot.app import build_runtime, create_app
from bot.settings import ROOT, Settings
from bot.storage.database import Database
from tests.helpers.engine import TOKEN, StandInEngine
from tests.helpers.runtime import working
from tests.test_floors import level, room_of

_OURS = (str(ROOT / "bot"), str(ROOT / "actions"))


def module_of(frame: FrameType) -> str:
    path = frame.f_code.co_filename
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
        called = module_of(frame) if event == "call" else ""
        caller, above = "", frame.f_back
        while called and above is not None and not caller:
            caller, above = module_of(above), above.f_back
        if called and caller and caller != called:
            calls.add((f"{caller}", f"{called}.{frame.f_code.co_name}"))

    sys.setprofile(seen)
    try:
        yield calls
    finally:
        sys.setprofile(None)


async def test_it_climbs_only_where_the_list_of_floors_says(
    database: Database, database_url: str, tmp_path: Path
) -> None:
    engine = StandInEngine()
    await engine.start()
    settings = Settings(_env_file=None, data_dir=tmp_path, simulator="on", engine_token=TOKEN)
    runtime = build_runtime(settings, database_url, engine.url, TOKEN)
    app = create_app(settings, runtime)
    client = httpx.AsyncClient(transport=httpx.ASGITransport(app), base_url="http://pandu.test")

    async def act(turn: dict[str, Any]) -> None:
        """The engine's call for the turn's action."""
        answer = await client.post(f"/actions?token={TOKEN}", json=action_call(turn))
        assert answer.status_code == 200 and answer.json()["responses"], answer.text

    engine.before = act
    with walked() as calls:
        async with runtime.jobs.open_async(), client, working(runtime):
            said = {"text": "berapa biaya izin usaha industri di kudus"}
            answer = await client.post("/api/simulator/walker/messages", json=said)
    assert answer.status_code == 200, answer.text
    await runtime.engine.close()
    await runtime.database.close()
    await engine.stop()
    climbing = {(room_of(one), other) for one, other in calls if level(other) < level(one)}
    print(len(calls), sorted({(room_of(one), room_of(other)) for one, other in calls}))
    assert climbing == set()
