"""`pandu kbli`: the classification from the command line."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

from bot.answers.kbli import say
from bot.errors import CannotRun
from bot.kbli import importing
from bot.kbli.classification import newest_imports
from bot.knowledge.trades import get_table
from bot.sheets import Unreadable

if TYPE_CHECKING:
    from bot.conversations.runtime import Runtime


async def import_file(runtime: Runtime, file: Path, by: str, edition: int | None) -> int:
    """Import a file and tell what it held. 0 when it was taken."""
    async with runtime.database.session() as session:
        try:
            report = await importing.import_file(session, file, by, edition)
        except (importing.NotAClassification, Unreadable) as error:
            raise CannotRun(f"{file.name}: {error}. Nothing was written.") from None
    for part, rows in report.parts.items():
        print(f"{part}: {rows} rows, in place of those before")
    if report.skipped:
        print(f"{report.skipped} rows of categories and groups were left out")
    return 0


async def status(runtime: Runtime) -> int:
    table = get_table()
    print(f"everyday trades: {len(table.trades)}, with {len(table.codes)} codes (knowledge/trades)")
    async with runtime.database.session() as session:
        rows = await newest_imports(session)
    for row in rows:
        print(f"{row.part}: {row.rows} rows from {row.file_name}, {row.imported_at:%Y-%m-%d %H:%M}, {row.imported_by}")
    if not rows:
        print("nothing imported: the everyday trades answer by themselves")
    return 0


async def find(runtime: Runtime, text: str) -> int:
    print(say.answer(text, {}, await runtime.classification()).text)
    return 0
