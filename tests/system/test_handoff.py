"""The whole way through the running system: a person is asked for, claims, replies, sends a file, gives back."""

from __future__ import annotations

import asyncio
import time
import uuid
from collections.abc import Awaitable, Callable
from typing import Any

import httpx

from bot.commands.common import with_runtime
from bot.conversations.sent_files import Checked
from bot.handoff.answering.replying import Upload, reply
from bot.handoff.desk import Act
from bot.handoff.ownership.service import claim, give_back
from bot.handoff.reading.packet import packet
from bot.knowledge.load import get_knowledge
from bot.officers.models import Officer
from bot.settings import Settings
from tests.handoff.samples import PDF
from tests.helpers.system import Person, Running


def acts(running: Running, work: Callable[[Act], Awaitable[Any]]) -> Any:
    """Runs `work` as officer Rina on the running system's database, as the console would."""
    found: list[Any] = []

    async def inside(runtime: Any) -> int:
        async with runtime.database.session() as session:
            rina = Officer(username=f"rina-{uuid.uuid4().hex[:8]}", name="Rina", role="officer", password_hash="x")
            session.add(rina)
            await session.flush()
            found.append(await work(Act(session, runtime, rina)))
        return 0

    asyncio.run(with_runtime(Settings(_env_file=None, data_dir=running.folder), inside))  # type: ignore[call-arg]
    return found[0]


def chat(running: Running, person: Person) -> dict[str, Any]:
    answer = httpx.get(f"{running.url}/api/simulator/{person.name}/messages", timeout=60)
    found: dict[str, Any] = answer.json()
    return found


def shows(running: Running, person: Person, text: str) -> dict[str, Any]:
    """The first bubble that holds `text`, as soon as it is there."""
    deadline = time.monotonic() + 20
    while time.monotonic() < deadline:
        for one in chat(running, person)["messages"]:
            if one["direction"] == "out" and (text in one["text"] or text == (one["file"] or {}).get("name")):
                return dict(one)
        time.sleep(0.05)
    raise AssertionError(f"{text!r} did not come: {chat(running, person)}")


def test_from_the_bot_to_a_person_and_back(running: Running) -> None:
    person = Person(running.url)
    person.says("apa syarat izin usaha industri di kudus?")
    said = person.says("mau bicara dengan petugas")
    assert said["owner"] == "queue"
    assert "Anda urutan ke-" in person.heard() and "belum ada ukurannya" in person.heard()
    assert person.buttons() == ["Cek antrean", "Kembali ke Pandu"]
    assert person.taps("Cek antrean")["owner"] == "queue"
    assert "Anda urutan ke-" in person.heard()
    assert "teruskan ke petugas" in person.says("akta lama apa masih berlaku?")["replies"][0]["text"]

    file = Upload(Checked("contoh.pdf", "application/pdf", ".pdf", "document"), PDF)

    async def takes(desk: Act) -> tuple[int, Any, int]:
        from sqlalchemy import select

        from bot.conversations.models import Conversation

        query = select(Conversation.id).where(Conversation.address == person.name)
        conversation = (await desk.session.execute(query)).scalar_one()
        await claim(desk, conversation)
        lines = await packet(desk.session, get_knowledge(), conversation)
        await reply(desk, conversation, "Selamat siang, aktanya masih berlaku.", [file])
        assert desk.officer is not None
        return conversation, lines, desk.officer.id

    conversation, lines, rina = acts(running, takes)
    assert "Kudus" in lines.about and "akta lama" in lines.asked and "Syarat izin" in lines.tried
    assert shows(running, person, "Anda terhubung dengan petugas Rina.")
    assert shows(running, person, "Selamat siang, aktanya masih berlaku.")["author"] == "officer"
    arrived = shows(running, person, "contoh.pdf")["file"]
    assert httpx.get(f"{running.url}{arrived['url']}", timeout=60).content == PDF
    silent = person.says("baik, terima kasih bu")
    assert (silent["owner"], silent["replies"]) == ("officer", [])

    async def returns(desk: Act) -> None:
        before = await desk.session.get_one(Officer, rina)
        await give_back(Act(desk.session, desk.runtime, before), conversation)

    acts(running, returns)
    assert shows(running, person, "kembali terhubung dengan Pandu untuk ")
    assert chat(running, person)["owner"] == "bot"
    said = person.says("kalau biayanya berapa?")
    assert said["owner"] == "bot"
    assert person.heard().startswith("Melanjutkan percakapan Anda dengan petugas Rina soal ")
    assert "Kudus" in person.heard(), "it goes on with the service at hand"
    assert "petugas Rina" not in person.says("lama prosesnya?")["replies"][0]["text"]


def test_three_misunderstandings_lead_to_a_person(running: Running) -> None:
    person = Person(running.url)
    person.says("halo")
    for words in ("qwxz vbnk plmo", "zzkq wwrt", "xxqp lkjh mnbv"):
        last = person.says(words)
    assert last["owner"] == "queue", person.heard()
    assert "Anda urutan ke-" in person.heard()
    assert person.taps("Kembali ke Pandu")["owner"] == "bot"
