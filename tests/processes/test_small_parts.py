"""Logs without personal data, secrets made once, a command line that starts quickly."""

from __future__ import annotations

import io
import json
import logging
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest
import structlog

from bot.processes.logs import mask, set_up_logs
from bot.settings import ROOT
from bot.storage.secrets import secret


@pytest.fixture
def lines() -> Iterator[io.StringIO]:
    """What was logged, with the log set up as in `pandu serve`; everything is put back afterwards."""
    root = logging.getLogger()
    handlers, level = root.handlers, root.level
    stream = io.StringIO()
    set_up_logs("info", stream)
    yield stream
    root.handlers = handlers
    root.setLevel(level)
    structlog.reset_defaults()


def test_lines_are_json_without_personal_fields(lines: io.StringIO) -> None:
    structlog.get_logger().info("turn done", conversation=12, text="Nama saya Siti", address="whatsapp:+6281234567890")
    structlog.get_logger().debug("not written")
    line = json.loads(lines.getvalue())
    assert (line["event"], line["level"], line["conversation"]) == ("turn done", "info", 12)
    assert "Siti" not in lines.getvalue()
    assert "6281234567890" not in lines.getvalue()


def test_tracebacks_are_masked_too(lines: io.StringIO) -> None:
    try:
        raise ValueError(
            "no user 3374010101900001 at https://api.telegram.org/bot123456:AAAAAAAAAAAAAAAAAAAAAAAAA/getMe"
        )
    except ValueError:
        structlog.get_logger().exception("failed")
    said = lines.getvalue()
    assert "ValueError" in said
    assert "3374010101900001" not in said
    assert "AAAAAAAA" not in said


def test_libraries_are_heard_from_warning_up(lines: io.StringIO) -> None:
    logging.getLogger("httpx").info("GET https://example.org")
    logging.getLogger("telegram.ext").warning("slow: budi@example.org")
    line = json.loads(lines.getvalue())
    assert (line["logger"], line["event"]) == ("telegram.ext", "slow: [e-mail]")


@pytest.mark.parametrize(
    ("text", "masked"),
    [
        ("call +62 812-3456-7890 now", "call [number] now"),
        ("postgresql://pandu:rahasia@db/pandu", "postgresql://pandu:[hidden]@db/pandu"),
        ("POST /actions?token=abc&x=1", "POST /actions?token=[hidden]&x=1"),
        ("took 12.5 s, 300 rows, port 8000", "took 12.5 s, 300 rows, port 8000"),
        ("2026-11-22T12:35:49.169332Z", "2026-11-22T12:35:49.169332Z"),
    ],
)
def test_what_is_masked(text: str, masked: str) -> None:
    assert mask(text) == masked


def test_a_secret_is_made_once(tmp_path: Path) -> None:
    first = secret(tmp_path, "engine_token")
    assert len(first) >= 32
    assert secret(tmp_path, "engine_token") == first
    assert secret(tmp_path, "telegram_secret") != first
    assert [path.name for path in sorted((tmp_path / "secrets").iterdir())] == ["engine_token", "telegram_secret"]
    assert (tmp_path / "secrets").stat().st_mode & 0o777 == 0o700


def test_the_command_line_imports_little() -> None:
    code = "import bot.commands.main, sys; print(*sys.modules)"
    loaded = subprocess.run([sys.executable, "-c", code], cwd=ROOT, capture_output=True, text=True, check=True).stdout
    assert not {"sqlalchemy", "fastapi", "pydantic", "telegram", "httpx", "rasa_sdk"} & set(loaded.split())
