"""Single statements: quick, typed as the database has it, and not stopped by a server that was started again."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import psycopg
import pytest
from sqlalchemy import column, select, text, values

from bot.processes.postgres import EmbeddedPostgres
from bot.storage.database import DATABASE_ERRORS, Database, queue_pool


async def test_rows_have_names_and_types(database: Database) -> None:
    given = {"n": 3, "many": ["a", "b"], "doc": '{"x": [1]}', "none": None}
    (row,) = await database.run(
        text(
            "select :n + 1 as n, 'b' = any(:many) as hit, cast(:doc as jsonb) as doc, cast(:none as text) as none,"
            " '5%' as p"
        ),
        given,
    )
    assert (row.n, row.hit, row.doc, row.none, row.p) == (4, True, {"x": [1]}, None, "5%")
    assert await database.run(text("set application_name = 'x'")) == []


async def test_other_statements_take_the_long_way(database: Database) -> None:
    one = values(column("n"), name="v").data([(7,)])
    assert [row.n for row in await database.run(select(one))] == [7]


async def test_a_statement_is_a_transaction(database: Database) -> None:
    await database.run(text("create table if not exists single (n int primary key)"))
    try:
        await database.run(text("insert into single values (1)"))
        with pytest.raises(DATABASE_ERRORS):
            await database.run(text("insert into single values (2), (1)"))
        assert [row.n for row in await database.run(text("select n from single"))] == [1]
    finally:
        await database.run(text("drop table single"))


async def test_a_server_that_was_started_again_is_not_noticed(test_folder: Path) -> None:
    server = EmbeddedPostgres(test_folder / "again")
    database = Database(server.start())
    ask = text("select pg_postmaster_start_time() as at")
    try:
        (before,) = await database.run(ask)
        server.kill()
        with pytest.raises(psycopg.OperationalError):
            await database.run(ask)
        server.start()
        (after,) = await database.run(ask)
        assert after.at > before.at
    finally:
        await database.close()
        server.stop()


async def test_the_queues_notes_do_not_wait_for_the_disk_messages_do(database: Database, database_url: str) -> None:
    show = "select current_setting('synchronous_commit') as wait"
    assert (await database.run(text(show)))[0].wait == "on"
    async with queue_pool(conninfo=database_url, min_size=1, max_size=1) as pool, pool.connection() as connection:
        row: Any = await (await connection.execute(show)).fetchone()
        assert row[0] == "off"
        assert connection.autocommit
