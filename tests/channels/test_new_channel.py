"""A channel that nobody has heard of: its own folder says all that the rest of the program needs to know."""

from __future__ import annotations

import logging
import re
from collections.abc import AsyncIterator
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from pathlib import Path

import httpx
import pytest
from fastapi import APIRouter, FastAPI, Request, Response
from sqlalchemy import delete, select
from sqlalchemy.ext.asyncio import AsyncSession

from bot import refusals
from bot.app import build_runtime, create_app
from bot.applications.access import audience, mine
from bot.applications.service import NewApplication, Register, add
from bot.channels.advice import advice
from bot.channels.all import ALL, kind_of
from bot.channels.base import Channel, PermanentSendError, Receive
from bot.channels.kind import ChannelKind, Wires
from bot.commands.work.doctor import examine
from bot.commands.work.doctor_fix import mend
from bot.conversations import turn
from bot.conversations.models import Conversation, Outgoing
from bot.conversations.runtime import Runtime
from bot.finding import Finding
from bot.handoff.reading.packet import packet
from bot.handoff.window import window_left
from bot.knowledge.load import get_knowledge
from bot.messages import Attachment, IncomingMessage, OutgoingMessage
from bot.processes.logs import set_up_logs
from bot.processes.settings_check import problems
from bot.processes.welcome import welcome
from bot.settings import ROOT, Settings
from bot.storage.database import Database
from tests.helpers.engine import TOKEN, StandInEngine
from tests.helpers.hiring import PASSWORD, hire

NUMBER = "+6281230004455"


@dataclass
class PigeonChannel:
    """Letters: a loft calls us with those that came, and takes ours."""

    receive: Receive
    carried: list[OutgoingMessage] = field(default_factory=list)
    name = "pigeon"
    has_provider = True
    max_text = 40
    messages_per_second = 1000.0
    seconds_per_chat = 0.0

    async def start(self) -> None: ...

    async def stop(self) -> None: ...

    async def typing(self, address: str, message: str = "") -> None: ...

    async def send(self, message: OutgoingMessage) -> str:
        self.carried.append(message)
        return f"ring-{message.id}"

    async def fetch(self, attachment: Attachment, limit: int) -> bytes:
        raise PermanentSendError("no_files", "Merpati tidak membawa berkas.")

    def router(self) -> APIRouter:
        router = APIRouter()

        @router.post("/webhooks/pigeon")
        async def landed(request: Request) -> Response:
            letter = await request.json()
            if letter["ring"] != "gold":
                refusals.refuse(self.name, "wrong ring")
                return Response(status_code=403)
            await self.receive(IncomingMessage(self.name, letter["from"], letter["id"], "text", letter["text"]))
            return Response()

        return router


class Pigeon(ChannelKind):
    """What its folder would say."""

    name = "pigeon"
    title = "Merpati"
    icon = "mail"
    tone = "calm"
    address_called = "nomor kandang"
    carriers = "Merpati (melalui kandang)"
    number_prefix = "pigeon:"
    window = timedelta(hours=6)
    libraries = ("pigeonry",)
    advice = {"wrong ring": "Messages may be lost. Give the pigeons their rings back."}  # noqa: RUF012

    def is_on(self, settings: Settings) -> bool:
        return True

    def connect(self, wires: Wires) -> Channel:
        return PigeonChannel(wires.receive)

    def problems(self, settings: Settings) -> list[str]:
        return ["The loft has no door."]

    def to_do(self, code: str) -> str:
        return "Feed the pigeons." if code == "hungry" else ""

    async def mend(self, settings: Settings, client: httpx.AsyncClient) -> list[str]:
        return ["a hole in the loft is closed"]

    def how(self, settings: Settings) -> str:
        return "on, by air"

    async def check(self, settings: Settings, client: httpx.AsyncClient) -> Finding:
        return Finding(self.name, "ok", "12 pigeons in the loft")


@pytest.fixture(autouse=True)
def pigeon(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setitem(ALL, "pigeon", Pigeon())
    monkeypatch.setattr("bot.refusals.ADVICE", dict(refusals.ADVICE))


@pytest.fixture
def settings(tmp_path: Path) -> Settings:
    return Settings(_env_file=None, data_dir=tmp_path, port=1, engine_token=TOKEN)


@pytest.fixture
async def runtime(settings: Settings, database_url: str, database: Database) -> AsyncIterator[Runtime]:
    engine = StandInEngine()
    await engine.start()
    runtime = build_runtime(settings, database_url, engine.url, TOKEN)
    async with runtime.jobs.open_async():
        yield runtime
    await runtime.engine.close()
    await runtime.database.close()
    await engine.stop()
    async with database.session() as session:
        await session.execute(delete(Conversation).where(Conversation.channel == "pigeon"))


def browser(app: FastAPI) -> httpx.AsyncClient:
    same = {"sec-fetch-site": "same-origin"}
    return httpx.AsyncClient(transport=httpx.ASGITransport(app), base_url="http://pandu.test", headers=same)


async def test_a_message_walks_through(settings: Settings, runtime: Runtime, database: Database) -> None:
    app = create_app(settings, runtime)
    letter = {"ring": "gold", "from": f"pigeon:{NUMBER}", "id": "letter-1", "text": "menu, dan kabar panjang sekali"}
    async with browser(app) as loft:
        assert (await loft.post("/webhooks/pigeon", json=letter | {"ring": "tin"})).status_code == 403
        assert (await loft.post("/webhooks/pigeon", json=letter)).status_code == 200
    async with database.session() as session:
        query = select(Conversation).where(Conversation.channel == "pigeon")
        conversation = (await session.scalars(query)).one()
    await turn.take_turn(runtime, conversation.id)

    channel = runtime.channels["pigeon"]
    assert isinstance(channel, PigeonChannel)
    assert "jawaban: menu" in " ".join(one.text for one in channel.carried)
    assert max(len(one.text) for one in channel.carried) <= channel.max_text
    assert [button.title for button in channel.carried[-1].buttons] == ["Biaya"]
    async with database.session() as session:
        sent = (await session.scalars(select(Outgoing).where(Outgoing.conversation_id == conversation.id))).all()
        assert {one.status for one in sent} == {"sent"}
        assert (await packet(session, get_knowledge(), conversation.id)).who.endswith("Merpati, +62•••4455")


async def test_officers_see_where_somebody_writes_from(
    settings: Settings, runtime: Runtime, database: Database
) -> None:
    app = create_app(settings, runtime)
    now = datetime.now(UTC)
    async with database.session() as session:
        officer = await hire(session, "loft-keeper", "Sari Contoh", "officer")
        conversation = Conversation(channel="pigeon", address=f"pigeon:{NUMBER}", last_incoming_at=now)
        session.add(conversation)
        await session.flush()
    async with browser(app) as client:
        await client.post("/console/sign-in", data={"username": officer.username, "password": PASSWORD})
        page = (await client.get(f"/console/conversations/{conversation.id}", follow_redirects=True)).text
        privacy = (await client.get("/privasi")).text
    assert 'class="channel calm" title="Merpati"' in page
    assert "Jendela 6 jam Merpati" in page
    assert "nomor kandang" in privacy
    assert "Merpati (melalui kandang)" in privacy


async def test_the_number_opens_its_applications(session: AsyncSession) -> None:
    register = Register(session, get_knowledge())
    writer = Conversation(channel="pigeon", address=f"pigeon:{NUMBER}")
    other = Conversation(channel="telegram", address=NUMBER)
    session.add_all([writer, other])
    application = (await add(register, NewApplication("magetan-perluasan", phones=[NUMBER]), "sari")).application
    assert [one.id for one in await mine(register, writer.id)] == [application.id]
    assert await mine(register, other.id) == []
    assert await audience(register, [application.id]) == [(application.id, writer.id)]


async def test_technicians_are_told(settings: Settings, runtime: Runtime) -> None:
    create_app(settings, runtime)
    set_up_logs("info")
    findings = {finding.subject: finding.found for finding in await examine(settings)}
    assert findings["pigeon"] == "12 pigeons in the loft"
    assert "  Merpati     on, by air" in welcome(settings, "all", "http://127.0.0.1:1", 1.0)
    assert "The loft has no door." in problems(settings)
    assert "a hole in the loft is closed" in await mend(settings)
    assert advice("pigeon", "hungry") == "Feed the pigeons."
    assert logging.getLogger("pigeonry").level == logging.WARNING


async def test_the_alarm_knows_what_to_do(settings: Settings, runtime: Runtime) -> None:
    create_app(settings, runtime)
    assert refusals.ADVICE["pigeon", "wrong ring"].endswith("their rings back.")


def test_the_window() -> None:
    now = datetime.now(UTC)
    assert window_left("pigeon", now - timedelta(hours=5), now) == timedelta(hours=1)
    assert window_left("pigeon", now - timedelta(hours=7), now) == timedelta(0)


def test_a_channel_that_is_gone_has_a_name_still() -> None:
    gone = kind_of("semaphore")
    assert (gone.title, gone.window, gone.number_of("+62811")) == ("semaphore", None, "")


NAMES = re.compile(r"telegram|whatsapp|twilio|[\"']simulator[\"']", re.IGNORECASE)
AT_HOME = ("bot/channels/", "bot/settings.py", "bot/tables.py")
"""A channel's folder, its settings, and its tables in the composition root."""
ELSEWHERE = {
    "bot/answers/contacts.py": "offices publish WhatsApp numbers; a kind of contact in knowledge/",
    "actions/applications.py": "a word by which people ask for another chat of theirs to see their applications",
    "bot/applications/reading.py": "a column of an office's list may be called so",
    "bot/commands/applications.py": "a technician's help text, of a channel that knows numbers",
    "bot/commands/main.py": "the program's one sentence about itself in a terminal",
    "bot/console/imports.py": "a column of an office's list may be called so",
    "bot/console/templates/trial.html": "how officers are told to write a question: as people do",
    "bot/console/templates/standards-help.html": "a page's one line on where an answer is read",
    "bot/hearing/signs.py": "a word by which people ask for a contact",
    "bot/knowledge/models.py": "a kind of contact in knowledge/",
    "bot/masking/": "a word before a one-time code; a spelling that is kept",
    "bot/simulator/static/flavours.css": "the looks of two chat programs that the simulator imitates",
    "bot/simulator/static/simulator.js": "the looks that the simulator imitates",
    "bot/simulator/static/view.js": "the looks that the simulator imitates",
    "bot/simulator/templates/simulator.html": "the looks that the simulator imitates",
    "bot/standards/": "a kind of contact that a service standard names",
    "bot/storage/migrations/versions/": "what the tables were",
}


def test_channels_are_named_nowhere_else() -> None:
    files = [
        path.relative_to(ROOT).as_posix()
        for part in ("bot", "actions")
        for path in (ROOT / part).rglob("*")
        if path.suffix in {".py", ".html", ".css", ".js"} and "node_modules" not in path.parts
    ]
    named = {file for file in files if NAMES.search((ROOT / file).read_text()) and not file.startswith(AT_HOME)}
    known = {place for place in ELSEWHERE for file in named if file.startswith(place)}
    assert {file for file in named if not file.startswith(tuple(ELSEWHERE))} == set()
    assert known == set(ELSEWHERE), "an exception that is needed no more"
