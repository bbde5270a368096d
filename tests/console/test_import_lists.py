"""A list whose columns nobody knows yet: shown, said, looked through, written, and known the next time."""

from __future__ import annotations

import html
import re
from collections.abc import AsyncIterator

import httpx
import pytest
from sqlalchemy import select, text

from bot.applications.models import Application, ApplicationImport, ListHabit
from bot.officers.service import by_id, set_offices
from bot.storage.database import Database
from tests.applications.office_lists import agenda, workbook
from tests.console.conftest import SignedIn

ROOT = "/console/applications/import"
OWN_WORDS = [
    ["Buku harian loket", None, None, None],
    ["Urutan", "Kode Map", "Kapan", "Perihal"],
    [1, "M-1", "02/11/2026", "Bikin pabrik baru"],
    [2, "M-2", "Rabu, 4 Nov 2026", "Bikin pabrik baru"],
]


@pytest.fixture(autouse=True)
async def empty(database: Database) -> AsyncIterator[None]:
    async with database.session() as session:
        await session.execute(text("truncate applications, application_imports, list_habits, conversations cascade"))
    yield


@pytest.fixture
async def officer(signed_in: SignedIn, database: Database) -> httpx.AsyncClient:
    return await of_office(signed_in, database, "kudus")


async def of_office(signed_in: SignedIn, database: Database, office: str) -> httpx.AsyncClient:
    client = await signed_in("officer")
    async with database.session() as session:
        found = await by_id(session, client.officer.id)  # type: ignore[attr-defined]
        assert found
        await set_offices(session, found, [office], "uji")
    return client


async def upload(client: httpx.AsyncClient, content: bytes, **more: str) -> httpx.Response:
    return await client.post(ROOT, files={"file": ("daftar.xlsx", content)}, data=more)


async def upload_id(database: Database) -> int:
    async with database.session() as session:
        return (await session.scalars(select(ApplicationImport.id))).one()


SAID = {"column:kode_map": "nomor", "column:kapan": "tanggal_masuk", "column:perihal": "layanan", "column:urutan": ""}


async def test_an_agenda_needs_no_hand(officer: httpx.AsyncClient) -> None:
    page = (await upload(officer, agenda())).text
    assert "9 baris dilewati" in page and "Jumlah · 3" in page
    assert "Tulis sekarang" in page


async def test_columns_are_said_by_hand_and_remembered(
    officer: httpx.AsyncClient, database: Database, signed_in: SignedIn
) -> None:
    asked = await upload(officer, workbook(OWN_WORDS))
    assert asked.status_code == 422 and "apa arti kolomnya" in asked.text
    assert "Bikin pabrik baru" in asked.text, "rows are shown beside the columns"
    address = f"{ROOT}/{await upload_id(database)}"
    told = await officer.post(f"{address}/columns", data=SAID)
    assert "Nama layanan yang belum dikenal" in told.text
    names = re.findall(r'name="(service:[^"]+)"', told.text)
    assert [html.unescape(one) for one in names] == ["service:bikin pabrik baru"]
    ready = await officer.post(f"{address}/columns", data={html.unescape(names[0]): "kudus-iui"})
    assert "Tulis sekarang" in ready.text
    async with database.session() as session:
        assert (await session.scalars(select(ListHabit))).all() == [], "nothing is learned from what was not written"
    assert (await officer.post(address)).status_code == 303
    async with database.session() as session:
        rows = (await session.execute(select(Application.reference, Application.service))).all()
    assert sorted(map(tuple, rows)) == [("M-1", "kudus-iui"), ("M-2", "kudus-iui")]
    again = await upload(officer, workbook([*OWN_WORDS, [3, "M-3", "5/11/26", "bikin pabrik baru"]]))
    assert again.status_code == 200 and "Tulis sekarang" in again.text
    other = await of_office(signed_in, database, "magetan")
    assert "apa arti kolomnya" in (await upload(other, workbook(OWN_WORDS))).text, "another office says it otherwise"


async def test_a_running_number_cannot_be_made_the_key(officer: httpx.AsyncClient, database: Database) -> None:
    await upload(officer, workbook(OWN_WORDS))
    address = f"{ROOT}/{await upload_id(database)}/columns"
    refused = await officer.post(address, data=SAID | {"column:urutan": "nomor", "column:kode_map": ""})
    assert refused.status_code == 422 and "hanya nomor urut (1, 2, …)" in refused.text


async def test_two_columns_for_one_meaning_are_named(officer: httpx.AsyncClient, database: Database) -> None:
    await upload(officer, workbook(OWN_WORDS))
    address = f"{ROOT}/{await upload_id(database)}/columns"
    refused = await officer.post(address, data=SAID | {"column:urutan": "nomor"})
    assert refused.status_code == 422 and "ada dua kolom untuk" in refused.text.lower()


async def test_one_service_for_the_whole_list(officer: httpx.AsyncClient, database: Database) -> None:
    await upload(officer, workbook([row[:3] for row in OWN_WORDS]))
    address = f"{ROOT}/{await upload_id(database)}"
    ready = await officer.post(f"{address}/columns", data=SAID | {"whole": "kudus-perluasan"})
    assert "Tulis sekarang" in ready.text
    await officer.post(address)
    async with database.session() as session:
        assert set(await session.scalars(select(Application.service))) == {"kudus-perluasan"}


async def test_nobody_explains_the_list_of_another(
    officer: httpx.AsyncClient, database: Database, signed_in: SignedIn
) -> None:
    await upload(officer, workbook(OWN_WORDS))
    address = f"{ROOT}/{await upload_id(database)}/columns"
    stranger = await signed_in("officer")
    answer = await stranger.post(address, data=SAID)
    assert answer.status_code == 422 and "sudah tidak ada" in answer.text
    wild = await officer.post(address, data={"column:kapan": "rm -rf", "service:x": "nowhere", "whole": "../x"})
    assert wild.status_code == 422
    async with database.session() as session:
        kept = (await session.scalars(select(ApplicationImport))).one()
        assert (kept.columns, kept.services, kept.service) == ({}, {}, "")


WIDE = b",".join(b"k%d" % number for number in range(150_000)) + b"\n1,2,3\n"
"""One megabyte whose page had 130 of them, and held the console for a quarter of a minute."""
FAR = b"nomor,layanan,tanggal_masuk," + WIDE.partition(b"\n")[0] + b"\nA/1,kudus-iui,2-11-2026\n"


@pytest.mark.parametrize("content", [WIDE, FAR], ids=["unknown", "known"])
async def test_a_list_of_a_hundred_thousand_columns_is_shown_by_its_first(
    officer: httpx.AsyncClient, content: bytes
) -> None:
    page = await officer.post(ROOT, files={"file": ("daftar.csv", content)})
    assert page.status_code == (422 if content is WIDE else 200)
    assert len(page.text) < 300_000 and "k1<" in page.text


async def test_a_cell_of_a_million_letters_is_refused_in_a_line(officer: httpx.AsyncClient) -> None:
    rows = b"<tr><td>nomor<td>layanan<td>tanggal masuk<tr><td>A/1<td>kudus-iui " + b"izin usaha " * 100_000
    page = await officer.post(ROOT, files={"file": ("daftar.xls", b"<html><table>" + rows + b"<td>2-11-2026</table>")})
    assert page.status_code in (200, 422) and len(page.text) < 100_000
