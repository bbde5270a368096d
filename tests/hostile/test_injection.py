"""Input that stays data: in spreadsheets, in pages, in file names, and in addresses that we fetch from."""

from __future__ import annotations

import ast
import csv
import io
import json
from collections.abc import AsyncIterator, Iterator
from pathlib import Path
from typing import Any

import httpx
import pytest
from hypothesis import given
from hypothesis import strategies as st
from pydantic import ValidationError
from sqlalchemy import select, text

from bot.channels.base import PermanentSendError, TemporarySendError
from bot.channels.telegram.channel import TelegramChannel
from bot.channels.whatsapp.channel import WhatsAppChannel
from bot.complaints.figures import COUNTED, table
from bot.conversations import inbox
from bot.conversations.models import StoredFile
from bot.figures.tables import as_csv
from bot.messages import Attachment, IncomingMessage
from bot.settings import ROOT, ConnectorSettings
from tests.channels.conftest import Inbox, Ledger, Shelf, ledger, settings, shelf, telegram
from tests.channels.conftest import inbox as channel_inbox
from tests.helpers.until import until
from tests.hostile.conftest import Target
from tests.peers.bot_api import ContractRequest, Telegram
from tests.peers.twilio_api import ACCOUNT

__all__ = ["channel_inbox", "ledger", "shelf", "telegram"]
FORMULAS = ("=1+1", "+1", "-1+cmd|' /C calc'!A0", "@SUM(1)", "\t=1", "\r=1", "  =1", '=HYPERLINK("http://x")')


# --- spreadsheets ---


@pytest.mark.parametrize("formula", FORMULAS)
def test_no_cell_of_ours_begins_like_a_formula(formula: str) -> None:
    rows = [dict.fromkeys(COUNTED, formula)]
    for written in (as_csv(["kolom"], [[formula]]), table(rows)):  # type: ignore[arg-type]
        _, cells = csv.reader(io.StringIO(written, newline=""), delimiter=";")
        assert set(cells) == {"'" + formula.replace("\r", "\n")}


@given(st.text(max_size=20))
def test_whatever_is_written_is_no_formula_and_one_row(value: str) -> None:
    rows = list(csv.reader(io.StringIO(as_csv(["a", "b"], [[value, 1.5]]), newline=""), delimiter=";"))
    assert [len(row) for row in rows] == [2, 2]
    assert not rows[1][0].lstrip(" ").startswith(("=", "+", "-", "@", "\t", "\r"))


def _modules(*folders: str) -> Iterator[tuple[Path, ast.Module]]:
    for folder in folders:
        for path in sorted((ROOT / folder).rglob("*.py")):
            if "node_modules" not in path.parts:
                yield path, ast.parse(path.read_text())


def test_only_one_place_writes_spreadsheets() -> None:
    found = {
        str(path.relative_to(ROOT))
        for path, tree in _modules("bot", "actions")
        for node in ast.walk(tree)
        if isinstance(node, ast.Attribute) and node.attr in ("writer", "DictWriter", "Workbook")
    }
    assert found == {"bot/figures/tables.py"}


# --- pages ---


def test_every_template_escapes_what_it_shows() -> None:
    calls = [
        (path.name, {word.arg: word.value for word in node.keywords})
        for path, tree in _modules("bot")
        for node in ast.walk(tree)
        if isinstance(node, ast.Call) and isinstance(node.func, ast.Name) and node.func.id == "Environment"
    ]
    assert len(calls) >= 3
    for name, words in calls:
        escaping = words.get("autoescape")
        assert isinstance(escaping, ast.Constant) and escaping.value is True, name


def test_no_code_runs_what_it_is_given() -> None:
    """No eval, exec, pickle, shell or unsafe YAML anywhere in the application."""
    for path, tree in _modules("bot", "actions"):
        for node in ast.walk(tree):
            if isinstance(node, ast.Call):
                called = ast.unparse(node.func)
                assert called not in ("eval", "exec", "os.system", "pickle.loads", "yaml.unsafe_load"), path
                assert not any(word.arg == "shell" for word in node.keywords), path
                if called == "yaml.load":
                    assert "Safe" in ast.unparse(node), path


# --- file names ---


class Provider:
    """A channel whose files have any content."""

    def __init__(self, inner: Any) -> None:
        self._inner = inner

    def __getattr__(self, name: str) -> Any:
        return getattr(self._inner, name)

    async def fetch(self, attachment: Attachment, limit: int) -> bytes:
        return b"isi"


@pytest.fixture
async def fetching(target: Target, monkeypatch: pytest.MonkeyPatch) -> AsyncIterator[Target]:
    monkeypatch.setitem(target.runtime.channels, "whatsapp", Provider(target.runtime.channels["whatsapp"]))
    yield target


async def test_a_file_is_kept_under_a_name_of_ours(fetching: Target) -> None:
    runtime = fetching.runtime
    hostile = [
        Attachment("document", "x", "../../../../etc/cron.d/x", "application/pdf"),
        Attachment("document", "x", "..\\..\\x.exe", "../../x"),
        Attachment("photo", "x", "/etc/passwd\x00.jpg", "image/../../../x"),
        Attachment("document", "x", "a" * 500, "text/html; x=../../y"),
        Attachment("document", "x", "=cmd.csv", "application/x-msdownload"),
    ]
    for number, attachment in enumerate(hostile):
        message = IncomingMessage(
            "whatsapp", "whatsapp:+628111", f"SMfile{number}", "document", attachments=(attachment,)
        )
        assert await inbox.store(runtime, message) is not None

    async def kept() -> list[str]:
        paths = [row.path for row in await runtime.database.run(select(StoredFile).where(StoredFile.path != ""))]
        return paths if len(paths) == len(hostile) else []

    folder = runtime.settings.files_dir.resolve()
    rows = await until(kept)
    found = [
        (await runtime.database.run(text("select path from stored_files order by id")))[i][0] for i in range(len(rows))
    ]
    for path in found:
        assert (folder / path).resolve().parent == folder
        assert (folder / path).is_file()
    assert sorted(one.name for one in folder.iterdir() if one.is_file()) == sorted(found)


# --- addresses that are fetched from ---

OWN = f"https://api.twilio.com/2010-04-01/Accounts/{ACCOUNT}/Messages/MM1/Media/ME1"
ELSEWHERE = [
    "http://127.0.0.1:5432/",
    "http://169.254.169.254/latest/meta-data/",
    "https://127.0.0.1/2010-04-01/Accounts/",
    "https://[::1]/x",
    "https://api.twilio.com.jahat.example/x",
    "https://jahat.example/api.twilio.com/x",
    "https://api.twilio.com@jahat.example/x",
    "https://jahat.example#.twilio.com/x",
    "https://user:pass@api.twilio.com/2010-04-01/Accounts/" + ACCOUNT + "/Messages/x",
    "https://api.twilio.com:22/2010-04-01/Accounts/" + ACCOUNT + "/Messages/x",
    "https://api.twilio.com:x/",
    "https://[api.twilio.com/",
    "https://eviltwilio.com/x",
    "https://api.twilio.com/2010-04-01/Accounts/AC" + "9" * 32 + "/Messages/MM1/Media/ME1",
    "https://api.twilio.com/",
    "gopher://api.twilio.com/x",
    "file:///etc/passwd",
    OWN.replace("https", "http"),
    "",
]


def media_channel(inbox: Inbox, ledger: Ledger, shelf: Shelf, answers: dict[str, httpx.Response]) -> Any:
    """A channel that reaches `answers` by host; `.asked` holds each host with whether it got our credentials."""
    asked: list[tuple[str, bool]] = []

    def answer(request: httpx.Request) -> httpx.Response:
        asked.append((request.url.host, "authorization" in request.headers))
        return answers[request.url.host]

    client = httpx.AsyncClient(transport=httpx.MockTransport(answer))
    channel = WhatsAppChannel(settings(), inbox, ledger, shelf, client=client)
    channel.asked = asked  # type: ignore[attr-defined]
    return channel


@pytest.mark.parametrize("address", ELSEWHERE)
async def test_media_come_from_our_own_account_at_twilio(
    channel_inbox: Inbox, ledger: Ledger, shelf: Shelf, address: str
) -> None:
    channel = media_channel(channel_inbox, ledger, shelf, {})
    with pytest.raises(PermanentSendError, match="bad_media_url"):
        await channel.fetch(Attachment("photo", address), 10)
    assert channel.asked == []
    await channel.stop()


@pytest.mark.parametrize(
    "target",
    ["http://169.254.169.254/", "http://localhost:8000/actions", "https://jahat.example/x", "file:///etc/passwd"],
)
async def test_a_redirect_leads_to_twilios_storage_only(
    channel_inbox: Inbox, ledger: Ledger, shelf: Shelf, target: str
) -> None:
    answers = {"api.twilio.com": httpx.Response(307, headers={"Location": target})}
    channel = media_channel(channel_inbox, ledger, shelf, answers)
    with pytest.raises(TemporarySendError, match="bad_media_url"):
        await channel.fetch(Attachment("photo", OWN), 10)
    assert channel.asked == [("api.twilio.com", True)]
    await channel.stop()


async def test_the_storage_gets_no_credentials_and_redirects_end(
    channel_inbox: Inbox, ledger: Ledger, shelf: Shelf
) -> None:
    storage = "https://s3-external-1.amazonaws.com/media.twiliocdn.com/x"
    answers = {
        "api.twilio.com": httpx.Response(307, headers={"Location": storage}),
        "s3-external-1.amazonaws.com": httpx.Response(200, content=b"foto"),
    }
    channel = media_channel(channel_inbox, ledger, shelf, answers)
    assert await channel.fetch(Attachment("photo", OWN), 10) == b"foto"
    assert channel.asked == [("api.twilio.com", True), ("s3-external-1.amazonaws.com", False)]
    answers["s3-external-1.amazonaws.com"] = httpx.Response(307, headers={"Location": storage})
    with pytest.raises(TemporarySendError, match="bad_media_url"):
        await channel.fetch(Attachment("photo", OWN), 10)
    await channel.stop()


async def test_telegrams_answer_never_names_a_file_of_this_machine(channel_inbox: Inbox, telegram: Telegram) -> None:
    """python-telegram-bot reads a path that exists here as a local file."""

    class Lying(ContractRequest):
        async def do_request(self, url: str, *rest: Any, **more: Any) -> tuple[int, bytes]:
            if url.endswith("/getFile"):
                file = {"file_id": "x", "file_unique_id": "u", "file_path": "/etc/passwd"}
                return 200, json.dumps({"ok": True, "result": file}).encode()
            return await super().do_request(url, *rest, **more)

    channel = TelegramChannel(settings(), channel_inbox, receiving=False, request=Lying(telegram))
    await channel.start()
    with pytest.raises(PermanentSendError, match="bad_file_path"):
        await channel.fetch(Attachment("document", "x"), 10_000)
    await channel.stop()


@pytest.mark.parametrize(
    "url", ["http://10.0.0.1/x", "http://169.254.169.254/", "ftp://x/", "http://localhost.jahat.example/"]
)
def test_a_connector_speaks_https_only(url: str) -> None:
    with pytest.raises(ValidationError):
        ConnectorSettings(url=url, secret="x" * 16)  # type: ignore[arg-type]
