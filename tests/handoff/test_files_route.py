"""The signed address of a file that an officer sent."""

from __future__ import annotations

from pathlib import Path

import httpx
import pytest
from fastapi import FastAPI
from pydantic import SecretStr

from bot import links
from bot.conversations.models import Outgoing
from bot.conversations.runtime import FILES
from bot.settings import Settings
from bot.web.files import file_routes
from tests.handoff.conftest import House
from tests.handoff.samples import DOCX, PDF

SETTINGS = Settings(_env_file=None, engine_token="kunci-bersama")


async def stored(house: House, filename: str, media_type: str, content: bytes) -> int:
    path = Path(house.runtime.settings.files_dir) / "sent" / filename
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_bytes(content)
    conversation = await house.applicant(address=filename)
    async with house.runtime.database.session() as session:
        file = {"path": f"sent/{filename}", "filename": filename, "media_type": media_type, "kind": "document"}
        message = Outgoing(conversation_id=conversation, author="officer", text="", file=file)
        session.add(message)
        await session.flush()
        return message.id


@pytest.fixture
def client(house: House) -> httpx.AsyncClient:
    house.runtime.settings.engine_token = SecretStr("kunci-bersama")
    app = FastAPI()
    app.include_router(file_routes(house.runtime))
    return httpx.AsyncClient(transport=httpx.ASGITransport(app), base_url="http://pandu")


async def test_the_file_is_served_and_cannot_run_anything(house: House, client: httpx.AsyncClient) -> None:
    number = await stored(house, "surat resmi.pdf", "application/pdf", PDF)
    answer = await client.get(house.runtime.file_path(number))
    assert (answer.status_code, answer.content) == (200, PDF)
    assert answer.headers["content-type"] == "application/pdf"
    assert answer.headers["content-disposition"] == "inline; filename*=UTF-8''surat%20resmi.pdf"
    assert "sandbox" in answer.headers["content-security-policy"]
    assert answer.headers["x-content-type-options"] == "nosniff"
    word = await stored(house, "isian.docx", "application/vnd.x", DOCX)
    assert (await client.get(house.runtime.file_path(word))).headers["content-disposition"].startswith("attachment")


async def test_forged_expired_and_foreign_tokens_open_nothing(house: House, client: httpx.AsyncClient) -> None:
    number = str(await stored(house, "a.pdf", "application/pdf", PDF))
    settings = house.runtime.settings
    good = links.token(settings, FILES, number, 60)
    other_key = Settings(_env_file=None, engine_token="lain")
    for bad in (
        links.token(settings, FILES, number, -1),
        links.token(settings, "data", number, 60),
        links.token(other_key, FILES, number, 60),
        links.token(settings, FILES, "999999", 60),
        good[:-2] + ("aa" if good[-2:] != "aa" else "bb"),
        number,
        "..%2F..%2Fetc%2Fpasswd",
    ):
        assert (await client.get(f"/files/{bad}")).status_code == 404, bad
    (Path(settings.files_dir) / "sent" / "a.pdf").unlink()
    assert (await client.get(f"/files/{good}")).status_code == 404


def test_links_say_what_they_open() -> None:
    token = links.token(SETTINGS, "data", "17", 60)
    assert links.subject(SETTINGS, "data", token) == "17"
    assert links.subject(SETTINGS, FILES, token) is None
    assert links.public(SETTINGS, "/x") == "http://127.0.0.1:8000/x"
    assert links.public(Settings(_env_file=None, public_url="https://p.go.id/"), "/x") == "https://p.go.id/x"
