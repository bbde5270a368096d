"""Logs and metrics carry nothing of what people write, and the code that writes them gives them nothing."""

from __future__ import annotations

import ast
import io
import logging
from collections.abc import Iterator

import pytest
import structlog
from prometheus_client import generate_latest

from bot.conversations.runtime import Runtime
from bot.processes.logs import PERSONAL, set_up_logs
from bot.settings import ROOT
from tests.helpers.runtime import message, receive

WRITTEN = "nama saya Kenarirahasia, hp 081234567890, siti@contoh.id, npwp 09.254.294.3-407.000"
_FORBIDDEN = PERSONAL | {"name", "message_text", "title", "answers", "number", "contact", "value", "token", "password"}


def _log_calls() -> Iterator[tuple[str, ast.Call]]:
    for path in sorted([*(ROOT / "bot").rglob("*.py"), *(ROOT / "actions").rglob("*.py")]):
        for node in ast.walk(ast.parse(path.read_text())):
            if (
                isinstance(node, ast.Call)
                and isinstance(node.func, ast.Attribute)
                and node.func.attr in ("debug", "info", "warning", "error", "exception")
                and isinstance(node.func.value, ast.Name)
                and node.func.value.id in ("log", "logger")
            ):
                yield f"{path.relative_to(ROOT)}:{node.lineno}", node


def test_no_log_line_is_given_what_people_write() -> None:
    calls = list(_log_calls())
    assert len(calls) > 15
    given = {where: {one.arg for one in call.keywords} & _FORBIDDEN for where, call in calls}
    assert {where: names for where, names in given.items() if names} == {}
    built = [where for where, call in calls if call.args and not isinstance(call.args[0], ast.Constant)]
    assert built == []  # an event is a fixed sentence; what varies are its fields


@pytest.fixture
def logged() -> Iterator[io.StringIO]:
    root = logging.getLogger()
    before, level = root.handlers, root.level
    stream = io.StringIO()
    set_up_logs("debug", stream)
    yield stream
    root.handlers = before
    root.setLevel(level)
    structlog.reset_defaults()


async def test_a_turn_leaves_nothing_in_logs_and_metrics(runtime: Runtime, logged: io.StringIO) -> None:
    await receive(runtime, message(WRITTEN, address="+6281234567890", profile_name="Kenarirahasia"))
    try:
        raise ValueError(f"broken by {WRITTEN}")
    except ValueError:
        structlog.get_logger().exception("turn failed", text=WRITTEN, phone="+6281234567890", detail="hp 081234567890")
    told = logged.getvalue()
    assert "turn failed" in told
    for secret in ("081234567890", "6281234567890", "siti@contoh.id"):
        assert secret not in told
        assert secret not in generate_latest().decode()
    assert "Kenarirahasia" not in generate_latest().decode()
