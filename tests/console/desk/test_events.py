"""Events at an open page, and their number."""

from __future__ import annotations

import asyncio

import pytest

from bot.console import live
from bot.console.desk import Desk
from tests.console.desk.conftest import FrontOffice
from tests.helpers.until import until

ME, OTHER = 3, 4


@pytest.mark.parametrize(
    ("event", "rings"),
    [
        ({"conversation": 1, "desk": "waiting", "sound": True}, True),
        ({"conversation": 1, "desk": "transferred", "sound": True, "to": ME}, True),
        ({"conversation": 1, "desk": "transferred", "sound": True, "to": OTHER}, False),
        ({"conversation": 1, "desk": "note", "named": [ME]}, True),
        ({"conversation": 1, "desk": "note", "named": [OTHER]}, False),
        ({"conversation": 1, "sent": 5}, False),
    ],
)
def test_it_rings_for_whom_it_is_meant(event: dict[str, object], rings: bool) -> None:
    found = live._names(event, ME)
    assert ("ring" in found) == rings
    assert "conversation-1" in found


async def test_lists_are_drawn_now_and_then_but_never_left_behind(
    office: FrontOffice, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(live, "GATHER", 0.01)
    monkeypatch.setattr(live, "LISTS_EVERY", 0.4)
    desk: Desk = office.app.state.desk
    heard: list[str] = []

    async def listen() -> None:
        async for event in live._events(desk, "", office.people.sari):
            heard.append(event.event or "")  # noqa: PERF401 it never ends

    async def has(name: str) -> bool:
        return name in heard

    async def ends_with_the_lists() -> bool:
        return heard.count("inbox") > 1 and heard[-1] == "inbox"

    listening = asyncio.create_task(listen())
    await until(lambda: has("hello"))
    for number in range(8):
        for queue in desk.runtime.events._for_all:
            queue.put_nowait({"conversation": number})
        await until(lambda number=number: has(f"conversation-{number}"))  # type: ignore[misc]
    await until(ends_with_the_lists)
    listening.cancel()
    assert heard.count("inbox") <= 3
