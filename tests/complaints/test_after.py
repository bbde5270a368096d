"""After the yes: the pieces to copy, the tracking id, the reminders, the office's answer, closing and opening again."""

from __future__ import annotations

from datetime import UTC, date, datetime, timedelta

import pytest

from bot.complaints import watch
from bot.complaints.models import ComplaintEvent
from bot.complaints.watch import News, collect, portion
from bot.knowledge.load import get_knowledge
from tests.actions.chat import Said
from tests.complaints.conftest import Person


async def handed(person: Person, visibility: str = "Nama ditampilkan") -> Said:
    """A report that the citizen sends to LAPOR!."""
    await person.to_preview(visibility)
    await person.tap("Ya, sudah benar")
    return await person.tap("Saya kirim sendiri")


async def tracked(person: Person) -> Said:
    await handed(person)
    return await person.say("1916449")


async def due_news(person: Person) -> list[News]:
    """What is due now, of everybody."""
    rows = await portion(person.session, person.now, 0)
    return await collect(person.session, rows, get_knowledge(), person.now, "Asia/Jakarta")


async def news(person: Person) -> list[str]:
    found = await due_news(person)
    return [one.name for one in found if one.conversation == person.chat.conversation]


async def test_pieces_in_the_order_of_the_form(person: Person) -> None:
    said = await handed(person, "Rahasia")
    head, title, body, after = (one["text"] for one in said.messages)
    labels = ["Judul", "Isi laporan", "Tanggal kejadian", "Lokasi kejadian", "Instansi tujuan", "Kategori", "Anonim"]
    places = [head.index(f". {label}") for label in labels]
    assert places == sorted(places)
    assert "https://www.lapor.go.id" in head and "SMS: 1708" in head and "Rahasia: Rahasia" in head
    report = await person.report()
    assert (title, body) == (report.title, report.body), "nothing around what is to be copied"
    assert len(title) <= 100
    assert "Tracking ID" in after
    assert report.status == "handed"


async def test_nothing_says_in_lapor_before_the_tracking_id(person: Person) -> None:
    said = await handed(person)
    assert "masuk LAPOR!" not in said.text
    assert "menunggu Anda kirim" in (await person.say("cek laporan saya", "track_status")).text
    tracked = await person.say("#1916449")
    assert "1916449" in tracked.text and "26 November 2026" in tracked.text and "3 Desember 2026" in tracked.text
    assert "masuk LAPOR!, Tracking ID #1916449" in (await person.say("status laporan saya", "complaint")).text


@pytest.mark.parametrize(
    "text", ["1916449", "Terima kasih. Laporan Anda tercatat dengan Tracking ID #1916449 di LAPOR!"]
)
async def test_a_tracking_id_typed_or_forwarded(person: Person, text: str) -> None:
    await handed(person)
    await person.say(text, "out_of_scope")
    report = await person.report()
    assert (report.status, report.tracking_id, report.submitted_by) == ("submitted", "1916449", "citizen")


@pytest.mark.parametrize("text", ["123", "081234567", "12345678901"])
async def test_what_cannot_be_a_tracking_id(person: Person, text: str) -> None:
    await handed(person)
    await person.tap("Sudah saya kirim")
    assert "5 sampai 10 angka" in (await person.say(text)).text
    assert (await person.report()).tracking_id is None


async def test_other_numbers_are_not_taken(person: Person) -> None:
    await handed(person)
    await person.say("syarat kbli 13134", "ask_risk_or_kbli", kbli="13134")
    await person.say("13134", "ask_risk_or_kbli", kbli="13134")
    await person.say("1234567890123", "track_status", nib="1234567890123")
    await person.say("saya bayar 500000", "out_of_scope")
    assert (await person.report()).tracking_id is None


async def test_the_same_message_again_records_once(person: Person) -> None:
    await handed(person)
    first = await person.say("1916449")
    again = await person.say("1916449", again=True)
    assert first.text == again.text


async def test_a_wrong_number_is_put_right(person: Person) -> None:
    await tracked(person)
    await person.tap("Nomornya salah")
    await person.say("1916450")
    report = await person.report()
    assert (report.status, report.tracking_id) == ("submitted", "1916450")


async def test_reminders_of_the_whole_life(person: Person) -> None:
    await handed(person)
    assert await news(person) == []
    person.later(days=1)
    assert await news(person) == ["tracking-1"]
    assert await news(person) == [], "told once"
    await person.say("1916449")
    person.later(days=3)  # Friday 27 November: the last day of LAPOR!'s three
    assert await news(person) == []
    person.later(days=1)
    assert await news(person) == ["verification"]
    person.now = datetime(2026, 12, 4, 5, tzinfo=UTC)
    assert await news(person) == []
    person.now = datetime(2026, 12, 5, 5, tzinfo=UTC)
    assert await news(person) == ["followup"]
    person.now = datetime(2026, 12, 12, 5, tzinfo=UTC)
    assert await news(person) == ["ombudsman"]
    await person.say("cek laporan saya")
    await person.tap("Sudah dijawab")
    await person.say("sudah ditindaklanjuti, berkas lengkap")
    report = await person.report()
    assert (report.status, report.answered_on) == ("answered", date(2026, 12, 12))
    person.now = datetime(2026, 12, 23, 5, tzinfo=UTC)
    assert await news(person) == ["reply-2026-12-12"]
    assert "selesai menurut Anda" in (await closed(person)).text
    person.later(days=60)
    assert await news(person) == []


async def closed(person: Person) -> Said:
    await person.say("cek laporan saya")
    return await person.tap("Ya, sudah selesai")


async def test_after_an_outage_only_the_newest_is_told(person: Person) -> None:
    await tracked(person)
    person.later(days=60)
    assert await news(person) == ["ombudsman"]
    assert await news(person) == []


async def test_belum_opens_it_again_and_nothing_closes_by_itself(person: Person) -> None:
    await tracked(person)
    person.later(days=4)
    await person.tap("Sudah dijawab")
    await person.say("katanya sudah beres")
    person.later(days=40)
    await news(person)
    assert (await person.report()).status == "answered", "only the person closes it"
    said = await person.say("belum selesai")
    assert "Ombudsman" in said.text and "lanjutan" in said.text
    assert (await person.report()).status == "reopened"
    assert "ombudsman.go.id/perwakilan" in (await person.tap("Kontak Ombudsman")).text
    await person.say("cek laporan saya")
    await person.tap("Ya, sudah selesai")
    assert (await person.report()).status == "closed"
    assert "belum selesai" in (await person.say("masih belum selesai juga", "complaint")).text
    assert (await person.report()).status == "reopened"


async def test_what_the_office_answered_is_kept(person: Person) -> None:
    await tracked(person)
    await person.tap("Sudah dijawab")
    await person.say("Yth. pelapor, permohonan Anda sedang diproses. 0351-891321", "ask_duration")
    events = (await person.session.execute(ComplaintEvent.__table__.select())).mappings().all()
    assert [one["text"] for one in events if one["kind"] == "answer"] == [
        "Yth. pelapor, permohonan Anda sedang diproses. 0351-891321"
    ]
    assert "sudah selesai" in person.chat.last.text


async def test_still_waiting_points_to_the_ombudsman_only_when_late(person: Person) -> None:
    await tracked(person)
    await person.say("cek laporan saya")
    assert "Ombudsman" not in (await person.tap("Belum ada jawaban")).text
    person.later(days=20)
    await person.say("cek laporan saya")
    assert "Ombudsman" in (await person.tap("Belum ada jawaban")).text


async def test_an_officer_sends_it(person: Person) -> None:
    await person.to_preview()
    await person.tap("Ya, sudah benar")
    said = await person.tap("Dikirimkan petugas")
    assert "belum masuk" in said.text
    person.later(days=3)
    assert await news(person) == ["queued"]
    assert (await person.tap("Saya kirim sendiri")).messages[1]["text"] == (await person.report()).title


async def test_ways_are_chosen_per_office(person: Person) -> None:
    person.configure(complaint_officers="kudus")
    await person.to_preview()
    assert "Dikirimkan petugas" not in (await person.tap("Ya, sudah benar")).buttons
    connector = {"url": "https://sistem.example.go.id/laporan", "secret": "enambelas-huruf-lebih"}
    person.configure(complaint_officers="magetan", complaint_connectors={"magetan": connector})
    said = await person.say("cek laporan saya")
    assert list(said.buttons)[:3] == ["Saya kirim sendiri", "Dikirimkan petugas", "Kirim ke kantor"]


async def test_the_office_itself_gets_it_by_its_printed_channels(person: Person) -> None:
    await person.to_preview(recipient="Kantor yang melayani")
    await person.tap("Ya, sudah benar")
    said = await person.tap("Saya kirim sendiri")
    assert "0895633648010" in said.text and "lapor.go.id" not in said.text
    assert "Saya tanyakan kabarnya" in (await person.tap("Sudah saya kirim")).text
    person.later(days=21)
    assert await news(person) == ["other"]


async def test_a_secret_report_shows_no_words_in_lists_and_news(person: Person) -> None:
    await handed(person, "Rahasia")
    for text in ((await person.say("cek laporan saya")).text, (await person.say("1916449")).text):
        assert "3 minggu" not in text and "izin perluasan" not in text.lower()
    person.later(days=30)
    found = await due_news(person)
    assert all("3 minggu" not in one.text for one in found)


async def test_withdrawing_before_it_is_sent(person: Person) -> None:
    await handed(person)
    await person.tap("Batalkan")
    await person.tap("Ya, hapus laporan")
    assert await person.count() == 0


async def test_several_reports_are_listed_and_asked_about(person: Person) -> None:
    await handed(person)
    await person.say("tolong buatkan laporan", "complaint")
    await person.tap("Pengaduan")
    await person.say("loket tutup jam sepuluh padahal jam kantor")
    for title in ("Selesai", "Kemarin", "Lewati", "Lewati", "Lewati", "Anonim", "Lewati"):  # the service was named
        await person.tap(title)
    await person.tap("LAPOR!")
    await person.tap("Ya, sudah benar")
    await person.tap("Saya kirim sendiri")
    asked = await person.say("Tracking ID 1916449")
    assert "laporan yang mana" in asked.text and len(asked.buttons) == 2
    await person.tap(next(iter(asked.buttons)))
    listed = await person.say("laporan saya")
    assert "1. " in listed.text and "2. " in listed.text and "#1916449" in listed.text


def test_reminders_are_for_the_daytime() -> None:
    assert 7 not in watch.DAYTIME and 8 in watch.DAYTIME and 20 not in watch.DAYTIME


async def test_a_draft_that_is_left_is_asked_about_and_nothing_is_sent(person: Person) -> None:
    await person.to_preview()
    await person.tap("Simpan dulu")
    left = person.now
    person.now = datetime(2026, 11, 25, 3, tzinfo=UTC)
    assert await news(person) == []
    person.now = datetime(2026, 11, 26, 3, tzinfo=UTC)
    (first,) = await due_news(person)
    assert "belum selesai disusun dan belum dikirim" in first.text and "gak ada kabar" not in first.text
    assert [one.title for one in first.buttons] == ["Lanjutkan laporan", "Batalkan"]
    assert await news(person) == []
    person.now = left + timedelta(days=30)
    (last,) = await due_news(person)
    assert "sebulan" in last.text
    assert await news(person) == [] and (await person.report()).status == "paused"


async def test_after_a_month_the_preview_is_shown_again_before_it_counts(person: Person) -> None:
    await person.to_preview()
    agree = person.chat.last.buttons["Ya, sudah benar"]
    await person.tap("Simpan dulu")
    person.now += timedelta(days=31)
    said = await person.send(agree)
    assert "terakhir diubah 23 November 2026" in said.text and "Ini laporannya" in said.text
    assert (await person.report()).status == "drafting"
    if "Ya, tambahkan" in said.buttons:
        await person.tap("Ya, tambahkan")
    await person.tap("Ya, sudah benar")
    assert (await person.report()).status == "ready"


async def test_an_empty_draft_is_not_asked_about(person: Person) -> None:
    await person.say("buat laporan", "complaint")
    person.now += timedelta(days=40)
    assert await news(person) == []
