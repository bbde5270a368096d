"""The measurements, part by part. Every part is bounded in time and returns plain numbers."""

from __future__ import annotations

import asyncio
import time
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import psycopg

from benchmarks.load import (
    DIALOGUE,
    Ask,
    Measured,
    alternately,
    ask_pandu,
    at_rate,
    rasa_sender,
    saturate,
    send_whatsapp,
)
from benchmarks.systems import System, pandu, pandu_in_parts, stand_in

RATES = (2.0, 5.0, 10.0, 20.0)  # messages a second
PEOPLE = 16
WEBHOOKS = 100.0  # a second
CHATS = 2_000
LONG = 5_000  # messages
ACCOUNT, AUTH, SENDER = "AC" + "0" * 32, "auth-token-of-the-benchmark", "whatsapp:+14155238886"


@dataclass(frozen=True, slots=True)
class Size:
    """How long and how much."""

    seconds: float = 30.0  # of each measurement under load
    rounds: int = 40  # questions in each of two conversations
    copies: tuple[int, ...] = (1, 2, 4)  # engines and workers
    stored: tuple[int, ...] = (10_000, 1_000_000)  # messages


QUICK = Size(seconds=8.0, rounds=15, copies=(1, 2), stored=(10_000, 100_000))


async def saturation(system: System, ask: Ask, size: Size) -> dict[str, Any]:
    """As fast as it answers, with what that costs."""
    before, memory = system.cpu_seconds(), system.memory()
    full = await saturate(ask, PEOPLE, size.seconds)
    after = system.cpu_seconds()
    cpu = {part: round((after[part] - before[part]) / full.turns * 1000, 1) for part in after}
    return {
        "saturation": full.summary(),
        "cpu_seconds_per_1000_turns": round(sum(cpu.values()), 1),
        "cpu_by_part": cpu,
        "memory": system.memory(),
        "memory_before": memory,
    }


async def rates(system: System, ask: Ask, size: Size) -> dict[str, Any]:
    """Latency where messages come at random moments, so many a second on average, answered or not."""
    found = {}
    for rate in RATES:
        found[f"{rate:g}"] = (await at_rate(ask, rate, size.seconds)).summary()
    return {"rates": found}


def webhooks(folder: Path, models: Path, size: Size) -> dict[str, Any]:
    """How long a provider waits for its 200, with 100 signed webhooks a second: turns and sends run beside it."""
    public = "https://pandu.example.go.id"
    with stand_in(folder) as twilio:
        settings = {
            "PUBLIC_URL": public,
            "TWILIO_ACCOUNT_SID": ACCOUNT,
            "TWILIO_AUTH_TOKEN": AUTH,
            "TWILIO_API_URL": twilio,
            "WHATSAPP_SENDER": SENDER,
        }
        with pandu(folder, models, **settings) as (system, _):
            send = send_whatsapp(system.url, public, ACCOUNT, AUTH, SENDER)
            asyncio.run(at_rate(send, 10, 3, people=30))
            measured = asyncio.run(at_rate(send, WEBHOOKS, min(size.seconds, 20), people=CHATS))
            with psycopg.connect(system.database_url) as connection:
                stored = connection.execute("select count(*) from incoming_messages").fetchone()
    return {"webhooks": measured.summary() | {"stored": stored[0] if stored else 0, "sent": measured.turns + 30}}


def history(system: System, ask: Ask, rounds: int, lengthen: Callable[[System, str], None]) -> dict[str, Any]:
    """The same question in a conversation of 10 messages and in one of 5,000."""
    people = ("short", "long")
    asyncio.run(alternately(ask, people, 10))
    lengthen(system, "long")
    asyncio.run(alternately(ask, people, 1 if rounds < 5 else 5))
    short, long = asyncio.run(alternately(ask, people, rounds))
    return {
        "history": {
            "10": short.summary(),
            str(LONG): long.summary(),
            "ratio": round(long.quantile(0.5) / short.quantile(0.5), 2),
        }
    }


def lengthen_pandu(system: System, person: str) -> None:
    """Copies what was said in the conversation until it has 5,000 messages of the person and their answers."""
    with psycopg.connect(system.database_url, autocommit=True) as connection:
        connection.execute(
            """
            with talk as (select id from conversations where address = %(person)s),
            many as (
                insert into incoming_messages
                    (conversation_id, channel, provider_id, kind, text, received_at, handled_at, outcome, understood)
                select i.conversation_id, i.channel, i.provider_id || '-' || n, i.kind, i.text,
                    i.received_at - make_interval(mins => n), i.handled_at, i.outcome, i.understood
                from incoming_messages i, talk, generate_series(1, %(copies)s) n where i.conversation_id = talk.id
            )
            insert into outgoing_messages
                (conversation_id, in_reply_to, author, text, buttons, sources, status, attempts, created_at, sent_at)
            select o.conversation_id, o.in_reply_to, o.author, o.text, o.buttons, o.sources, o.status, 1,
                o.created_at - make_interval(mins => n), o.sent_at
            from outgoing_messages o, talk, generate_series(1, %(copies)s) n where o.conversation_id = talk.id
            """,
            {"person": person, "copies": LONG // 10 - 1},
        )
        connection.execute("vacuum analyze incoming_messages, outgoing_messages")


def introduce_to_rasa(database_url: str) -> None:
    """Our actions write about conversations that exist; with stock Rasa nobody else makes them."""
    people = [f"sat{number}" for number in range(PEOPLE)] + ["short", "long"]
    people += [f"rate{rate:g}-{number}" for rate in RATES for number in range(20)]
    with psycopg.connect(database_url, autocommit=True) as connection:
        connection.cursor().executemany(
            "insert into conversations (id, channel, address) overriding system value values (%s, 'simulator', %s)",
            [(int(rasa_sender(person)), person) for person in people],
        )


def lengthen_rasa(system: System, person: str) -> None:
    """The same for stock Rasa: its events once more, in their order and in the same session."""
    with psycopg.connect(system.database_url, autocommit=True) as connection:
        connection.execute(
            """
            insert into events (sender_id, type_name, timestamp, intent_name, action_name, data)
            select e.sender_id, e.type_name, last.at + 1e-6 * row_number() over (order by n, e.id),
                e.intent_name, e.action_name, e.data
            from generate_series(1, %(copies)s) n, events e,
                (select max(timestamp) as at from events where sender_id = %(sender)s) last
            where e.sender_id = %(sender)s and e.type_name <> 'session_started'
                and coalesce(e.action_name, '') <> 'action_session_start'
            """,
            {"sender": rasa_sender(person), "copies": LONG // 10 - 1},
        )
        connection.execute("vacuum analyze events")


def stored(folder: Path, models: Path, size: Size) -> dict[str, Any]:
    """Speed with few and with many messages in the database."""
    found: dict[str, Any] = {}
    with pandu(folder, models) as (system, _):
        ask = ask_pandu(system.url)
        asyncio.run(saturate(ask, 2, 4))
        for count in size.stored:
            begin = time.monotonic()
            fill(system.database_url, count)
            filled = time.monotonic() - begin
            asyncio.run(saturate(ask, 4, 3))
            full = asyncio.run(saturate(ask, PEOPLE, min(size.seconds, 20)))
            steady = asyncio.run(at_rate(ask, 10, min(size.seconds, 15)))
            found[str(count)] = {
                "saturation": full.summary(),
                "at_10": steady.summary(),
                "fill_seconds": round(filled, 1),
            }
    return {"stored": found}


def fill(database_url: str, messages: int) -> None:
    """Brings the database to `messages` incoming messages and as many answers, ten of each a conversation."""
    with psycopg.connect(database_url, autocommit=True) as connection:
        have = connection.execute("select count(*) from incoming_messages").fetchone()
        people = max(0, messages - (have[0] if have else 0)) // 10
        connection.execute(
            """
            with people as (
                insert into conversations (channel, address, introduced_at, last_incoming_at)
                select 'simulator', 'fill-' || %(people)s || '-' || n, now() - interval '40 days',
                    now() - interval '9 days'
                from generate_series(1, %(people)s) n returning id
            ), said as (
                insert into incoming_messages
                    (conversation_id, channel, provider_id, kind, text, received_at, handled_at, outcome, understood)
                select id, 'simulator', 'fill-' || id || '-' || n, 'text', %(text)s,
                    now() - make_interval(hours => n + 200), now() - make_interval(hours => n + 200), 'answered',
                    '{"intent": "ask_requirements", "family": "requirements", "confidence": 0.95, "ranking": []}'
                from people, generate_series(1, 10) n returning id, conversation_id, received_at
            )
            insert into outgoing_messages
                (conversation_id, in_reply_to, author, text, status, attempts, created_at, sent_at)
            select conversation_id, id, 'bot', repeat(%(text)s || '. ', 6), 'sent', 1, received_at, received_at
            from said
            """,
            {"people": people, "text": DIALOGUE[1]},
        )
        connection.execute("vacuum analyze conversations, incoming_messages, outgoing_messages")
        settle(connection)


def settle(connection: psycopg.Connection[Any]) -> None:
    """Waits until the server has done what a million rows at once left behind, which no day of an office does.

    One such writing starts a checkpoint that goes on for a minute beside what is measured, and vacuums of its own.
    """
    connection.execute("checkpoint")
    busy = "select count(*) from pg_stat_activity where backend_type = 'autovacuum worker'"
    deadline = time.monotonic() + 120
    while time.monotonic() < deadline:
        row = connection.execute(busy).fetchone()
        if row is None or not row[0]:
            return
        time.sleep(0.5)


def scale(folder: Path, models: Path, size: Size) -> dict[str, Any]:
    """The same load on 1, 2 and 4 engines and workers, as separate processes on one database."""
    found: dict[str, Any] = {}
    for count in size.copies:
        with pandu_in_parts(folder / str(count), models, count) as system:
            ask = ask_pandu(system.url)
            asyncio.run(saturate(ask, 2 * count, 4))
            full: Measured = asyncio.run(saturate(ask, PEOPLE, min(size.seconds, 20)))
            found[str(count)] = full.summary() | system.memory()
    return {"scale": found}
