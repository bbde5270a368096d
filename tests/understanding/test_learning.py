"""Messages that were not understood: kept masked, grouped by meaning, labelled, exported."""

from __future__ import annotations

import asyncio
import math
import subprocess
from pathlib import Path
from typing import Any

import pytest
import yaml
from sqlalchemy import delete, select, text, update
from sqlalchemy.ext.asyncio import AsyncSession

from bot.commands.common import with_runtime
from bot.commands.work.unknown import export, label, show
from bot.conversations.models import Conversation, Incoming
from bot.errors import CannotRun
from bot.settings import ROOT, Settings
from bot.storage.database import Database
from bot.understanding import service
from bot.understanding.clusters import centre_of, group
from bot.understanding.collect import SIGNAL, add_vectors, collect, pack, unpack, waiting
from bot.understanding.models import UnknownMessage

KEY = "kunci-uji"


class Record:
    """Writes messages as handled turns leave them."""

    def __init__(self, session: AsyncSession) -> None:
        self.session = session
        self.people: dict[str, Conversation] = {}
        self.count = 0

    async def said(self, who: str, words: str, intent: str | None, confidence: float = 0.3, **more: Any) -> None:
        person = self.people.get(who)
        if person is None:
            person = self.people[who] = Conversation(channel="simulator", address=who)
            self.session.add(person)
            await self.session.flush()
        self.count += 1
        ranking = [{"name": "ask_cost", "confidence": 0.3}]
        understood = {"intent": intent, "confidence": confidence, "ranking": ranking, "family": "x"} if intent else None
        fields = {"kind": "text", "outcome": "answered", **more}
        self.session.add(
            Incoming(
                conversation_id=person.id, channel="simulator", provider_id=f"r{self.count}", text=words,
                understood=understood, **fields,
            )
        )  # fmt: skip
        await self.session.flush()


@pytest.fixture
async def record(session: AsyncSession) -> Record:
    """Begins with no conversation at all (within this test's transaction): others leave theirs behind."""
    await session.execute(delete(Conversation))
    await session.execute(delete(UnknownMessage))
    return Record(session)


async def kept(session: AsyncSession) -> list[UnknownMessage]:
    query = select(UnknownMessage).order_by(UnknownMessage.id).execution_options(populate_existing=True)
    return list((await session.execute(query)).scalars())


async def test_what_was_not_understood_is_kept_masked_once(session: AsyncSession, record: Record) -> None:
    await record.said("a", "nama saya Siti Aminah, hp 081234567890, kulo mboten mudheng", "nlu_fallback")
    await record.said("a", "berapa biayanya", "ask_cost", 0.9)
    await record.said("b", "bansos kapan cair", "out_of_scope", 0.8)
    assert await collect(session, KEY) == 2
    assert await collect(session, KEY) == 0
    rows = await kept(session)
    assert [(row.text, row.reason) for row in rows] == [
        ("nama saya [nama], hp [telepon], kulo mboten mudheng", "asked_back"),
        ("bansos kapan cair", "out_of_scope"),
    ]
    assert rows[0].understood["ranking"] == [{"name": "ask_cost", "confidence": 0.3}]
    assert rows[0].person != rows[1].person
    assert "simulator" not in rows[0].person
    assert await waiting(session) == 2


async def test_nothing_of_a_conversation_that_a_person_has(session: AsyncSession, record: Record) -> None:
    await record.said("a", "ditulis kepada petugas", None, outcome="for_officer")
    await record.said("b", "belum dipahami", "nlu_fallback")
    await session.execute(update(Conversation).values(owner="officer"))
    assert await collect(session, KEY) == 0
    await session.execute(update(Conversation).values(owner="bot"))
    assert await collect(session, KEY) == 1
    assert [row.text for row in await kept(session)] == ["belum dipahami"]


async def test_the_choice_after_asking_back_is_what_was_meant(session: AsyncSession, record: Record) -> None:
    await record.said("a", "syrt opo wae", "nlu_fallback")
    await record.said("a", "", "ask_requirements", 1.0, kind="payload")
    await record.said("b", "pira regane", "nlu_fallback")
    await record.said("b", "berapa biayanya", "ask_cost", 0.9)
    await record.said("c", "anu kae lho", "nlu_fallback")
    await record.said("c", "menu", "show_menu", 0.9)
    await record.said("d", "embuh wis", "nlu_fallback")
    await record.said("d", "syarat?", "ask_requirements", 0.45)
    await collect(session, KEY)
    assert [(row.chosen, row.chosen_by) for row in await kept(session)] == [
        ("ask_requirements", "button"),
        ("ask_cost", "rephrased"),
        (None, None),
        (None, None),
    ]


async def test_a_correction_tells_of_the_message_before(session: AsyncSession, record: Record) -> None:
    await record.said("a", "ngurus nib piro", "ask_procedure", 0.8)
    await record.said("a", "bukan, maksud saya biayanya berapa", "ask_cost", 0.9)
    await collect(session, KEY)
    rows = await kept(session)
    assert [(row.text, row.reason, row.chosen) for row in rows] == [("ngurus nib piro", "corrected", "ask_cost")]


async def test_the_record_is_read_by_its_index(session: AsyncSession) -> None:
    """The migration and the query say the condition in the same words; otherwise PostgreSQL would read everything."""
    await session.execute(text("set local enable_seqscan = off"))
    query = f"explain select m.id from incoming_messages m where {SIGNAL} and m.received_at > now() - interval '2 days'"
    plan = "\n".join((await session.execute(text(query))).scalars())
    assert "ix_incoming_messages_not_understood" in plan, plan


async def test_it_goes_with_the_message(session: AsyncSession, record: Record) -> None:
    await record.said("a", "tidak jelas", "nlu_fallback")
    await collect(session, KEY)
    assert await waiting(session) == 1
    await session.execute(text("delete from incoming_messages"))
    assert await waiting(session) == 0


class Meanings:
    """An engine whose vectors are two directions."""

    async def vectors(self, texts: list[str]) -> list[list[float]]:
        return [[1.0, 0.0] if "otp" in one else [0.0, 1.0] for one in texts]


async def test_groups_count_people_and_are_labelled_together(session: AsyncSession, record: Record) -> None:
    for who, words in (("a", "otp gaib"), ("a", "otp raib"), ("b", "otp ilang"), ("c", "numpang"), ("c", "numpang!")):
        await record.said(who, words, "nlu_fallback")
    await collect(session, KEY)
    assert await add_vectors(session, Meanings()) == 5  # type: ignore[arg-type]
    assert await add_vectors(session, Meanings()) == 0  # type: ignore[arg-type]
    first, second = await service.groups(session)
    assert (first.people, first.messages, set(first.texts)) == (2, 3, {"otp gaib", "otp raib", "otp ilang"})
    assert (second.people, second.messages, first.guess, first.chosen) == (1, 2, "ask_cost", False)
    assert await service.label(session, second.id, service.NOTHING) == 2
    assert await service.label(session, first.members[0], "otp_not_received", alone=True) == 1
    assert await service.label(session, first.members[1], "otp_not_received") == 2
    assert await service.groups(session) == []
    exported = yaml.safe_load(await service.export(session))
    assert exported["nlu"] == [{"intent": "otp_not_received", "examples": "- otp gaib\n- otp raib\n- otp ilang\n"}]


@pytest.mark.parametrize(("number", "intent"), [(1, "tidak_ada"), (1, "nlu_fallback"), (10**9, "ask_cost")])
async def test_a_wrong_label_is_refused(session: AsyncSession, number: int, intent: str) -> None:
    with pytest.raises(service.UnknownLabel):
        await service.label(session, number, intent)


def test_an_example_is_one_harmless_line() -> None:
    odd = "- nik [NIK]\nsaya {x}[y](z) /restart | \\ [nama]"
    assert service.as_example(odd) == "nik xxxx saya x y (z) /restart xxxx"


async def test_rasa_reads_the_export(session: AsyncSession, record: Record, tmp_path: Path) -> None:
    for words in (
        "a: b # c",
        "'petik \"ganda",
        "%x & *y",
        "[p](q){r}",
        "nama saya Budi Santoso",
        "@admin: > baris\nbaru",
    ):
        await record.said("a", words, "nlu_fallback")
    await collect(session, KEY)
    for row in await kept(session):
        await service.label(session, row.id, "ask_cost", alone=True)
    file = tmp_path / "learned.yml"
    file.write_text(await service.export(session), "utf-8")
    read = (
        "import sys, json\n"
        "from rasa.shared.nlu.training_data.loading import load_data\n"
        "found = load_data(sys.argv[1])\n"
        "print(json.dumps([[one.get('text'), one.get('intent'), len(one.get('entities') or [])] "
        "for one in found.intent_examples]))\n"
    )
    lean = "from engine import lean_imports; lean_imports.install()\n"
    python = str(ROOT / "engine" / ".venv" / "bin" / "python")
    command = [python, "-W", "ignore", "-c", lean + read, str(file)]
    done = await asyncio.to_thread(subprocess.run, command, cwd=ROOT, capture_output=True, text=True, check=True)
    found = yaml.safe_load(done.stdout.strip().splitlines()[-1])
    assert len(found) == 6
    assert {(intent, entities) for _, intent, entities in found} == {("ask_cost", 0)}


def test_groups_are_the_same_every_time() -> None:
    vectors = [[math.cos(angle), math.sin(angle)] for angle in (0, 0.2, 2.0, 0.1, 2.1, 4.5)]
    assert group(vectors, range(6)) == [[0, 1, 3], [2, 4], [5]] == group(vectors, range(6))
    assert group([None, None, None], ["x", "y", "x"]) == [[0, 2], [1]]
    assert centre_of([vectors[0], vectors[3], vectors[1]]) == 1
    assert centre_of([None, None]) == 0
    assert unpack(pack([0.5, -1.0])) == [0.5, -1.0]


async def test_the_command_line(
    database: Database, database_url: str, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    async with database.session() as session:
        await session.execute(text("truncate conversations, incoming_messages, unknown_messages cascade"))
        await Record(session).said("a", "nik saya [NIK] piye iki", "nlu_fallback")
    settings = Settings(_env_file=None, data_dir=tmp_path, database_url=database_url)
    with pytest.raises(CannotRun, match="Nothing is labelled"):
        await with_runtime(settings, export, None)
    assert await with_runtime(settings, show, 20) == 0
    line = capsys.readouterr().out.splitlines()[0]
    assert "1 people" in line
    number = int(line.split()[0])
    with pytest.raises(CannotRun, match="no intent"):
        await with_runtime(settings, label, number, "x", False)
    assert await with_runtime(settings, label, number, "nik_already_registered", False) == 0
    file = tmp_path / "learned.yml"
    assert await with_runtime(settings, export, file) == 0
    assert "    - nik saya xxxx piye iki\n" in file.read_text()
