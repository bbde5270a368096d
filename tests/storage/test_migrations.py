"""Migrations of rows that are there already."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator

import psycopg
import pytest
from alembic import command

from bot.storage.migrate import alembic_config, migrate
from tests.helpers.databases import fresh_database


@pytest.fixture(scope="module")
async def old_url(database_url: str) -> str:
    """A database of its own."""
    return await fresh_database(database_url, "migrations")


@pytest.fixture
async def before_private(old_url: str) -> AsyncIterator[psycopg.AsyncConnection]:
    await asyncio.to_thread(command.downgrade, alembic_config(old_url), "0010_proof")
    async with await psycopg.AsyncConnection.connect(old_url, autocommit=True) as connection:
        yield connection


async def test_what_was_learned_goes_and_words_of_reports_are_marked(
    before_private: psycopg.AsyncConnection, old_url: str
) -> None:
    await before_private.execute("""
        insert into conversations (id, channel, address) overriding system value
        values (1, 'telegram', '1'), (2, 'telegram', '2');
        insert into incoming_messages (id, conversation_id, channel, provider_id, kind, text, received_at, outcome)
        overriding system value
        select id, 1, 'telegram', id::text, 'text', 'pesan', now() - make_interval(mins => 100 - id),
            case when id = 4 then 'for_officer' else 'answered' end
        from generate_series(1, 7) id;
        insert into complaints (id, conversation_id, status, step, title, body, hides, created_at, confirmed_at)
        overriding system value
        values (9, 1, 'ready', '', 'x', 'x', true, now() - interval '97 minutes', now() - interval '95 minutes');
        insert into complaint_parts (complaint_id, message_id, text) values (9, 1, 'x');
        insert into unknown_messages (message_id, person, text, reason, understood, written_at, label)
        values (1, 'p', 'rahasia', 'asked_back', '{}', now(), 'ask_cost');
    """)
    await migrate(old_url)
    rows = await before_private.execute("select id from incoming_messages where report_id = 9 order by id")
    assert [row[0] for row in await rows.fetchall()] == [1, 3, 5]
    kept = await (await before_private.execute("select count(*) from unknown_messages")).fetchone()
    assert kept == (0,)
    shown = await before_private.execute("select id from staff_incoming where not withheld")
    assert [row[0] for row in await shown.fetchall()] == [4]
