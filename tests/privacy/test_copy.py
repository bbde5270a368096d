"""The copy holds all that is kept, goes to nobody else, and only for a short while."""

from __future__ import annotations

import json
from datetime import UTC, datetime, timedelta

import httpx
import pytest
from fastapi import FastAPI

from bot.audit.service import AuditFilter, lines, note_read
from bot.conversations.runtime import Runtime
from bot.knowledge.load import get_knowledge
from bot.privacy import erase, export, service
from bot.privacy.export import Copy, as_html, as_json, as_texts, gather
from bot.privacy.routes import data_routes
from bot.tables import metadata
from tests.privacy.conftest import CANARY, Filled, fill, places_with

READ = {
    "privacy_notices": "pemberitahuan",
    "incoming_messages": "pesan",
    "outgoing_messages": "pesan",
    "guide_progress": "panduan",
    "application_links": "permohonan",
    "application_looks": "permohonan_dilihat",
    "complaints": "laporan",
    "conversation_labels": "label",
    "handoffs": "permintaan_petugas",
    "call_backs": "hubungi_kembali",
    "surveys": "survei",
    "answer_checks": "jawaban_membantu",
}
"""Tables that refer to conversations -> where in the copy they are."""


def test_every_table_about_a_conversation_is_in_the_copy_or_has_a_reason_not_to_be() -> None:
    """A capability that keeps something new adds a section to bot/privacy/export.py, or says why it is not shown."""
    about = {
        table.name
        for table in metadata.sorted_tables
        for key in table.foreign_keys
        if key.column.table.name == "conversations"
    }
    assert about - set(export.NOT_SHOWN) == set(READ)
    assert set(READ.values()) <= set(export.SECTIONS)


async def _copy(runtime: Runtime, conversation: int) -> Copy:
    async with runtime.database.session() as session:
        return await gather(session, get_knowledge(), conversation, datetime.now(UTC), "Asia/Jakarta")


async def test_the_copy_is_complete(runtime: Runtime, filled: Filled) -> None:
    await fill(runtime, "joko")
    copy = await _copy(runtime, filled.conversation)
    data = json.loads(as_json(copy))
    assert data["percakapan"][0]["alamat"] == "siti"
    assert [row["dari"] for row in data["pesan"]] == ["Anda", "Pandu", "petugas"]
    assert data["berkas"][0]["nama"] == CANARY
    assert data["panduan"][0]["layanan"] == get_knowledge().services["kudus-iui"].title
    assert [row["pemohon"] for row in data["permohonan"]] == ["Siti Aminah"]
    assert data["permohonan"][0]["kontak_tercatat"] == "+62•••7890"
    assert [row["keadaan"] for row in data["laporan"]] == ["drafting", "submitted"]
    assert CANARY in data["laporan"][1]["isi"]
    assert data["permintaan_petugas"][0]["sebab"] == CANARY
    assert data["tidak_dipahami"][0]["salinan"] == CANARY
    assert [row["oleh"] for row in data["dibaca_petugas"]] == ["penyelia"]
    assert "joko" not in as_json(copy)
    assert "Budi" not in as_json(copy)
    page, texts = as_html(copy), as_texts(copy)
    for part in ("Siti Aminah", "penyelia", f"nama saya {CANARY}"):
        assert part in page
        assert any(part in text for text in texts)
    assert max(len(text) for text in texts) <= export.TEXT_PAGE


async def test_what_people_write_is_no_markup(runtime: Runtime, filled: Filled) -> None:
    copy = await _copy(runtime, filled.conversation)
    evil = "<script>alert(1)</script>"
    copy.sections[2].rows.append({"isi": evil})
    assert evil not in as_html(copy)


async def test_reads_are_noted_once_an_hour(runtime: Runtime, filled: Filled) -> None:
    now = datetime.now(UTC)
    async with runtime.database.session() as session:
        for moment in (now, now, now + timedelta(hours=1)):
            await note_read(session, filled.officer, "conversation", filled.conversation, moment)
        reads = await service.reads_of(session, "conversation", filled.conversation)
    assert [one.role for one in reads] == ["supervisor", "supervisor"]  # the first came with the fixture


# --- the link ---


@pytest.fixture
async def client(runtime: Runtime) -> httpx.AsyncClient:
    app = FastAPI()
    app.include_router(data_routes(runtime.settings, runtime.database))
    return httpx.AsyncClient(transport=httpx.ASGITransport(app), base_url="http://pandu.test")


async def _link(runtime: Runtime, conversation: int, ago: timedelta = timedelta()) -> str:
    async with runtime.database.session() as session:
        return await service.make_link(session, conversation, datetime.now(UTC) - ago)


async def test_a_link_gives_the_copy_only_when_asked(
    runtime: Runtime, filled: Filled, client: httpx.AsyncClient
) -> None:
    token = await _link(runtime, filled.conversation)
    for _ in range(20):  # messengers look at every link to draw a preview
        page = await client.get(f"/data/{token}")
    assert page.status_code == 200
    assert CANARY not in page.text
    assert page.headers["cache-control"] == "no-store"
    assert "noindex" in page.headers["x-robots-tag"]
    answer = await client.post(f"/data/{token}", data={"bentuk": "json"})
    assert answer.json()["percakapan"][0]["alamat"] == "siti"
    assert answer.headers["content-disposition"] == 'attachment; filename="data-saya-pandu.json"'
    assert answer.headers["cache-control"] == "no-store"
    assert CANARY in (await client.post(f"/data/{token}", data={"bentuk": "html"})).text
    async with runtime.database.session() as session:
        given = await lines(session, AuditFilter(action="privacy.copy-given", subject_id=filled.conversation))
        assert {one.actor for one in given} == {f"conversation:{filled.conversation}"}
        assert len(given) == 2


async def test_a_link_ends(runtime: Runtime, filled: Filled, client: httpx.AsyncClient) -> None:
    first = await _link(runtime, filled.conversation)
    token = await _link(runtime, filled.conversation)
    form = {"bentuk": "json"}
    assert (await client.post(f"/data/{first}", data=form)).status_code == 404  # a newer one was made
    codes = [(await client.post(f"/data/{token}", data=form)).status_code for _ in range(service.MOST_USES + 1)]
    assert codes == [200] * service.MOST_USES + [404]
    old = await _link(runtime, filled.conversation, service.LINK_LIFETIME)
    assert (await client.get(f"/data/{old}")).status_code == 404
    unknown = await client.post("/data/" + "x" * 43, data=form)
    assert unknown.status_code == 404
    assert unknown.text == (await client.get(f"/data/{old}")).text  # alike
    assert (await client.get("/data/short")).status_code == 422
    assert (await client.post(f"/data/{token}", data={"bentuk": "pdf"})).status_code == 422


async def test_a_link_opens_nothing_once_the_data_is_erased(
    runtime: Runtime, filled: Filled, client: httpx.AsyncClient
) -> None:
    token = await _link(runtime, filled.conversation)
    async with runtime.database.session() as session:
        await erase.remove(session, runtime.settings.files_dir, filled.conversation)
    assert (await client.post(f"/data/{token}", data={"bentuk": "json"})).status_code == 404


async def test_the_token_stands_nowhere(runtime: Runtime, filled: Filled) -> None:
    assert await places_with(runtime, await _link(runtime, filled.conversation)) == set()
