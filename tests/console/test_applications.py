"""The register in the console: from a list to a stage, with every fault said and every look written down."""

from __future__ import annotations

import csv
import io
import re
from collections.abc import AsyncIterator
from datetime import timedelta

import httpx
import pytest
from fastapi import FastAPI
from sqlalchemy import select, text

from bot.applications.models import Application, ApplicationImport, ApplicationLink, ApplicationNews
from bot.applications.numbers import claim_code_in, number_in
from bot.applications.posting import register_of
from bot.applications.service import NewApplication, add, advance
from bot.audit.models import AuditLine
from bot.conversations.models import Conversation, Outgoing
from bot.conversations.runtime import Runtime
from bot.storage.database import Database
from tests.console.conftest import SignedIn

ROOT = "/console/applications"
HEADER = ["nomor", "layanan", "nama", "telepon", "tanggal_masuk", "tahap", "tanggal_tahap"]


@pytest.fixture(autouse=True)
async def empty(database: Database) -> AsyncIterator[None]:
    async with database.session() as session:
        await session.execute(text("truncate applications, application_imports, conversations cascade"))
    yield


@pytest.fixture
async def officer(signed_in: SignedIn) -> httpx.AsyncClient:
    return await signed_in("officer")


async def registered(runtime: Runtime, reference: str = "R-1", **changed: object) -> str:
    async with runtime.database.session() as session:
        register = register_of(runtime, session)
        start = register.today() - timedelta(days=30)
        new = {"service": "magetan-perluasan", "reference": reference, "received_on": start, **changed}
        return (await add(register, NewApplication(**new), "uji")).application.number  # type: ignore[arg-type]


def sheet(rows: list[list[str]], header: list[str] = HEADER) -> bytes:
    target = io.StringIO()
    csv.writer(target).writerows([header, *rows])
    return target.getvalue().encode()


async def upload(client: httpx.AsyncClient, content: bytes, name: str = "daftar.csv") -> httpx.Response:
    return await client.post(f"{ROOT}/import", files={"file": (name, content, "text/csv")})


async def acts(database: Database, officer: httpx.AsyncClient) -> list[str]:
    account = officer.officer  # type: ignore[attr-defined]
    async with database.session() as session:
        query = select(AuditLine.action).where(AuditLine.actor == f"officer:{account.id}").order_by(AuditLine.id)
        return [one for one in await session.scalars(query) if not one.startswith("officer.")]


async def test_registered_advanced_and_told(officer: httpx.AsyncClient, runtime: Runtime, database: Database) -> None:
    form = {
        "procedure": "magetan-perluasan/utama",
        "reference": "503/9",
        "applicant": "Ani Contoh",
        "received_on": "2026-01-05",
        "contacts": "0812 3456 7890, ani@contoh.id",
    }
    answer = await officer.post(f"{ROOT}/new", data=form)
    assert answer.status_code == 303
    number = number_in(answer.headers["location"])
    assert number
    async with database.session() as session:
        session.add(Conversation(channel="whatsapp", address="whatsapp:+6281234567890"))
    page = (await officer.get(f"{ROOT}/{number}")).text
    assert "Ani Contoh" in page and "ani@contoh.id" in page and "Sari Contoh" in page, "who registered it, by name"
    moved = {"stage": "pemeriksaan", "expected": "pengisian", "reason": ""}
    answer = await officer.post(f"{ROOT}/{number}/advance", data=moved)
    assert answer.status_code == 303 and "1%20chat" in answer.headers["set-cookie"]
    async with database.session() as session:
        assert len((await session.scalars(select(ApplicationNews))).all()) == 1
    page = (await officer.get(f"{ROOT}/{number}")).text
    assert "Kabar ke pemohon" in page and "menunggu" in page
    found = await acts(database, officer)
    assert found == ["application.registered", "application.read", "application.advanced"]


async def test_what_was_typed_stays_when_something_is_wrong(officer: httpx.AsyncClient) -> None:
    form = {"procedure": "kudus-iui/utama", "applicant": "Budi Contoh", "received_on": "2026-01-05", "contacts": "12"}
    answer = await officer.post(f"{ROOT}/new", data=form)
    assert answer.status_code == 422
    assert "Nomor telepon tidak valid" in answer.text and "Budi Contoh" in answer.text
    empty = await officer.post(f"{ROOT}/new", data={})
    assert empty.status_code == 422 and "tidak dikenal" in empty.text
    date = await officer.post(f"{ROOT}/new", data=form | {"received_on": "31-02-2026"})
    assert "bukan tanggal" in date.text


async def test_only_ways_of_the_procedure_are_offered(officer: httpx.AsyncClient, runtime: Runtime) -> None:
    number = await registered(runtime, stage="pemeriksaan")
    page = (await officer.get(f"{ROOT}/{number}")).text
    assert re.findall(r'type="radio" name="stage" value="([a-z-]+)"', page) == ["verifikasi", "perbaikan", "penolakan"]
    refused = await officer.post(f"{ROOT}/{number}/advance", data={"stage": "terbit", "expected": "pemeriksaan"})
    assert refused.status_code == 422 and "tidak mengenal jalan" in refused.text
    wordless = {"stage": "terbit", "expected": "pemeriksaan", "correction": "1", "reason": " "}
    assert "perlu alasan" in (await officer.post(f"{ROOT}/{number}/advance", data=wordless)).text
    corrected = await officer.post(f"{ROOT}/{number}/advance", data=wordless | {"reason": "Salah baris"})
    assert corrected.status_code == 303
    page = (await officer.get(f"{ROOT}/{number}")).text
    assert "dibetulkan" in page and "Salah baris" in page and 'name="stage" value=' not in page.split("Betulkan")[0]


async def test_of_two_officers_one_wins_and_the_other_sees_why(signed_in: SignedIn, runtime: Runtime) -> None:
    number = await registered(runtime)
    first, second = await signed_in("officer"), await signed_in("officer")
    form = {"stage": "pemeriksaan", "expected": "pengisian", "reason": "lengkap"}
    assert (await first.post(f"{ROOT}/{number}/advance", data=form)).status_code == 303
    late = await second.post(f"{ROOT}/{number}/advance", data=form)
    assert late.status_code == 409
    assert "Sari Contoh sudah lebih dulu memindahkan" in late.text and "Pemeriksaan kelengkapan" in late.text
    assert "officer:" not in late.text


async def test_notes_are_for_the_staff_only(officer: httpx.AsyncClient, runtime: Runtime, database: Database) -> None:
    number = await registered(runtime)
    words = "<script>alert(1)</script> telepon dulu"
    await officer.post(f"{ROOT}/{number}/note", data={"words": words})
    page = (await officer.get(f"{ROOT}/{number}")).text
    assert "&lt;script&gt;alert(1)&lt;/script&gt; telepon dulu" in page
    chat = page.split("Yang dibaca pemohon di chat")[1]
    assert "telepon dulu" not in chat
    assert (await officer.post(f"{ROOT}/{number}/note", data={"words": "  "})).status_code == 422
    async with runtime.database.session() as session:
        done = await advance(register_of(runtime, session), number, "pemeriksaan", "uji")
        assert done.application.stage == "pemeriksaan"


async def test_contacts_are_added_and_taken_away(officer: httpx.AsyncClient, runtime: Runtime) -> None:
    number = await registered(runtime)
    assert (await officer.post(f"{ROOT}/{number}/contacts", data={"contact": "0812-3456-7890"})).status_code == 303
    again = await officer.post(f"{ROOT}/{number}/contacts", data={"contact": "+62 812 3456 7890"})
    assert again.status_code == 422 and "sudah tercatat" in again.text
    page = (await officer.get(f"{ROOT}/{number}")).text
    assert "+6281234567890" in page
    path = re.search(r'action="(/console/applications/[^"]+/remove)"', page)
    assert path
    assert (await officer.post(path[1])).status_code == 303
    assert "+6281234567890" not in (await officer.get(f"{ROOT}/{number}")).text


async def test_receipts_and_claim_codes(officer: httpx.AsyncClient, runtime: Runtime, database: Database) -> None:
    number = await registered(runtime)
    await registered(runtime, "R-2")
    one = await officer.post(f"{ROOT}/{number}/receipt")
    assert one.headers["content-type"] == "application/pdf" and one.content.startswith(b"%PDF")
    shown = await officer.post(f"{ROOT}/{number}/claim-code")
    assert claim_code_in(shown.text) and "Kode klaim untuk pemohon" in shown.text
    assert claim_code_in((await officer.get(f"{ROOT}/{number}")).text) is None, "shown once"
    both = await officer.post(f"{ROOT}/receipts", data={"service": "magetan-perluasan"})
    assert both.content.count(b"/Type /Page\n") == 2
    none = await officer.post(f"{ROOT}/receipts", data={"service": "kudus-iui"})
    assert none.status_code == 303 and "Tidak%20ada" in none.headers["set-cookie"]
    assert (await acts(database, officer)).count("application.receipt") == 3


async def test_the_receipt_goes_into_the_chat_once(
    officer: httpx.AsyncClient, runtime: Runtime, database: Database
) -> None:
    number = await registered(runtime)
    async with database.session() as session:
        person = Conversation(channel="simulator", address="penerima")
        session.add(person)
        await session.flush()
        application = (await session.scalars(select(Application))).one()
        session.add(ApplicationLink(application_id=application.id, conversation_id=person.id, how="code"))
    for _ in range(2):
        answer = await officer.post(f"{ROOT}/{number}/receipt/send", data={"token": "sekali"})
        assert answer.status_code == 303 and "1%20chat" in answer.headers["set-cookie"]
    async with database.session() as session:
        (sent,) = (await session.scalars(select(Outgoing))).all()
    assert sent.file and (runtime.settings.files_dir / sent.file["path"]).read_bytes().startswith(b"%PDF")


async def test_lists_are_filtered_searched_and_paged(
    officer: httpx.AsyncClient, runtime: Runtime, monkeypatch: pytest.MonkeyPatch
) -> None:
    numbers = [await registered(runtime, f"R-{one}", applicant=f"Orang {one}") for one in range(5)]
    late = await registered(runtime, "L-1", stage="verifikasi", applicant="Telat Contoh")
    await registered(runtime, "K-1", service="kudus-iui")

    async def shown(query: str) -> list[str]:
        page = (await officer.get(f"{ROOT}{query}")).text
        return re.findall(r"<strong>(PDU-[\w-]+)</strong>", page)

    assert len(await shown("")) == 7
    assert await shown("?late=1") == [late]
    assert len(await shown("?office=kudus")) == 1 and len(await shown("?service=magetan-perluasan")) == 6
    assert await shown("?stage=verifikasi") == [late] and await shown("?turn=office") == [late]
    assert await shown("?q=orang 3") == [numbers[3]] and await shown(f"?q={numbers[2].lower()}") == [numbers[2]]
    assert await shown("?q=100%25") == [] and await shown("?q=R-4") == [numbers[4]]
    monkeypatch.setattr("bot.applications.lists.page.__defaults__", (3,))
    first = (await officer.get(ROOT)).text
    older = re.search(r'href="(/console/applications\?before=\d+)"', first)
    assert older
    second = (await officer.get(older[1])).text
    newer = re.search(r'href="(/console/applications\?after=\d+)"', second)
    assert newer
    seen = [*re.findall(r"<strong>(PDU-[\w-]+)</strong>", first), *re.findall(r"<strong>(PDU-[\w-]+)</strong>", second)]
    assert len(set(seen)) == 6
    assert re.findall(r"<strong>(PDU-[\w-]+)</strong>", (await officer.get(newer[1])).text) == seen[:3]


async def test_the_overdue_list(officer: httpx.AsyncClient, runtime: Runtime) -> None:
    late = await registered(runtime, "L-1", stage="verifikasi")
    await registered(runtime, "R-1")
    page = (await officer.get(f"{ROOT}/overdue")).text
    assert late in page and "lewat" in page and page.count("<strong>PDU-") == 1
    assert late not in (await officer.get(f"{ROOT}/overdue?office=kudus")).text


async def test_a_list_is_looked_through_before_it_is_written(
    officer: httpx.AsyncClient, database: Database, signed_in: SignedIn
) -> None:
    right = ["M/1", "magetan-perluasan", "Ani", "081234567890", "02-01-2026", "verifikasi", "05-01-2026"]
    wrong = ["M/2", "izin terbang", "", "", "31-02-2026", "", ""]
    preview = await upload(officer, sheet([right, wrong]))
    assert preview.status_code == 200
    assert "tidak dikenal" in preview.text and '<td class="number">3</td>' in preview.text
    async with database.session() as session:
        assert (await session.scalars(select(Application))).all() == []
        kept = (await session.scalars(select(ApplicationImport))).one()
    address = f"{ROOT}/import/{kept.id}"
    stranger = await signed_in("officer")
    foreign = await stranger.post(address, data={"skip_wrong": "1"})
    assert foreign.status_code == 422 and "sudah tidak ada" in foreign.text
    again = await officer.post(address)
    assert again.status_code == 200 and "baris yang benar saja" in again.text, "nothing is written without a yes to it"
    done = await officer.post(address, data={"skip_wrong": "1"})
    assert done.status_code == 303
    async with database.session() as session:
        assert [one.reference for one in await session.scalars(select(Application))] == ["M/1"]
        assert (await session.scalars(select(ApplicationImport))).all() == []
    assert (await officer.post(address)).status_code == 422
    same = await upload(officer, sheet([right]))
    assert "Tulis sekarang" not in same.text, "running it twice changes nothing"


@pytest.mark.parametrize(
    ("content", "said"),
    [
        (b"", "kosong"),
        (b"nama;umur\nBudi;3\n", "kolom ini tidak ada"),
        (b"\x00\x01", "bukan CSV atau XLSX"),
        (b"PK\x05\x06" + b"\0" * 18, "tidak terbaca sebagai XLSX"),
    ],
)
async def test_a_file_that_is_no_list(officer: httpx.AsyncClient, content: bytes, said: str) -> None:
    answer = await upload(officer, content)
    assert answer.status_code == 422 and said in answer.text.lower().replace("csv", "CSV").replace("xlsx", "XLSX")


async def test_a_large_file_is_refused(officer: httpx.AsyncClient, app: FastAPI) -> None:
    assert (await upload(officer, b"x" * 50_000_000)).status_code == 413
    assert (await officer.post(f"{ROOT}/import")).status_code == 422
    other = await officer.post(f"{ROOT}/new", content=b"x" * 2_000_000)
    assert other.status_code == 413, "only the import takes large bodies"


@pytest.mark.parametrize("number", ["1", "PDU-2222-2222", "%00", "..%2fofficers"])
async def test_an_unknown_number(officer: httpx.AsyncClient, number: str) -> None:
    answer = await officer.get(f"{ROOT}/{number}")
    assert answer.status_code in (400, 404)
    for act in ("advance", "note", "contacts", "receipt", "claim-code"):
        assert (await officer.post(f"{ROOT}/{number}/{act}", data={"words": "x"})).status_code in (400, 404, 422)


@pytest.mark.parametrize("stage", ["perbaikan", "penolakan"])
@pytest.mark.parametrize("reason", ["", "  ", "kurang"])
async def test_who_has_to_mend_or_is_refused_reads_why(
    officer: httpx.AsyncClient, runtime: Runtime, stage: str, reason: str
) -> None:
    number = await registered(runtime, stage="pemeriksaan")
    form = {"stage": stage, "expected": "pemeriksaan", "reason": reason}
    refused = await officer.post(f"{ROOT}/{number}/advance", data=form)
    assert refused.status_code == 422 and "dapat ditindaklanjuti" in refused.text
    said = form | {"reason": "Akta pendirian tidak terbaca, unggah lagi."}
    assert (await officer.post(f"{ROOT}/{number}/advance", data=said)).status_code == 303
