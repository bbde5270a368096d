"""The waits of officers: the list, a search, a transcript, among 2,000 open conversations and 1,000,000 messages.

They are of 50 offices, whose officers each see one; the first officer sees all.

    python -m benchmarks.console [MESSAGES]

Makes a database of its own, fills it, prints one JSON object: milliseconds at p50 and p95 of each query, and what
storing a message costs with and without the search's index. Takes some minutes, most of them for filling.
"""

from __future__ import annotations

import asyncio
import json
import statistics
import sys
import tempfile
import time
from collections.abc import Awaitable, Callable
from datetime import UTC, datetime
from functools import partial
from pathlib import Path
from typing import Any

from sqlalchemy import text

from bot.conversations.runtime import Runtime
from bot.dialogue.client import Engine
from bot.handoff.reading.inbox import counts, inbox
from bot.handoff.reading.narrowing import InboxFilter
from bot.handoff.reading.packet import packet
from bot.handoff.reading.transcript import messages
from bot.knowledge.load import get_knowledge
from bot.processes.postgres import EmbeddedPostgres
from bot.settings import Settings
from bot.storage.database import Database
from bot.storage.events import Events
from bot.storage.migrate import migrate
from bot.tasks import make_jobs

MESSAGES = 1_000_000
PEOPLE = 50_000
OPEN = 2_000
RUNS = 60
STORED = 3_000

# From common to rare: the n-th word is in about one of n messages.
WORDS = (
    "izin syarat usaha biaya lama berapa kudus magetan perluasan industri akta otp masuk akun daftar dokumen petugas "
    "kantor verifikasi lapangan pariaman batik tembakau mebel gudang notaris limbah cerobong kretek genteng"
)
_OFFICE = "case n % 50 when 0 then 'kudus' when 1 then 'magetan' else 'kantor-' || n % 50 end"
_FILL = (
    f"""
    insert into officers (username, name, role, password_hash, offices)
    select 'petugas' || n, 'Petugas ' || n, 'officer', 'x', case when n > 1 then array[{_OFFICE}] else '{{}}' end
    from generate_series(1, 50) n
    """,  # noqa: S608
    f"""
    insert into conversations (channel, address, profile_name, last_incoming_at, owner, office)
    select case n % 3 when 0 then 'telegram' else 'whatsapp' end,
        case n % 3 when 0 then (5000000 + n)::text else 'whatsapp:+62812' || lpad(n::text, 8, '0') end,
        (array['Siti', 'Budi', 'Joko', 'Dewi', 'Agus', 'Rina', 'Wati', 'Eko'])[1 + n % 8] || ' '
            || (array['Rahmawati', 'Santoso', 'Wibowo', 'Lestari', 'Hidayat'])[1 + n % 5] || ' ' || n,
        now() - (n % 40) * interval '1 hour', 'bot', {_OFFICE}
    from generate_series(1, :people) n
    """,  # noqa: S608
    """
    insert into incoming_messages (conversation_id, channel, provider_id, kind, text, received_at, handled_at, outcome)
    select 1 + n % :people, 'whatsapp', 'm' || n, 'text',
        concat((select string_agg(word, ' ') from unnest(string_to_array(:words, ' ')) with ordinality w(word, place)
            where hashint8extended(n, place) % (place + 1) = 0), ' nomor ', n),
        now() - (:messages / 2 - n) * interval '1 second', now(), 'answered'
    from generate_series(1, :messages / 2) n
    """,
    """
    insert into outgoing_messages (conversation_id, author, text, status, created_at)
    select 1 + n % :people, case when n % 5 = 0 then 'officer' else 'bot' end,
        'Menurut standar pelayanan, syaratnya adalah sebagai berikut: nomor ' || n
            || case when n % 1000 = 0 then ' notaris' else '' end,
        'sent', now() - (:messages / 2 - n) * interval '1 second'
    from generate_series(1, :messages / 2) n
    """,
    """
    insert into incoming_messages (conversation_id, channel, provider_id, kind, text, received_at, handled_at)
    select 1, 'whatsapp', 'long' || n, 'text', 'pesan ' || n, now() - (5000 - n) * interval '1 minute', now()
    from generate_series(1, 5000) n
    """,
    f"""
    insert into handoffs (conversation_id, kind, reason, office, service, officer_id, created_at, queued_at, asked_at,
        owned_at, claimed_at, lease_until)
    select n, 'requested', 'Pemohon meminta petugas.', {_OFFICE}, 'kudus-iui',
        case when n % 4 = 0 then (select min(id) from officers) + (n + 49) % 50 end,
        now() - n % 900 * interval '1 minute', now() - n % 900 * interval '1 minute',
        now() - n % 900 * interval '1 minute',
        case when n % 4 = 0 then now() end, case when n % 4 = 0 then now() end,
        case when n % 4 = 0 then now() + interval '10 minutes' end
    from generate_series(1, :open) n
    """,  # noqa: S608
    """
    insert into handoffs (conversation_id, kind, reason, created_at, queued_at, claimed_at, closed_at, outcome)
    select :open + n, 'requested', 'x', now() - n * interval '1 minute', now() - n * interval '1 minute',
        now() - n * interval '1 minute' + interval '5 minutes', now() - n * interval '1 minute' + interval '1 hour',
        'closed'
    from generate_series(1, 20000) n
    """,
    """
    update conversations c set owner = case when h.officer_id is null then 'queue' else 'officer' end
    from handoffs h where h.conversation_id = c.id and h.closed_at is null
    """,
)
_TWO_TABLES = (
    "alter system set synchronous_commit = off",  # the disk's part is the same for both, and hides what is asked for
    "select pg_reload_conf()",
    "create table with_search (like incoming_messages including all)",
    "create table without_search (like incoming_messages including all)",
    "alter table without_search drop column words",
)
_STORE = """
insert into {table} (conversation_id, channel, provider_id, kind, text) values (1, 'whatsapp', :id, 'text', :words)
returning id
"""
QUERIES: dict[str, InboxFilter] = {
    "waiting": InboxFilter(),
    "waiting_page_20": InboxFilter(page=20),
    "waiting_filtered": InboxFilter(office="kudus", service="kudus-iui", reason="requested"),
    "mine": InboxFilter("mine", officer=1),
    "all": InboxFilter("all"),
    "closed": InboxFilter("closed"),
    "search_name": InboxFilter("all", search="siti rahma"),
    "search_number": InboxFilter("all", search="0812 00012345"),
    "search_common_word": InboxFilter("all", search="izin"),
    "search_half_common_word": InboxFilter("all", search="gudang"),
    "search_common_word_page_20": InboxFilter("all", search="izin", page=20),
    "search_common_word_closed": InboxFilter("closed", search="syarat"),
    "search_common_word_waiting": InboxFilter("waiting", search="gudang"),
    "search_common_words_that_seldom_meet": InboxFilter("all", search="kretek usaha"),
    "search_common_name_and_word": InboxFilter("all", search="siti"),
    "search_rare_words": InboxFilter("all", search="kretek genteng limbah"),
    "search_one_message": InboxFilter("all", search="nomor 123456"),
    "search_nothing": InboxFilter("all", search="zzzzz"),
    "search_waiting": InboxFilter("waiting", search="perluasan pengurusan"),
}


def main(total: int = MESSAGES) -> int:
    with tempfile.TemporaryDirectory(prefix="pandu-bench-") as folder:
        Path(folder).chmod(0o755)
        server = EmbeddedPostgres(Path(folder))
        url = server.start()
        try:
            print(json.dumps(asyncio.run(_measure(url, total)), indent=2))
        finally:
            server.stop()
    return 0


async def _measure(url: str, total: int) -> dict[str, Any]:
    await migrate(url)
    runtime = Runtime(Settings(), Database(url), make_jobs(url), Engine("http://127.0.0.1:1", ""), Events(url))
    await fill(runtime.database, total)
    found: dict[str, Any] = {"messages": total, "open": OPEN, "ms": {}}
    for name, wanted in QUERIES.items():
        found["ms"][name] = await _timed(runtime, partial(inbox, wanted=wanted, now=datetime.now(UTC)))
    found["ms"]["counts"] = await _timed(runtime, lambda session: counts(session, 1, datetime.now(UTC)))
    found["ms"]["transcript"] = await _timed(runtime, lambda session: messages(session, 4))
    found["ms"]["transcript_of_5000"] = await _timed(runtime, lambda session: messages(session, 1))
    knowledge = get_knowledge()
    found["ms"]["packet"] = await _timed(runtime, lambda session: packet(session, knowledge, 4))
    found["store_ms"] = await _stores(runtime.database)
    await runtime.database.close()
    return found


async def fill(database: Database, total: int) -> None:
    values = {"people": PEOPLE, "messages": total, "words": WORDS, "open": OPEN}
    for statement in _FILL:
        await database.run(text(statement), {name: value for name, value in values.items() if f":{name}" in statement})
    await database.run(text("vacuum analyze"))


async def _timed(runtime: Runtime, work: Callable[[Any], Awaitable[Any]]) -> dict[str, float]:
    """Milliseconds of one transaction each, after three that warm up."""
    took = []
    for _ in range(RUNS + 3):
        begin = time.perf_counter()
        async with runtime.database.session() as session:
            await work(session)
        took.append((time.perf_counter() - begin) * 1000)
    return summary(took[3:])


async def _stores(database: Database) -> dict[str, dict[str, float]]:
    """Storing a message and marking it handled, by turns in two tables that differ in the search's column and index."""
    for statement in _TWO_TABLES:
        await database.run(text(statement))
    words = WORDS.split()
    took: dict[str, list[float]] = {"with_search": [], "without_search": []}
    for number in range(STORED):
        for table, times in took.items():
            values = {"id": f"m{number}", "words": " ".join(words[number % 7 :: 3])}
            begin = time.perf_counter()
            (row,) = await database.run(text(_STORE.format(table=table)), values)
            await database.run(text(f"update {table} set handled_at = now() where id = {row.id}"))  # noqa: S608
            times.append((time.perf_counter() - begin) * 1000)
    return {name: summary(times) for name, times in took.items()}


def summary(took: list[float]) -> dict[str, float]:
    cuts = statistics.quantiles(took, n=20)
    return {"p50": round(statistics.median(took), 1), "p95": round(cuts[18], 1)}


if __name__ == "__main__":
    sys.exit(main(*map(int, sys.argv[1:])))
