"""`pandu knowledge export`, `import` and `due` on a real database."""

from __future__ import annotations

from collections.abc import AsyncIterator
from datetime import date, timedelta
from pathlib import Path

import pytest
from sqlalchemy import delete, update

from bot.app import build_runtime
from bot.commands.work.knowledge import due, export, take_in
from bot.conversations.runtime import Runtime
from bot.errors import CannotRun
from bot.knowledge.entries import write_folder
from bot.knowledge.publications import Publication, PublishedEntry
from bot.settings import Settings
from tests.knowledge.sukaraja import entries


@pytest.fixture
async def runtime(database_url: str, tmp_path: Path) -> AsyncIterator[Runtime]:
    settings = Settings(_env_file=None, data_dir=tmp_path, engine_token="t")
    runtime = build_runtime(settings, database_url, "http://127.0.0.1:1", "t")
    yield runtime
    async with runtime.database.session() as session:
        for table in (PublishedEntry, Publication):
            await session.execute(delete(table))
    await runtime.database.close()


def _contents(folder: Path) -> dict[str, str]:
    return {str(path.relative_to(folder)): path.read_text("utf-8") for path in folder.rglob("*") if path.is_file()}


async def test_what_one_office_exports_another_imports(runtime: Runtime, tmp_path: Path) -> None:
    shipped, written = tmp_path / "shipped", tmp_path / "written"
    write_folder(shipped, entries())
    assert await take_in(runtime, shipped, "dewi", "kiriman", "") == 0
    assert await export(runtime, written) == 0
    assert _contents(written) == _contents(shipped)


async def test_a_folder_with_a_fault_changes_nothing(
    runtime: Runtime, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    shipped = tmp_path / "shipped"
    write_folder(shipped, entries())
    file = shipped / "services" / "sukaraja-reklame.yaml"
    file.write_text(file.read_text("utf-8").replace("0299-555777", "0299-555778"), "utf-8")
    assert await take_in(runtime, shipped, "dewi", "kiriman", "") == 1
    assert "0299-555778 does not occur in SUKARAJA1" in capsys.readouterr().out
    await export(runtime, tmp_path / "written")
    assert capsys.readouterr().out == "0 files\n"
    with pytest.raises(CannotRun):
        await take_in(runtime, tmp_path / "nowhere", "dewi", "kiriman", "")


async def test_what_is_due_is_told(runtime: Runtime, tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    await due(runtime)
    assert capsys.readouterr().out == "Nothing is due.\n"
    write_folder(tmp_path / "shipped", entries())
    await take_in(runtime, tmp_path / "shipped", "dewi", "kiriman", "")
    capsys.readouterr()
    async with runtime.database.session() as session:
        await session.execute(update(Publication).values(review_on=date.today() - timedelta(days=2)))
    await due(runtime)
    assert "(kiriman): to be reviewed since" in capsys.readouterr().out
