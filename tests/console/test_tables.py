"""Every page with a table hands it out as XLSX: what stands there, in columns, and noted in the log."""

from __future__ import annotations

import io
import re
import secrets

import httpx
import openpyxl
import pytest
from fastapi import FastAPI
from sqlalchemy import select

from bot.applications import keys
from bot.applications.posting import register_of
from bot.audit.models import AuditLine
from bot.console.exports import said_moment
from bot.conversations.models import Conversation, Incoming
from bot.conversations.runtime import Runtime
from bot.handoff.ownership.service import request_person
from tests.console.conftest import SignedIn
from tests.helpers.routes import addresses

OFFERED = {  # the page: the table it offers
    "/console/inbox?view=all": "/console/inbox/table.xlsx",
    "/console/applications": "/console/applications/table.xlsx",
    "/console/applications/overdue": "/console/applications/overdue/table.xlsx",
    "/console/complaints": "/console/complaints/table.xlsx",
    "/console/complaints/figures": "/console/complaints/figures.xlsx",
    "/console/survey": "/console/survey.xlsx",
    "/console/figures": "/console/figures/layanan/report.xlsx",
    "/console/audit": "/console/audit/table.xlsx",
    "/console/officers": "/console/officers/table.xlsx",
    "/console/keys": "/console/keys/table.xlsx",
    "/console/kbli?q=warung+kopi": "/console/kbli/table.xlsx",
}
TABLE = re.compile(r"GET (/console/\S*\.)\{kind\}")


def test_no_table_is_forgotten(app: FastAPI) -> None:
    made = {one[1] for route in addresses(app) if (one := TABLE.fullmatch(route))}
    assert {one.replace("{what}", "layanan") + "xlsx" for one in made} == set(OFFERED.values())


@pytest.mark.parametrize("page", OFFERED)
async def test_a_page_offers_its_table(signed_in: SignedIn, page: str) -> None:
    client = await signed_in("administrator")
    shown = (await client.get(page)).text
    link = re.search(rf'href="({re.escape(OFFERED[page])}[^"]*)"', shown)
    assert link, page
    file = await client.get(link[1].replace("&amp;", "&"))
    assert file.status_code == 200
    assert openpyxl.load_workbook(io.BytesIO(file.content)).worksheets[0].freeze_panes == "A2"


async def _rows(client: httpx.AsyncClient, address: str) -> list[dict[str, object]]:
    file = await client.get(address)
    assert file.status_code == 200, file.text
    head, *rows = openpyxl.load_workbook(io.BytesIO(file.content)).worksheets[0].iter_rows(values_only=True)
    return [dict(zip(map(str, head), row, strict=True)) for row in rows]


async def test_conversations_with_what_was_asked_masked(runtime: Runtime, signed_in: SignedIn) -> None:
    name = f"=Nguyễn {secrets.token_hex(3)}"  # a name that a spreadsheet would count
    async with runtime.database.session() as session:
        person = Conversation(channel="telegram", address=secrets.token_hex(6), profile_name=name)
        session.add(person)
        await session.flush()
        asked = Incoming(
            conversation_id=person.id, channel="telegram", provider_id=name, kind="text",
            text="nik saya 3319011212900001, kapan jadi?",
        )  # fmt: skip
        session.add(asked)
        await session.flush()
        await request_person(session, person.id, "Pemohon meminta petugas.", office="kudus", kind="requested")
        number = person.id
    client = await signed_in("officer")
    rows = await _rows(client, f"/console/inbox/table.xlsx?view=waiting&q={name[-6:]}")
    assert [(row["Percakapan"], row["Nama"], row["Kanal"], row["Pada"], row["Sebab"]) for row in rows] == [
        (number, name, "Telegram", "antrean", "Minta petugas")
    ]
    assert "3319011212900001" not in str(rows) and "kapan jadi?" in str(rows[0]["Ditanyakan"])
    query = select(AuditLine.action, AuditLine.detail).order_by(AuditLine.id.desc()).limit(1)
    async with runtime.database.session() as session:
        line = (await session.execute(query)).one()
        seen = AuditLine.action == "conversation.listed", AuditLine.subject_id == number
        assert (await session.execute(select(AuditLine.id).where(*seen))).first()
    assert tuple(line) == ("conversation.exported", {"rows": 1})


async def test_officers_and_keys_without_their_secrets(runtime: Runtime, signed_in: SignedIn) -> None:
    system = f"Loket {secrets.token_hex(3)}"
    async with runtime.database.session() as session:
        key = await keys.make(register_of(runtime, session), system, "kudus")
    client = await signed_in("administrator")
    found = {row["Nama"]: row for row in await _rows(client, "/console/keys/table.xlsx")}
    assert found[system]["Kantor"] == "Kabupaten Kudus" and found[system]["Dicabut"] is None
    assert key not in str(found)
    mine = client.officer.username  # type: ignore[attr-defined]
    staff = {row["Nama pengguna"]: row for row in await _rows(client, "/console/officers/table.xlsx")}
    assert (staff[mine]["Peran"], staff[mine]["Akun"]) == ("Administrator", "aktif")
    assert "argon2" not in str(staff)


async def test_kbli_codes_that_were_found(signed_in: SignedIn) -> None:
    client = await signed_in("officer")
    rows = await _rows(client, "/console/kbli/table.xlsx?q=warung+kopi")
    codes = {str(row["Kode"]) for row in rows if row["Edisi"]}  # the last row says where they are from
    page = (await client.get("/console/kbli?q=warung+kopi")).text
    assert codes and all(f"{code} ·" in page for code in codes)


def test_no_moment_is_an_empty_cell(app: FastAPI) -> None:
    assert said_moment(app.state.desk, None) is None
