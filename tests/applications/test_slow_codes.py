"""Claim codes and their receipts: reckoned while no transaction is open, one at a time, and not without end."""

from __future__ import annotations

import asyncio
from collections.abc import Callable
from typing import Any

import httpx
import pytest
from sqlalchemy import text

from actions import ActionServices, build_executor
from bot.app import build_runtime, create_app
from bot.applications import claim_codes, keys, wording
from bot.applications.numbers import new_claim_code
from bot.applications.posting import register_of
from bot.applications.service import NewApplication, add
from bot.conversations.models import Conversation
from bot.conversations.runtime import Runtime
from bot.knowledge.load import get_knowledge
from bot.paper import papers
from bot.settings import Settings
from bot.slowly import Slow
from bot.storage.database import Database
from tests.actions.chat import Chat


@pytest.fixture
def slow_work(monkeypatch: pytest.MonkeyPatch, runtime: Runtime) -> list[str]:
    """What was done slowly; it fails where a connection is held meanwhile."""
    done: list[str] = []

    def watched(slow: Slow) -> Callable[..., Any]:
        run = slow.run

        async def watching(who: str, work: Any, *arguments: Any, **more: Any) -> Any:
            held = runtime.database.engine.pool.checkedout()  # type: ignore[attr-defined]
            assert who.startswith("api:") or held == 0, "a connection is held"  # other calls of the interface hold some
            done.append(work.__name__)
            return await run(who, work, *arguments, **more)

        return watching

    for slow in (claim_codes._slow, papers):
        monkeypatch.setattr(slow, "run", watched(slow))
    return done


@pytest.fixture
async def runtime(database_url: str, tmp_path: Any) -> Any:
    settings = Settings(_env_file=None, data_dir=tmp_path, public_url="https://pandu.example", simulator="on")  # type: ignore[call-arg]
    runtime = build_runtime(settings, database_url, "http://127.0.0.1:1", "t")
    yield runtime
    await runtime.database.close()


@pytest.fixture
async def number(runtime: Runtime, database: Database) -> str:
    async with database.session() as session:
        await session.execute(text("set local pandu.erasing = 'on'"))
        await session.execute(text("truncate applications, api_keys, api_requests cascade"))
        new = NewApplication("magetan-perluasan", reference="S/1", phones=["0812-3456-7890"])
        return (await add(register_of(runtime, session), new, "sari")).application.number


async def chat_of(runtime: Runtime, channel: str, address: str) -> Chat:
    async with runtime.database.session() as session:
        person = Conversation(channel=channel, address=address)
        session.add(person)
        await session.flush()
        chat = Chat(session, get_knowledge(), person.id)
    services = ActionServices(chat.knowledge, runtime.settings, runtime.database.session, chat._request)
    chat.executor = build_executor(services)
    return chat


async def test_in_chat(runtime: Runtime, number: str, slow_work: list[str]) -> None:
    owner = await chat_of(runtime, "whatsapp", "whatsapp:+6281234567890")
    assert "Tanda terima" in (await owner.say("tanda terima saya", "track_status")).text
    assert slow_work == ["_hash", "receipts"]
    said = await owner.say("hubungkan ke telegram saya", "track_status")
    code = next(word for word in said.text.replace("\n", " ").split() if word.startswith("KLAIM-")).strip(".,")
    other = await chat_of(runtime, "telegram", f"slow-{number}")
    assert "Berhasil" in (await other.say(code, "track_status")).text
    assert slow_work == ["_hash", "receipts", "_hash", "_hash"]
    async with runtime.database.session() as session:
        made = "select count(*) from claim_codes where from_conversation = :id or made_by = :by"
        given = {"id": owner.conversation, "by": f"conversation:{owner.conversation}"}
        assert (await session.execute(text(made), given)).scalar_one() == 2, "what was undone left nothing"


async def test_a_conversation_asks_only_so_often(runtime: Runtime, number: str, slow_work: list[str]) -> None:
    guesser = await chat_of(runtime, "telegram", f"guesser-{number}")
    for _ in range(8):
        await guesser.say(new_claim_code(), "track_status")
    assert len(slow_work) == 5, "after five wrong ones none is reckoned any more"
    owner = await chat_of(runtime, "whatsapp", "whatsapp:+6281234567891")
    async with runtime.database.session() as session:
        link = "insert into application_links (application_id, conversation_id, how) select id, :id, 'code'"
        await session.execute(text(f"{link} from applications"), {"id": owner.conversation})
    slow_work.clear()
    said = [
        (await owner.say("hubungkan ke telegram saya", "track_status")).text for _ in range(claim_codes.AN_HOUR + 2)
    ]
    assert [wording.BUSY in one for one in said] == [False] * claim_codes.AN_HOUR + [True] * 2


async def test_two_hundred_at_once_through_the_interface(
    runtime: Runtime, number: str, slow_work: list[str], database: Database
) -> None:
    async with database.session() as session:
        key = await keys.make(register_of(runtime, session), "sistem-lambat")
    app = create_app(runtime.settings, runtime)
    async with (
        runtime.jobs.open_async(),
        httpx.AsyncClient(
            transport=httpx.ASGITransport(app), base_url="http://t", headers={"Authorization": f"Bearer {key}"}
        ) as client,
    ):
        path = f"/api/v1/applications/{number}/claim-code"
        answers = await asyncio.gather(*(client.post(path) for _ in range(30)))
        statuses = [one.status_code for one in answers]
        assert set(statuses) == {201, 503}
        assert 1 <= statuses.count(201) <= 12
        assert (await client.post(path, headers={"Authorization": "Bearer pdk_salah"})).status_code == 401
        slow_work.clear()
        assert (await client.post("/api/v1/applications/PDU-2222-2222/claim-code")).status_code == 404
        assert slow_work == [], "nothing is reckoned for what is refused"
