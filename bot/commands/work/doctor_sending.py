"""The part of `pandu doctor` that concerns sending: what providers refuse because of the office's own set-up."""

from __future__ import annotations

import httpx

from bot.channels.advice import advice
from bot.conversations.troubles import HELD_BACK
from bot.finding import Check, Finding
from bot.processes.postgres import running_url
from bot.settings import Settings


async def held_back(settings: Settings, _: httpx.AsyncClient) -> Finding:
    """Messages that wait because their provider refuses them for now; wrong where a person has to act."""
    import psycopg

    url = settings.database_url or running_url(settings.data_dir)
    if not url:
        return Finding("sending", "note", "not known: see database")
    try:
        async with await psycopg.AsyncConnection.connect(url, connect_timeout=5) as connection:
            rows = await (await connection.execute(HELD_BACK)).fetchall()
    except psycopg.Error:
        return Finding("sending", "note", "not known: see database")
    said = ", ".join(f"{channel} {code}: {count} wait" for channel, code, _, count in rows)
    to_do = [words for channel, code, *_ in rows if (words := advice(channel, code))]
    if to_do:
        return Finding("sending", "wrong", said, " ".join(to_do))
    return Finding("sending", "note" if rows else "ok", said or "nothing is held back")


CHECKS: tuple[Check, ...] = (held_back,)
