"""A setting that a start would accept and that would break later is refused with one line."""

from __future__ import annotations

import os
import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest
from pydantic import ValidationError

from bot import links
from bot.processes.settings_check import problems, written
from bot.settings import ROOT, Settings
from tests.peers.bot_api import TOKEN as BOT_TOKEN
from tests.peers.twilio_api import ACCOUNT, SENDER

TELEGRAM = {"telegram_token": BOT_TOKEN}
TWILIO = {"twilio_account_sid": ACCOUNT, "twilio_auth_token": "secret", "whatsapp_sender": SENDER}
PUBLIC = {"public_url": "https://pandu.example.go.id"}


NO_DATABASES = ("mysql://x/y", "pandu", "sqlite:///x", "postgresql://db:abc/x", "postgresql+psycopg2://db/x")
CONNECTOR = {"url": "https://lapor.example", "secret": "0123456789abcdef"}


def made(**values: Any) -> Settings:
    return Settings(_env_file=None, **values)  # type: ignore[arg-type]


@pytest.mark.parametrize(
    "values",
    [
        {},
        TELEGRAM,
        TELEGRAM | TWILIO | PUBLIC,
        TWILIO | {"public_url": "http://127.0.0.1:8000"},
        {"office": "kudus", "timezone": "Asia/Makassar"},
        {"engine_url": "http://10.0.0.5:5005, http://[fd00::1]:5005"},
        TWILIO | {"whatsapp_sender": "+1 (415) 523-8886"},
        TELEGRAM | {"public_url": "https://pandu.example.go.id:8443/chat"},
        TWILIO | {"public_url": "https://pandu.example.go.id:9000"},
        TELEGRAM | {"public_url": "http://10.0.0.7:8000", "telegram_api_url": "http://10.0.0.8:8081"},
        {"public_url": "http://10.0.0.7:8000"},
        {"database_url": "postgresql://pandu:x@db.example:5432/pandu"},
        {"database_url": "postgres://pandu@/pandu?host=/run/postgresql"},
        {"data_dir": "/data"},
        {"data_dir": "/var/lib/pandu/data", "push_services": "", "complaint_officers": "kudus, magetan"},
    ],
)
def test_what_works_is_accepted(values: dict[str, Any]) -> None:
    assert problems(made(**values)) == []


@pytest.mark.parametrize(
    ("values", "named"),
    [
        ({"timezone": "Jakarta"}, "PANDU_TIMEZONE"),
        ({"timezone": "../../etc/passwd"}, "PANDU_TIMEZONE"),
        ({"timezone": ""}, "PANDU_TIMEZONE"),
        ({"office": "Kudus "}, "PANDU_OFFICE"),
        ({"office": "oss"}, "PANDU_OFFICE"),
        (TELEGRAM | {"public_url": "http://pandu.example.go.id"}, "https://"),
        ({"public_url": "pandu.example.go.id"}, "PANDU_PUBLIC_URL"),
        ({"public_url": "https://pandu example"}, "PANDU_PUBLIC_URL"),
        ({"public_url": "https://pandu.go.id:99999"}, "PANDU_PUBLIC_URL"),
        ({"public_url": "https://u:p@pandu.go.id"}, "bare address"),
        ({"public_url": "https://pandu.go.id?x=1"}, "bare address"),
        ({"public_url": "https://pandu.go.id\u200b"}, "PANDU_PUBLIC_URL"),
        (TELEGRAM | {"public_url": "https://pandu.go.id:8000"}, "port 8000"),
        (TELEGRAM | {"public_url": "https://192.168.1.5"}, "of the internet"),
        (TWILIO | {"public_url": "https://pandu"}, "of the internet"),
        ({"telegram_api_url": "api.telegram.org"}, "PANDU_TELEGRAM_API_URL"),
        ({"engine_url": "10.0.0.5:5005"}, "PANDU_ENGINE_URL"),
        ({"telegram_token": "'7000000001:AAtest'"}, "PANDU_TELEGRAM_TOKEN"),
        (TELEGRAM | {"telegram_secret": "rahasia negara"}, "PANDU_TELEGRAM_SECRET"),
        ({"telegram_username": "@PanduBot"}, "PANDU_TELEGRAM_USERNAME"),
        ({"whatsapp_sender": SENDER}, "PANDU_TWILIO_ACCOUNT_SID, PANDU_TWILIO_AUTH_TOKEN is missing"),
        (TWILIO | {"twilio_auth_token": ""}, "PANDU_TWILIO_AUTH_TOKEN is missing"),
        (TWILIO | {"twilio_account_sid": "SK123"}, "PANDU_TWILIO_ACCOUNT_SID"),
        (TWILIO | {"whatsapp_sender": "MG00000000000000000000000000000000"}, "Messaging Services"),
        (TWILIO | {"whatsapp_sender": f"{SENDER},whatsapp:+62811"}, "one number"),
        (TWILIO | {"whatsapp_sender": "join apple-tree"}, "join code"),
        (TWILIO | {"whatsapp_sender": "08123456789"}, "country code"),
        (TWILIO | {"whatsapp_news_template": "berita"}, "PANDU_WHATSAPP_NEWS_TEMPLATE"),
        *[({"database_url": url}, "PANDU_DATABASE_URL") for url in NO_DATABASES],
        *[({"data_dir": folder}, "PANDU_DATA_DIR") for folder in ("/", "/var/lib", "~", ROOT, ROOT.parent, "/tmp/..")],
        ({"push_services": "https://fcm.googleapis.com"}, "PANDU_PUSH_SERVICES"),
        ({"complaint_officers": "kudus,mars"}, "PANDU_COMPLAINT_OFFICERS"),
        ({"complaint_connectors": {"mars": CONNECTOR}}, "PANDU_COMPLAINT_CONNECTORS"),
    ],
)
def test_what_would_break_later_is_refused(values: dict[str, Any], named: str) -> None:
    (problem,) = problems(made(**values))
    assert named in problem and "\n" not in problem
    assert "secret" not in problem


def test_an_unknown_name_is_told_with_the_nearest(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    file = tmp_path / ".env"
    file.write_text("PANDU_TELEGRAM_TOKKEN=1\nPANDU_PORT=8000\nOTHER=1\n")
    monkeypatch.setenv("PANDU_WHATSAP_SENDER", "x")
    found = problems(made(), written(file))
    assert any("PANDU_TELEGRAM_TOKKEN" in one and "PANDU_TELEGRAM_TOKEN?" in one for one in found)
    assert any("PANDU_WHATSAP_SENDER" in one and "PANDU_WHATSAPP_SENDER?" in one for one in found)
    assert not any("PANDU_PORT" in one or "OTHER" in one for one in found)


def test_blanks_and_slashes_around_a_value_are_mended() -> None:
    mended = made(public_url="  https://pandu.example.go.id/ ", telegram_token=f" {BOT_TOKEN}\n", office=" kudus ")
    assert (mended.public_url, mended.office) == ("https://pandu.example.go.id", "kudus")
    assert mended.telegram_token.get_secret_value() == BOT_TOKEN
    assert problems(mended) == []
    assert made(host="[::1]").host == "::1"
    assert made(data_dir="").data_dir == made().data_dir, "not wherever the command is given"


@pytest.mark.parametrize("name", ["max_body_bytes", "max_attachment_bytes"])
@pytest.mark.parametrize("size", [-1, 0, 500])
def test_a_size_that_would_refuse_every_message_or_file_is_refused(name: str, size: int) -> None:
    with pytest.raises(ValidationError, match=name):
        made(**{name: size})


@pytest.mark.parametrize("port", [0, -1, 65536, 99999])
def test_a_port_that_is_none_is_refused(port: int) -> None:
    """The system would take the rest of 99999 / 65536 without a word."""
    with pytest.raises(ValidationError, match="port"):
        made(port=port)


def test_home_is_ones_home() -> None:
    assert made(data_dir="~/pandu").data_dir == Path.home() / "pandu"


@pytest.mark.parametrize(
    ("host", "address"),
    [
        ("::1", "http://[::1]:8000"),
        ("::", "http://[::1]:8000"),
        ("0.0.0.0", "http://127.0.0.1:8000"),
        ("127.0.0.1", "http://127.0.0.1:8000"),
        ("localhost", "http://localhost:8000"),
    ],
)
def test_this_machines_own_address(host: str, address: str) -> None:
    assert made(host=host).local_url == address


@pytest.mark.parametrize("command", [["serve"], ["doctor"]])
def test_start_and_doctor_refuse_alike(command: list[str], tmp_path: Path) -> None:
    environment = {name: value for name, value in os.environ.items() if not name.startswith("PANDU_")}
    environment |= {"PANDU_DATA_DIR": str(tmp_path), "PANDU_TIMEZONE": "WIB", "PANDU_OFFICE": "atlantis"}
    done = subprocess.run(
        [sys.executable, "-m", "bot.commands.main", *command],
        check=False,
        capture_output=True,
        text=True,
        env=environment,
        timeout=120,
    )
    assert done.returncode == 1
    lines = done.stderr.strip().splitlines()
    assert len(lines) == 2 and "PANDU_TIMEZONE" in lines[0] and "PANDU_OFFICE" in lines[1]


# Links that people can reach


def test_without_a_public_address_no_link_is_shown_to_people_on_a_channel() -> None:
    assert links.public(made(**TELEGRAM), "/privasi") == ""
    assert links.public(made(**TELEGRAM, **PUBLIC), "/privasi") == "https://pandu.example.go.id/privasi"
    assert links.public(made(), "/privasi") == "http://127.0.0.1:8000/privasi", "the simulator's people sit here"
