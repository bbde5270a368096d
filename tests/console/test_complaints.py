"""Reports in the console: fields to copy, a number that is required, clocks, and what is shown to nobody."""

from __future__ import annotations

import re
from collections.abc import AsyncIterator, Awaitable, Callable
from datetime import UTC, datetime, timedelta
from zoneinfo import ZoneInfo

import httpx
import pytest
from sqlalchemy import select, text

from bot.audit.models import AuditLine
from bot.complaints.models import Complaint, ComplaintDelivery, ComplaintFile
from bot.conversations.models import Conversation, Incoming, Outgoing
from bot.conversations.runtime import Runtime
from bot.knowledge.load import get_knowledge
from bot.storage.database import Database
from bot.working_days import NATIONAL
from tests.console.conftest import SignedIn

ROOT = "/console/complaints"
TITLE, BODY, NAME, CONTACT = "Izin tidak kunjung terbit", "Loketnya tutup terus.", "Siti Rahayu", "0812-0000-0000"
Makes = Callable[..., Awaitable[int]]


@pytest.fixture(autouse=True)
async def empty(database: Database) -> AsyncIterator[None]:
    async with database.session() as session:
        await session.execute(text("truncate conversations, procrastinate_jobs cascade"))
    yield


@pytest.fixture
async def officer(signed_in: SignedIn) -> httpx.AsyncClient:
    return await signed_in("officer")


@pytest.fixture
def makes(database: Database) -> Makes:
    """Stores a report that was agreed to; returns its number."""

    async def make(status: str = "queued", visibility: str = "nama", days: int = 1, **changed: object) -> int:
        async with database.session() as session:
            person = Conversation(channel="simulator", address=f"warga-{datetime.now(UTC).timestamp()}")
            session.add(person)
            await session.flush()
            answers = {"visibility": visibility, "office_id": "magetan", "contact": CONTACT, "place": "loket"}
            values = {
                "conversation_id": person.id,
                "status": status,
                "step": "",
                "answers": answers | ({} if visibility in ("anonim", "keduanya") else {"name": NAME}),
                "title": TITLE,
                "body": BODY,
                "route": "delay",
                "recipient": "lapor",
                "office": "magetan",
                "service": "magetan-perluasan",
                "stage": "verifikasi",
                "confirmed_at": datetime.now(UTC) - timedelta(days=days),
            }
            row = Complaint(**{**values, **changed})
            session.add(row)
            await session.flush()
            return row.id

    return make


async def told(database: Database) -> list[str]:
    async with database.session() as session:
        return list(await session.scalars(select(Outgoing.text).order_by(Outgoing.id)))


async def acts(database: Database, report: int) -> list[str]:
    async with database.session() as session:
        query = select(AuditLine.action).where(AuditLine.subject == "complaint", AuditLine.subject_id == report)
        return list(await session.scalars(query.order_by(AuditLine.id)))


async def test_the_queue_holds_no_words_and_no_names(officer: httpx.AsyncClient, makes: Makes) -> None:
    reports = [await makes(visibility=one) for one in ("nama", "anonim", "rahasia", "keduanya")]
    late = await makes(days=20)
    own = await makes("handed")
    page = (await officer.get(ROOT)).text
    shown = [int(one) for one in re.findall(r"Laporan (\d+)</strong>", page)]
    assert shown[0] == late and sorted(shown) == sorted([late, *reports]) and own not in shown
    assert "Proses lama" in page and "terlambat" in page and 'data-waiting="5"' in page
    assert not [word for word in (TITLE, BODY, NAME, CONTACT) if word in page]


async def test_fields_to_copy_then_the_number_is_required(
    officer: httpx.AsyncClient, makes: Makes, database: Database
) -> None:
    report = await makes()
    page = (await officer.get(f"{ROOT}/{report}")).text
    copied = re.findall(r'data-copy="([^"]*)" aria-label="Salin ([^"]+)"', page)
    assert [label for _, label in copied[:3]] == ["Judul", "Isi laporan", "Lokasi kejadian"]
    assert (TITLE, "Judul") in copied and (BODY, "Isi laporan") in copied and (NAME, "Nama") in copied
    assert "lapor.go.id" in page and "belum terhitung masuk LAPOR!" in page
    for wrong in ("", "12", "abc", "081234567890"):
        answer = await officer.post(f"{ROOT}/{report}/tracking", data={"tracking_id": wrong})
        assert answer.status_code == 422 and "5 sampai 10 angka" in answer.text
    assert await told(database) == []
    assert (await officer.post(f"{ROOT}/{report}/tracking", data={"tracking_id": " #1916449"})).status_code == 303
    assert (await officer.post(f"{ROOT}/{report}/tracking", data={"tracking_id": "1916449"})).status_code == 303
    (said,) = await told(database)
    assert "Petugas sudah mengirim" in said and "1916449" in said
    page = (await officer.get(f"{ROOT}/{report}")).text
    assert "Tindak lanjut" in page and NAME not in page and CONTACT not in page, "no need of them any more"
    other = await makes()
    taken = await officer.post(f"{ROOT}/{other}/tracking", data={"tracking_id": "1916449"})
    assert taken.status_code == 422 and "dipakai laporan lain" in taken.text
    assert await acts(database, report) == ["complaint.read", "complaint.submitted", "complaint.submitted"]


@pytest.mark.parametrize("visibility", ["rahasia", "keduanya"])
async def test_secret_words_are_an_audited_act(
    officer: httpx.AsyncClient, makes: Makes, database: Database, visibility: str
) -> None:
    report = await makes(visibility=visibility)
    page = (await officer.get(f"{ROOT}/{report}")).text
    assert TITLE not in page and BODY not in page and NAME not in page
    shown = (await officer.post(f"{ROOT}/{report}/take")).text
    assert TITLE in shown and BODY in shown and (NAME in shown) == (visibility == "rahasia")
    assert BODY not in (await officer.get(f"{ROOT}/{report}")).text, "on that answer only"
    assert await acts(database, report) == ["complaint.read", "complaint.revealed"]
    await officer.post(f"{ROOT}/{report}/tracking", data={"tracking_id": "1916449"})
    after = await officer.post(f"{ROOT}/{report}/take")
    assert BODY not in after.text and NAME not in after.text
    said = "\n".join(await told(database))
    assert "1916449" in said and not [word for word in (TITLE, BODY, NAME) if word in said]


async def test_who_reported_anonymously_is_shown_to_nobody(signed_in: SignedIn, makes: Makes) -> None:
    report = await makes(visibility="anonim")
    for role in ("officer", "supervisor", "administrator"):
        client = await signed_in(role)
        for answer in (await client.get(f"{ROOT}/{report}"), await client.post(f"{ROOT}/{report}/take")):
            assert BODY in answer.text and CONTACT not in answer.text and "warga-" not in answer.text


@pytest.mark.parametrize(
    "changed", [{"status": "submitted", "submitted_by": "citizen", "tracking_id": "1916449"}, {"route": "bribe"}]
)
async def test_what_is_not_for_the_office_keeps_its_words(
    officer: httpx.AsyncClient, makes: Makes, changed: dict[str, str]
) -> None:
    report = await makes(**changed)  # type: ignore[arg-type]
    for answer in (await officer.get(f"{ROOT}/{report}"), await officer.post(f"{ROOT}/{report}/take")):
        assert answer.status_code == 200 and TITLE not in answer.text and BODY not in answer.text
    file = await officer.post(f"{ROOT}/{report}/attachments/1")
    assert file.status_code == 404


async def test_a_citizens_own_draft_is_no_page(officer: httpx.AsyncClient, makes: Makes) -> None:
    for status in ("handed", "ready", "paused"):
        report = await makes(status)
        assert (await officer.get(f"{ROOT}/{report}")).status_code == 404
        answer = await officer.post(f"{ROOT}/{report}/tracking", data={"tracking_id": "1916449"})
        assert answer.status_code == 404


async def test_a_colleague_sees_who_took_it(signed_in: SignedIn, makes: Makes) -> None:
    report = await makes()
    first, second = await signed_in("officer"), await signed_in("supervisor")
    await first.post(f"{ROOT}/{report}/take")
    assert "sedang mengirim laporan ini" in (await second.get(f"{ROOT}/{report}")).text
    assert "sedang mengirim laporan ini" not in (await first.get(f"{ROOT}/{report}")).text


async def test_the_offices_answer_asks_the_citizen_and_closes_nothing(
    officer: httpx.AsyncClient, makes: Makes, database: Database
) -> None:
    submitted = datetime.now(UTC) - timedelta(days=14)
    report = await makes("submitted", submitted_at=submitted, tracking_id="1916449", submitted_by="officer")
    today = datetime.now(UTC).date()
    for wrong in ("", "besok", (today + timedelta(days=2)).isoformat(), "2020-01-01"):
        assert (await officer.post(f"{ROOT}/{report}/answered", data={"on": wrong})).status_code == 422
    day = (today - timedelta(days=1)).isoformat()
    assert (await officer.post(f"{ROOT}/{report}/answered", data={"on": day})).status_code == 303
    (said,) = await told(database)
    assert "Apakah masalahnya sudah selesai?" in said and "Balas di LAPOR! sebelum" in said
    async with database.session() as session:
        row = await session.get_one(Complaint, report)
        assert (row.status, row.closed_at) == ("answered", None)
    assert f"Laporan {report}" in (await officer.get(f"{ROOT}?view=done")).text
    again = await officer.post(f"{ROOT}/{report}/answered", data={"on": day})
    assert again.status_code == 422


async def test_lists_by_what_is_due(officer: httpx.AsyncClient, makes: Makes) -> None:
    now = datetime.now(UTC)
    today = now.astimezone(ZoneInfo("Asia/Jakarta")).date()
    reply_within = next(one.days for one in get_knowledge().complaints.stages if one.id == "reply")
    due_now = today
    while NATIONAL.after(due_now - timedelta(1), reply_within) >= today:
        due_now -= timedelta(1)
    closing = await makes("answered", tracking_id="1111111", submitted_at=now, answered_on=due_now)
    far = await makes("answered", tracking_id="2222222", submitted_at=now, answered_on=today)
    page = (await officer.get(f"{ROOT}?view=closing")).text
    assert f"Laporan {closing}" in page and f"Laporan {far}" not in page
    assert (await officer.get(f"{ROOT}?view=lain")).status_code == 422


async def test_a_dead_letter_is_tried_again(officer: httpx.AsyncClient, makes: Makes, database: Database) -> None:
    report = await makes("sending")
    assert (await officer.post(f"{ROOT}/{report}/retry")).status_code == 422
    async with database.session() as session:
        session.add(ComplaintDelivery(complaint_id=report, key="k-1", status="dead", attempts=12, error="503"))
    listed = (await officer.get(f"{ROOT}?view=dead")).text
    assert f"Laporan {report}" in listed and "gagal terkirim" in listed
    assert "503" in (await officer.get(f"{ROOT}/{report}")).text
    assert (await officer.post(f"{ROOT}/{report}/retry")).status_code == 303
    async with database.session() as session:
        delivery = (await session.scalars(select(ComplaintDelivery))).one()
        assert (delivery.status, delivery.attempts, delivery.key) == ("pending", 0, "k-1")


async def test_an_attachment_for_lapor(
    officer: httpx.AsyncClient, makes: Makes, database: Database, runtime: Runtime
) -> None:
    report = await makes()
    folder = runtime.settings.files_dir
    folder.mkdir(parents=True, exist_ok=True)
    (folder / "complaint-x.jpg").write_bytes(b"\xff\xd8\xff klein")
    async with database.session() as session:
        row = await session.get_one(Complaint, report)
        message = Incoming(
            conversation_id=row.conversation_id, channel="simulator", provider_id=f"f-{report}", kind="photo"
        )
        session.add(message)
        await session.flush()
        file = ComplaintFile(
            complaint_id=report, message_id=message.id, media_type="image/jpeg", path="complaint-x.jpg", size=9
        )
        session.add(file)
        await session.flush()
    assert f"/attachments/{file.id}" in (await officer.get(f"{ROOT}/{report}")).text
    answer = await officer.post(f"{ROOT}/{report}/attachments/{file.id}")
    assert answer.content == b"\xff\xd8\xff klein" and "attachment" in answer.headers["content-disposition"]
    assert answer.headers["x-content-type-options"] == "nosniff"
    assert "complaint.file-read" in await acts(database, report)


async def test_figures_as_table_picture_and_csv(officer: httpx.AsyncClient, makes: Makes) -> None:
    now = datetime.now(UTC)
    for _ in range(2):
        await makes("answered", submitted_at=now - timedelta(days=7), tracking_id=None, answered_on=now.date())
    await makes(visibility="rahasia", days=400)
    page = (await officer.get(f"{ROOT}/figures")).text
    assert "<svg" in page and "Proses lama" in page and "Verifikasi teknis" in page and "sampai 5 hari kerja" in page
    assert not [word for word in (TITLE, BODY, NAME, CONTACT) if word in page]
    table = (await officer.get(f"{ROOT}/figures.csv?period=")).text.splitlines()
    assert table[0].removeprefix("\ufeff").startswith("Kantor;Layanan;Tahap permohonan;Sebab;Status;Laporan;")
    first = "Kabupaten Magetan;Perluasan Usaha Industri;Verifikasi teknis;Proses lama;dijawab;2;0;2;"
    assert table[1].startswith(first) and len(table) == 3
    assert len((await officer.get(f"{ROOT}/figures.csv?period=90")).text.splitlines()) == 2
    assert len((await officer.get(f"{ROOT}/figures.csv?of=kudus")).text.splitlines()) == 1
    assert (await officer.get(f"{ROOT}/figures?period=x")).status_code == 422
