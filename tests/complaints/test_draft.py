"""A report in the chat: listening, one question at a time, changing, putting aside, cancelling, agreeing."""

from __future__ import annotations

from sqlalchemy import func, select

from actions.complaints import INTENT
from bot.complaints import wording
from bot.complaints.models import ComplaintPart
from bot.conversations.models import Conversation, Incoming
from tests.complaints.conftest import LONG_STORY, Person


async def test_listening_offers_what_can_be_solved_at_once(person: Person) -> None:
    said = await person.say(LONG_STORY, "complaint", office="magetan")
    assert "0895633648010" in said.text and "5 hari" in said.text, "what the office's own standard says, first"
    assert {source["document"] for source in said.sources} >= {"Standar Pelayanan Magetan"}
    assert list(said.buttons)[:2] == ["Buat laporan", "Saluran kantor"] and list(said.buttons)[-1] == "Bicara petugas"
    assert await person.count() == 0, "nothing is kept before the person wants a report"
    assert "0895633648010" in (await person.tap("Saluran kantor")).text


async def test_channels_ask_for_the_region_first(person: Person) -> None:
    await person.say("petugasnya tidak ramah", "complaint")
    assert "Kabupaten Kudus" in (await person.tap("Saluran kantor")).buttons
    kudus = await person.tap("Kabupaten Kudus")
    assert "tidak disebutkan" in kudus.text and "LAPOR!" in kudus.text


async def test_a_whole_report_from_plain_words(person: Person) -> None:
    preview = await person.to_preview()
    text = preview.messages[0]["text"]
    assert "Sudah 3 minggu izin perluasan saya tidak ada kabar, tiap ditanya petugasnya" in text
    assert "Izin Perluasan Usaha Industri di DPMPTSP Kabupaten Magetan" in text
    assert "Waktu kejadian: 3 November 2026." in text
    assert "Standar Pelayanan Magetan: 5 hari" in text and "sudah 14 hari kerja" in text
    assert "Yang saya harapkan: izinnya segera diproses." in text
    assert "Untuk: SP4N-LAPOR!" in preview.text and "Sebagai: Rahasia (Siti Aminah)" in preview.text
    report = await person.report()
    assert (report.status, report.title, report.body) == ("drafting", "", "")
    agreed = await person.tap("Ya, sudah benar")
    assert "Belum dikirim ke mana pun" in agreed.text
    report = await person.report()
    assert report.status == "ready" and f"Judul: {report.title}\n\nIsi:\n{report.body}" in text, "exactly as previewed"
    assert (report.route, report.recipient, report.office, report.service) == (
        "delay",
        "lapor",
        "magetan",
        "magetan-perluasan",
    )


async def test_words_of_the_hour_before_are_taken_over(person: Person) -> None:
    await person.say("petugasnya galak", "complaint")
    first = await person.session.get(Incoming, person.messages[0])
    assert first is not None
    first.understood = {"family": "complaint"}
    await person.say("saya juga dipingpong ke sana kemari", "complaint")
    await person.tap("Buat laporan")
    assert "Hapus pesan terakhir" in person.chat.last.buttons
    await person.tap("Hapus pesan terakhir")
    assert "Tersisa 1 pesan" in person.chat.last.text
    parts = (await person.session.execute(select(ComplaintPart.text))).scalars().all()
    assert parts == ["petugasnya galak"]


async def test_free_text_is_never_taken_for_a_question(person: Person) -> None:
    await person.say("petugasnya galak", "complaint", office="magetan")
    await person.tap("Buat laporan")
    said = await person.say("saya tanya berapa biayanya, dijawab dua juta", "ask_cost")
    assert "Saya catat (2 pesan)" in said.text
    said = await person.say("saya minta bicara dengan petugas lain tapi malah diusir satpam", "talk_to_human")
    assert "Saya catat (3 pesan)" in said.text and person.chat.requests == []


async def test_the_same_message_twice_counts_once(person: Person) -> None:
    await person.say("petugasnya galak", "complaint", office="magetan")
    await person.tap("Buat laporan")
    await person.say("loketnya tutup jam 10")
    again = await person.say("loketnya tutup jam 10", again=True)
    assert "2 pesan" in again.text
    said = await person.say("loketnya tutup jam 10")
    assert "sudah tercatat" in said.text
    assert await person.session.scalar(select(func.count(ComplaintPart.id))) == 2


async def test_every_answer_can_be_changed(person: Person) -> None:
    await person.to_preview()
    for part, value, shown in (
        ("Waktu", "5 november 2026", "5 November 2026"),
        ("Tempat", "loket 3", "Tempat: Loket 3."),
        ("Harapan", "dilayani dengan baik", "dilayani dengan baik"),
    ):
        await person.tap("Ubah")
        await person.tap(part)
        await person.say(value)
        for title in ("Tidak usah", "Ya, samarkan"):
            if title in person.chat.last.buttons:
                await person.tap(title)
        assert shown in person.chat.last.text
    await person.tap("Ubah")
    await person.tap("Bagian lain")
    await person.tap("Judul")
    assert "Judul: Tolong izin saya" in (await person.say("Tolong izin saya")).text
    await person.say("ubah anonim")
    await person.tap("Anonim")
    assert "Sebagai: Anonim\n" in person.chat.last.text and "Siti" not in person.chat.last.text


async def test_a_changed_office_asks_for_the_service_again(person: Person) -> None:
    await person.to_preview()
    await person.tap("Ubah")
    await person.tap("Kantor")
    assert "Layanan apa" in (await person.tap("Kabupaten Kudus")).text
    await person.say("SIUP")
    assert "SIUP di DPMPTSP Kabupaten Kudus" in person.chat.last.text


async def test_own_words_stay_as_they_are(person: Person) -> None:
    await person.to_preview()
    assert LONG_STORY in (await person.tap("Pakai kata saya sendiri")).text
    assert LONG_STORY not in (await person.tap("Pakai bahasa rapi")).text


async def test_an_old_yes_agrees_to_nothing(person: Person) -> None:
    await person.to_preview()
    old = person.chat.last.buttons["Ya, sudah benar"]
    await person.tap("Pakai kata saya sendiri")
    said = await person.send(old)
    assert wording.STALE.split(".")[0] in said.text
    assert (await person.report()).status == "drafting"
    assert "tekan tombol" in (await person.say("ya", "affirm")).text
    assert (await person.report()).status == "drafting", "a typed yes is not enough"


async def test_pause_and_resume_after_a_lost_memory(person: Person) -> None:
    await person.say("petugasnya galak", "complaint", office="magetan")
    await person.tap("Buat laporan")
    assert "Ketik “lanjutkan laporan”" in (await person.say("lanjutkan nanti", "guide_resume")).text
    person.chat.slots, person.chat.events = {}, []
    answered = await person.say("berapa biayanya di magetan", "ask_cost", office="magetan")
    assert "Saya catat" not in answered.text
    said = await person.say("lanjutkan laporan", "guide_resume")
    assert "Saya catat (1 pesan)" in said.text or "Kita lanjutkan" in said.text


async def test_a_draft_left_for_a_month_takes_nothing_by_accident(person: Person) -> None:
    await person.say("petugasnya galak", "complaint", office="magetan")
    await person.tap("Buat laporan")
    person.later(days=30)
    assert "Kudus" in (await person.say("apa syarat izin di kudus", "ask_requirements", office="kudus")).text
    report = await person.report()
    assert report.status == "paused"
    said = await person.say("petugasnya galak lagi", "complaint")
    assert "Masih ada laporan" in said.text and "Lanjutkan laporan" in said.buttons
    assert "Kita lanjutkan" in (await person.tap("Lanjutkan laporan")).text


async def test_menu_in_the_middle_keeps_the_draft(person: Person) -> None:
    await person.say("petugasnya galak", "complaint", office="magetan")
    await person.tap("Buat laporan")
    said = await person.say("menu", "show_menu")
    assert wording.DRAFT_SAVED in said.text
    assert (await person.report()).status == "paused"


async def test_a_person_in_the_middle(person: Person) -> None:
    await person.say("petugasnya galak", "complaint", office="magetan")
    await person.tap("Buat laporan")
    await person.say("bicara petugas", "talk_to_human")
    assert len(person.chat.requests) == 1
    assert (await person.report()).status == "paused"


async def test_cancel_leaves_nothing_behind(person: Person) -> None:
    await person.to_preview()
    assert "Hapus laporan" in (await person.tap("Batalkan")).text
    await person.tap("Tidak jadi hapus")
    assert await person.count() == 1
    await person.say("batal")
    assert "Tidak ada yang dikirim" in (await person.tap("Ya, hapus laporan")).text
    assert await person.count() == 0
    assert await person.session.scalar(select(func.count(ComplaintPart.id))) == 0
    assert "Tidak ada laporan" in (await person.send('/complaint_answer{"question":"agree","detail":1}')).text


async def test_questions_at_buttons_are_answered_and_the_report_waits(person: Person) -> None:
    await person.say("petugasnya galak", "complaint", office="magetan")
    await person.tap("Buat laporan")
    for _ in range(2):
        await person.say("selesai")
    report = await person.report()
    report.step = "visibility"
    await person.session.flush()
    said = await person.say("berapa biaya izin di magetan?", "ask_cost", office="magetan")
    assert "Bagaimana nama Anda" not in said.text
    assert "Bagaimana nama Anda" in (await person.say("yang aman aja")).text


async def test_a_money_request_asks_for_proof_and_never_for_the_proof_itself(person: Person) -> None:
    said = await person.say("petugasnya minta uang 2 juta biar cepat", "complaint", office="magetan")
    assert "tidak perlu membayar" in said.text
    await person.tap("Buat laporan")
    asked = await person.tap("Selesai")
    assert "Jangan kirim buktinya" in asked.text
    await person.tap("Ya, ada bukti")
    await person.tap("Lewati")
    await person.tap("Kemarin")
    await person.tap("Lewati")
    await person.tap("Lewati")
    await person.tap("Lewati")
    assert "Rahasia lebih aman" in person.chat.last.text
    await person.tap("Anonim dan Rahasia")
    routed = await person.tap("Lewati")
    assert list(routed.buttons)[:5] == ["Inspektorat daerah", "Polisi", "KPK", "Ombudsman", "LAPOR!"]
    assert "belum mengelola" in routed.text
    assert "saber" not in routed.text.lower()
    await person.tap("KPK")
    agreed = await person.tap("Ya, sudah benar")
    assert "Dikirimkan petugas" not in agreed.buttons, "the office's own staff do not read it first"
    sent = await person.tap("Saya kirim sendiri")
    assert "kws.kpk.go.id" in sent.text and "Tracking ID" not in sent.text


async def test_insults_and_data_of_others_are_asked_about(person: Person) -> None:
    await person.say("petugas goblok namanya budi telp 081234567890 tidak mau melayani", "complaint", office="magetan")
    await person.tap("Buat laporan")
    await person.tap("Selesai")
    await person.tap("Lewati")
    await person.tap("Tidak ingat pasti")
    for _ in range(3):
        await person.tap("Lewati")
    await person.tap("Anonim")
    await person.tap("Lewati")
    asked = await person.tap("LAPOR!")
    assert "goblok" in asked.text
    asked = await person.tap("Ya, hapus")
    assert "nomor telepon" in asked.text and "0812" not in asked.text
    preview = await person.tap("Ya, samarkan")
    assert "goblok" not in preview.text and "(nomor telepon disamarkan)" in preview.text
    assert "tidak ingat pasti" in preview.text


async def test_a_threat_stops_everything_and_calls_a_person(person: Person) -> None:
    await person.say("petugasnya galak", "complaint", office="magetan")
    await person.tap("Buat laporan")
    said = await person.say("saya diancam dibunuh kalau lapor")
    assert "110" in said.text and len(person.chat.requests) == 1
    assert (await person.report()).status == "paused"
    calm = await person.say("izin saya terancam batal, katanya diancam denda", "complaint")
    assert "110" not in calm.text and len(person.chat.requests) == 1


async def test_a_report_in_javanese_keeps_its_words(person: Person) -> None:
    await person.say("kulo wis suwe ngenteni izin durung rampung, piye iki", "complaint", office="magetan")
    await person.tap("Buat laporan")
    for title in ("Selesai", "Lewati", "Tidak ingat pasti", "Lewati", "Lewati", "Lewati", "Anonim", "Lewati", "LAPOR!"):
        await person.tap(title)
    assert "Kulo wis suwe ngenteni izin durung rampung" in person.chat.last.text
    assert "berbahasa Jawa" in person.chat.last.text


async def test_the_same_complaint_again_is_noticed(person: Person) -> None:
    await person.to_preview()
    await person.tap("Ya, sudah benar")
    preview = await person.to_preview()
    assert "mirip laporan Anda" in preview.text
    again = await person.tap("Ya, sudah benar")
    assert "mirip laporan Anda" in again.text
    assert (await person.report()).status == "drafting"
    await person.tap("Ya, sudah benar")
    assert (await person.report()).status == "ready", "the person decides"


async def test_other_people_cannot_open_a_report(person: Person) -> None:
    await person.to_preview()
    report = await person.report()
    report.conversation_id = await other(person)
    await person.session.flush()
    for question in ("agree", "show", "way", "cancel", "solved", "tracking"):
        said = await person.send(f'/{INTENT}{{"question":"{question}","answer":"ya","detail":{report.id}}}')
        assert said.text == wording.NO_DRAFT


async def test_hostile_buttons_do_no_harm(person: Person) -> None:
    await person.to_preview()
    report = await person.report()
    for entities in (
        '"question":"visibility","answer":"admin"',
        '"question":"recipient","answer":"presiden"',
        '"question":"when","answer":"9999-99-99"',
        '"question":"__class__"',
        '"question":"change","answer":"moved_by"',
        '"question":"agree","page":"99"',
        '"question":"office","answer":"../../etc"',
    ):
        await person.send(f'/{INTENT}{{{entities},"detail":{report.id}}}')
        assert (await person.report()).status == "drafting"
    assert (await person.send(f'/{INTENT}{{"question":"agree","detail":"9999999999999999999999"}}')).text
    assert (await person.send(f"/{INTENT}")).text


async def other(person: Person) -> int:
    stranger = Conversation(channel="simulator", address="orang-lain")
    person.session.add(stranger)
    await person.session.flush()
    return stranger.id


async def test_a_plain_yes_takes_the_offer(person: Person) -> None:
    await person.say("petugasnya galak", "complaint", office="magetan")
    assert "kita susun laporannya" in (await person.say("ya", "affirm")).text
    assert (await person.report()).step == "story"


async def test_secrets_are_not_kept_at_all(person: Person) -> None:
    await person.say("petugasnya galak", "complaint", office="magetan")
    await person.tap("Buat laporan")
    said = await person.say("nik saya 3374061234567890, otp 123456")
    assert "Demi keamanan" in said.text
    parts = (await person.session.execute(select(ComplaintPart.text))).scalars().all()
    assert "nik saya [NIK], otp [kode]" in parts


async def test_a_story_that_begins_like_a_control_word_is_a_story(person: Person) -> None:
    await person.say("petugasnya galak", "complaint", office="magetan")
    await person.tap("Buat laporan")
    for number, text in enumerate(
        ("ubah syarat terus", "batal terus jadwalnya tanpa alasan", "kembali lagi kembali lagi"), 2
    ):
        assert f"Saya catat ({number} pesan)" in (await person.say(text)).text


async def test_a_complaint_that_was_taken_for_something_else(person: Person) -> None:
    said = await person.say(LONG_STORY, "track_status", office="magetan")
    assert "Buat laporan" in said.buttons and "0895633648010" in said.text
    assert "kita susun laporannya" in (await person.say("ya", "affirm")).text
    await person.say("batal")
    await person.tap("Ya, hapus laporan")
    assert "Buat laporan" in (await person.say("petugasnya minta uang pelicin", "talk_to_human")).buttons
    passed_on = await person.say("dipingpong terus sama petugasnya", "nlu_fallback")
    assert "jawaban tertulis" in passed_on.text and passed_on.sources, "a card says what to do about it"
    assert "Maaf atas" not in (await person.say("apakah ada biaya tambahan?", "ask_cost")).text
    assert "Maaf atas" not in (await person.say("halo apa kabar", "nlu_fallback")).text


async def test_office_and_service_are_heard_in_the_story(person: Person) -> None:
    await person.say("izin perluasan saya di magetan belum terbit juga", "track_status")
    said = await person.tap("Buat laporan")
    assert "DPMPTSP Kabupaten Magetan, Izin Perluasan Usaha Industri" in said.text
    await person.say("batal")
    await person.tap("Ya, hapus laporan")
    await person.say("saya orang kudus, usaha di pariaman, petugasnya kasar", "complaint")
    assert "sudah saya catat" not in (await person.tap("Buat laporan")).text, "two regions: asked"


async def test_the_title_begins_with_the_matter(person: Person) -> None:
    await person.say("halo min, izin perluasan di magetan belum terbit padahal berkas sudah lengkap", "complaint")
    await person.tap("Buat laporan")
    for title in ("Selesai", "Tidak ingat pasti", "Lewat internet", "Lewati", "Lewati", "Anonim", "Lewati", "LAPOR!"):
        await person.tap(title)
    assert (
        "Judul: Izin perluasan di Magetan belum terbit padahal berkas sudah lengkap - DPMPTSP" in person.chat.last.text
    )
    assert "Halo min, izin perluasan" in person.chat.last.text, "the story itself stays whole"


async def test_a_question_not_understood_twice_offers_a_person_and_giving_up(person: Person) -> None:
    await person.say("petugasnya galak", "complaint", office="magetan")
    await person.tap("Buat laporan")
    await person.tap("Selesai")
    await person.tap("Lewati")
    assert (await person.report()).step == "when"
    first = await person.say("hmm entahlah begitu")
    assert wording.MISSED not in first.text
    for _ in range(3):
        again = await person.say("hmm entahlah begitu")
        assert again.text.startswith(wording.MISSED)
        assert list(again.buttons)[:2] == ["Bicara petugas", wording.CANCEL]
    await person.tap("Kemarin")
    assert "missed" not in (await person.report()).answers
    assert wording.CANCEL_SURE in (await person.say("batal")).text


async def test_writing_a_complaint_is_asked_for_in_many_words(person: Person) -> None:
    for words in ("buat laporan pengaduan", "Saya mau buat laporan pengaduan", "tolong buatkan laporan keluhan baru"):
        await person.say(words)
        assert (await person.report()).status == "drafting", words
        await person.say("batal")
        await person.tap(wording.CANCEL_YES)
