"""Acts on several conversations: their words are shown first, and all of them are taken back together."""

from __future__ import annotations

import re
from datetime import UTC, datetime, timedelta

import httpx
import pytest
from sqlalchemy import select, update

from bot.conversations import recall
from bot.conversations.models import Conversation, Outgoing, RecallableAct
from bot.conversations.runtime import Runtime
from bot.handoff.models import Handoff
from bot.storage.database import Database
from tests.console.conftest import SignedIn
from tests.console.recall.acting import LIVE, at, audited, state, take_back, waiting


async def several(
    client: httpx.AsyncClient, act: str, rows: list[int], *, ask: bool = False, **fields: str
) -> httpx.Response:
    data = {"act": act, "conversation": [str(one) for one in rows], "ask": "1" if ask else "", **fields}
    return await client.post("/console/inbox/bulk", data=data, headers=LIVE)


async def three(database: Database) -> list[int]:
    return [await waiting(database, f"warga-{n}") for n in range(3)]


async def first_act(database: Database) -> int:
    async with database.session() as session:
        return (await session.scalars(select(RecallableAct.id).order_by(RecallableAct.id))).first() or 0


@pytest.mark.parametrize(
    ("act", "words"),
    [
        ("claim", "Anda terhubung dengan petugas"),
        ("release", "kembali ke antrean petugas"),
        ("transfer", "dilanjutkan oleh petugas"),
        ("close", "Percakapan dengan petugas"),
    ],
)
async def test_the_words_are_shown_first_and_all_is_put_back(
    officer: httpx.AsyncClient, signed_in: SignedIn, database: Database, act: str, words: str
) -> None:
    rows, colleague = await three(database), await signed_in("officer")
    fields = {"to": f"officer-{colleague.officer.id}", "note": "Titip ya."}  # type: ignore[attr-defined]
    if act != "claim":
        for one in rows:
            await officer.post(at(one, "claim"))
            await officer.post(at(one, "reply"), data={"text": "Selamat pagi"})
    before = [await state(database, one) for one in rows]
    asked = await several(officer, act, rows, ask=True, **fields)
    assert asked.headers["hx-retarget"] == "#asking"
    assert words in asked.text
    assert "Dikirim ke 3 chat:" in asked.text
    assert 'hx-target="#bulk-result"' in asked.text
    hidden = re.findall(r'type="hidden" name="conversation" value="(\d+)"', asked.text)
    assert [int(one) for one in hidden] == rows
    assert [await state(database, one) for one in rows] == before
    done = await several(officer, act, rows, **fields)
    assert "3 percakapan" in done.text
    number = await first_act(database)
    assert re.search(rf'id="act-{number}-recall".*Batalkan \(\d+\)', done.text, re.S)
    changed = [await state(database, one) for one in rows]
    assert all(one["said"][-1][0] == "held" and words in one["said"][-1][1] for one in changed)
    assert "Dibatalkan untuk 3 percakapan" in await take_back(officer, number)
    assert [await state(database, one) for one in rows] == before
    assert {one["subject"] for one in await audited(database, "act.recalled")} >= set(rows)


async def test_what_cannot_be_done_is_named_before_anybody_says_yes(signed_in: SignedIn, database: Database) -> None:
    rows, officer = await three(database), await signed_in("officer")
    asked = await several(officer, "close", rows, ask=True)
    assert 'role="status"' in asked.text, "there is nothing to say yes to"
    assert "hx-retarget" not in asked.headers
    await officer.post(at(rows[1], "claim"))
    asked = await several(officer, "close", rows, ask=True)
    assert "Tutup 1 percakapan ini" in asked.text
    assert "Tidak bisa untuk 2 lainnya" in asked.text


async def test_what_was_let_go_or_changed_since_stays_and_is_counted(
    officer: httpx.AsyncClient, signed_in: SignedIn, database: Database, runtime: Runtime
) -> None:
    rows = await three(database)
    await several(officer, "claim", rows)
    number = await first_act(database)
    await officer.post(at(rows[0], "reply"), data={"text": "Selamat pagi"})  # what waits there goes before it
    other = await signed_in("supervisor")
    await other.post(at(rows[1], "take-over"))
    said = await take_back(officer, number)
    assert "1 lainnya tidak: sesudahnya sudah ada perubahan lain" in said
    owners = [(await state(database, one))["owner"] for one in rows]
    assert owners == ["officer", "officer", "queue"]
    assert [one[0] for one in (await state(database, rows[0]))["said"]] == ["pending", "pending"]
    await recall.let_go(runtime, await first_act(database))
    assert "pending" in [one[0] for one in (await state(database, rows[1]))["said"]]


async def test_nobody_else_takes_it_back(officer: httpx.AsyncClient, signed_in: SignedIn, database: Database) -> None:
    rows = await three(database)
    await several(officer, "claim", rows)
    assert "Tidak bisa dibatalkan lagi" in await take_back(await signed_in("administrator"), await first_act(database))


async def test_what_tells_nobody_is_put_back_with_the_others(officer: httpx.AsyncClient, database: Database) -> None:
    """Where the channel's window is over nothing is sent; the row comes back all the same."""
    rows = await three(database)
    async with database.session() as session:
        over = update(Conversation).where(Conversation.id == rows[0])
        await session.execute(over.values(channel="whatsapp", last_incoming_at="2026-01-01T00:00:00Z"))
    await several(officer, "claim", rows)
    assert (await state(database, rows[0]))["said"] == []
    assert "Dibatalkan untuk 3 percakapan" in await take_back(officer, await first_act(database))
    async with database.session() as session:
        assert set(await session.scalars(select(Handoff.officer_id))) == {None}


async def test_labels_and_putting_off_ask_nothing(officer: httpx.AsyncClient, database: Database) -> None:
    rows = await three(database)
    done = await several(officer, "snooze", rows, ask=True, until="1")
    assert "3 percakapan ditunda." in done.text
    assert "/recall" not in done.text


async def test_without_scripts_there_is_a_page_with_the_words_and_a_button(
    officer: httpx.AsyncClient, database: Database
) -> None:
    rows = await three(database)
    form = {"act": "claim", "conversation": [str(one) for one in rows]}
    asked = await officer.post("/console/inbox/bulk", data=form | {"ask": "1"})
    assert "Ambil 3 percakapan ini?" in asked.text
    assert 'action="/console/inbox/bulk"' in asked.text
    done = await officer.post("/console/inbox/bulk", data=form)
    assert re.search(r"Batalkan \(\d+\)", done.text)
    assert re.search(r"Batalkan \(\d+\)", (await officer.get("/console/inbox")).text)


async def test_the_whole_time_to_take_back_begins_with_the_last_one(
    officer: httpx.AsyncClient, database: Database, runtime: Runtime
) -> None:
    rows, whole = await three(database), runtime.settings.recall_seconds
    done = await several(officer, "claim", rows)
    assert f"Batalkan ({whole})" in done.text
    async with database.session() as session:
        ends = set(await session.scalars(select(RecallableAct.until)))
        assert set(await session.scalars(select(Outgoing.next_at))) == ends
    assert len(ends) == 1, "all together, whenever each was done"
    assert timedelta() < min(ends) - datetime.now(UTC) <= timedelta(seconds=whole)
    await recall.let_go(runtime, await first_act(database))
    assert {one[0] for row in rows for one in (await state(database, row))["said"]} == {"pending"}
