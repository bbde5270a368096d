"""`pandu handoffs` on a real database: who waits, an officer's answer, back to the bot."""

from __future__ import annotations

from pathlib import Path

import pytest
from sqlalchemy import text

from bot.commands.common import database_url, with_runtime
from bot.commands.work.handoffs import close, reply, show
from bot.conversations.models import Conversation
from bot.errors import CannotRun
from bot.handoff.ownership.service import request_person
from bot.settings import Settings
from bot.storage.database import Database


@pytest.fixture
async def waiting(database: Database) -> int:
    """A conversation on the simulator that waits for a person."""
    async with database.session() as session:
        await session.execute(text("truncate conversations, handoffs, procrastinate_jobs cascade"))
        conversation = Conversation(channel="simulator", address="siti", profile_name="Siti")
        session.add(conversation)
        await session.flush()
        await request_person(session, conversation.id, "meminta petugas")
        return conversation.id


async def owner(database: Database, conversation: int) -> str:
    async with database.session() as session:
        found = await session.get(Conversation, conversation)
        assert found is not None
        return found.owner


async def test_an_officer_answers_and_gives_back(
    database: Database, database_url: str, waiting: int, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    settings = Settings(_env_file=None, data_dir=tmp_path, database_url=database_url)
    assert await with_runtime(settings, show) == 0
    assert "Siti: meminta petugas" in capsys.readouterr().out

    assert await with_runtime(settings, reply, waiting, "Selamat siang, dengan Rina dari DPMPTSP.") == 0
    assert await owner(database, waiting) == "officer"
    async with database.session() as session:
        sent = (await session.execute(text("select author, text from outgoing_messages order by id"))).all()
        jobs = (await session.execute(text("select task_name from procrastinate_jobs"))).scalars().all()
    assert [tuple(one) for one in sent] == [
        ("system", "Anda terhubung dengan petugas kantor."),
        ("officer", "Selamat siang, dengan Rina dari DPMPTSP."),
    ]
    assert set(jobs) == {"deliver"}

    assert await with_runtime(settings, close, waiting) == 0
    assert await owner(database, waiting) == "bot"
    capsys.readouterr()
    assert await with_runtime(settings, show) == 0
    assert capsys.readouterr().out == "Nobody waits for a person.\n"


@pytest.mark.parametrize(("work", "arguments"), [(reply, ("halo",)), (close, ())])
async def test_an_unknown_conversation(
    database_url: str, waiting: int, tmp_path: Path, work: object, arguments: tuple[str, ...]
) -> None:
    settings = Settings(_env_file=None, data_dir=tmp_path, database_url=database_url)
    with pytest.raises(CannotRun, match="no conversation"):
        await with_runtime(settings, work, waiting + 1, *arguments)


def test_without_a_database_it_says_what_to_type(tmp_path: Path) -> None:
    with pytest.raises(CannotRun, match="make run"):
        database_url(Settings(_env_file=None, data_dir=tmp_path))
