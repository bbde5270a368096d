"""`pandu complaints`: what the staff see, and what they never see in a list."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from pathlib import Path
from xml.etree import ElementTree

import pytest
from sqlalchemy import select, text

from bot.commands.common import with_runtime
from bot.commands.work.complaints import report as counted
from bot.commands.work.complaints import show_list, show_one, submitted, watch
from bot.complaints.desk import Reports
from bot.complaints.models import Complaint
from bot.complaints.tracking import listing
from bot.conversations.models import Conversation, Outgoing
from bot.errors import CannotRun
from bot.knowledge.load import get_knowledge
from bot.settings import Settings
from bot.storage.database import Database

MANUSCRIPT = {"visibility": "rahasia", "name": "Siti", "contact": "0812", "office": "DPMPTSP Kabupaten Magetan"}


@pytest.fixture
def settings(database_url: str, tmp_path: Path) -> Settings:
    return Settings(_env_file=None, data_dir=tmp_path, database_url=database_url)


@pytest.fixture
async def report(database: Database) -> int:
    """A secret report in the staff's queue, and one that the citizen sends alone."""
    async with database.session() as session:
        await session.execute(text("truncate conversations, procrastinate_jobs cascade"))
        conversation = Conversation(channel="simulator", address="siti", profile_name="Siti")
        session.add(conversation)
        await session.flush()
        rows = [
            Complaint(
                conversation_id=conversation.id,
                status=status,
                step="",
                answers=MANUSCRIPT,
                title="Izin tidak kunjung terbit",
                body="Saya sudah menunggu.",
                route="delay",
                recipient="lapor",
                office="magetan",
                service="magetan-perluasan",
                confirmed_at=datetime.now(UTC) - timedelta(days=10),
            )
            for status in ("queued", "handed")
        ]
        session.add_all(rows)
        await session.flush()
        return rows[0].id


async def test_the_list_holds_no_words_and_no_names(
    settings: Settings, report: int, capsys: pytest.CaptureFixture[str]
) -> None:
    assert await with_runtime(settings, show_list, False) == 0
    out = capsys.readouterr().out
    assert "LATE" in out and "magetan-perluasan" in out and "rahasia" in out
    assert out.count("\n") == 1, "what the citizen sends alone is not the staff's"
    assert "Siti" not in out and "kunjung" not in out


async def test_one_report_to_copy(settings: Settings, report: int, capsys: pytest.CaptureFixture[str]) -> None:
    await with_runtime(settings, show_one, report)
    out = capsys.readouterr().out
    assert out.index("--- Judul\nIzin tidak kunjung terbit") < out.index("--- Isi laporan\nSaya sudah menunggu.")
    assert "--- Anonim atau Rahasia\nRahasia" in out and "--- Nama\nSiti" in out
    with pytest.raises(CannotRun, match="no report"):
        await with_runtime(settings, show_one, report + 1)


async def test_submitted_needs_a_possible_number_and_tells_the_citizen(
    settings: Settings, database: Database, report: int, capsys: pytest.CaptureFixture[str]
) -> None:
    for wrong in ("", "12", "abc", "081234567890", "00012345"):
        with pytest.raises(CannotRun, match="cannot be a tracking id"):
            await with_runtime(settings, submitted, report, wrong)
    assert await with_runtime(settings, submitted, report, "#1916449") == 0
    assert await with_runtime(settings, submitted, report, "1916449") == 0
    async with database.session() as session:
        row = await session.get(Complaint, report)
        told = (await session.execute(select(Outgoing.text))).scalars().all()
    assert row is not None and (row.status, row.tracking_id, row.submitted_by) == ("submitted", "1916449", "officer")
    assert len(told) == 1 and "1916449" in told[0] and "kunjung" not in told[0], "secret: its words stay out of news"


async def test_who_wants_no_news_hears_of_the_number_by_asking(
    settings: Settings, database: Database, report: int, capsys: pytest.CaptureFixture[str]
) -> None:
    async with database.session() as session:
        await session.execute(text("update conversations set no_news = 'asked'"))
    assert await with_runtime(settings, submitted, report, "1916449") == 0
    async with database.session() as session:
        row = await session.get_one(Complaint, report)
        assert (row.status, row.tracking_id) == ("submitted", "1916449")
        assert (await session.scalars(select(Outgoing))).all() == [], "an officer's news is news"
        desk = Reports(session, get_knowledge(), row.conversation_id, None, datetime.now(UTC), Path(), "Asia/Jakarta")
        assert any("1916449" in reply.text for reply in await listing(desk)), "an answer to one's own question goes on"


async def test_a_number_belongs_to_one_report(settings: Settings, database: Database, report: int) -> None:
    async with database.session() as session:
        other = await session.get(Complaint, report + 1)
        assert other is not None
        other.tracking_id, other.status, other.submitted_at = "1916449", "submitted", datetime.now(UTC)
    with pytest.raises(CannotRun, match="another report"):
        await with_runtime(settings, submitted, report, "1916449")


async def test_counts_as_table_and_csv(
    settings: Settings, report: int, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    await with_runtime(settings, counted, None)
    out = capsys.readouterr().out
    assert "magetan;magetan-perluasan;;delay;queued;1;0;0;" in out
    assert "Proses lama" in out and "█" in out
    await with_runtime(settings, counted, tmp_path / "laporan.csv", tmp_path / "sebab.svg")
    assert ElementTree.parse(tmp_path / "sebab.svg").getroot().tag.endswith("svg")
    table = (tmp_path / "laporan.csv").read_text()
    assert table.startswith("office;service;stage;cause") and "Siti" not in table and "kunjung" not in table


async def test_reminders_for_a_day_that_tests_choose(
    settings: Settings, report: int, capsys: pytest.CaptureFixture[str]
) -> None:
    day = (datetime.now(UTC) + timedelta(days=1)).date().isoformat()
    await with_runtime(settings, watch, day)
    await with_runtime(settings, watch, day)
    assert capsys.readouterr().out.splitlines() == ["2 reminders sent.", "0 reminders sent."]
    with pytest.raises(CannotRun, match="no date"):
        await with_runtime(settings, watch, "besok")
