"""Guides through the executor: starting, tapping, typing, asking in the middle, coming back."""

from __future__ import annotations

from sqlalchemy import delete

from bot.guides.models import GuideProgress
from tests.actions.chat import Chat


async def kudus(chat: Chat) -> None:
    """The guide of Kudus on step 1."""
    await chat.say("pandu saya", "guide_start", {"office": "kudus", "service": "kudus-iui"})
    await chat.tap("Perseorangan")
    await chat.tap("Lanjut ke langkah 1")


async def test_region_service_question_checklist_steps(chat: Chat) -> None:
    await chat.say("mulai panduan", "guide_start")
    await chat.say("kudus", "inform", {"office": "kudus"})
    question = await chat.tap("Izin Usaha Industri")
    assert "bentuk usaha" in question.text
    assert "Siapkan dulu" in (await chat.tap("Perseorangan")).text
    assert (
        chat.last.text.startswith("Jawaban disimpan")
        and "Langkah 1 dari 8" in (await chat.tap("Lanjut ke langkah 1")).text
    )
    assert "Langkah 2 dari 8" in (await chat.tap("Lanjut")).text
    assert "Langkah 1 dari 8" in (await chat.tap("Kembali")).text


async def test_pariaman_asks_the_way_first(chat: Chat) -> None:
    ways = await chat.say("pandu saya di pariaman", "guide_start", {"office": "pariaman"})
    assert set(ways.buttons) == {"Urus sendiri (mandiri)", "Dibantu petugas"}
    assert "Panduan: " in (await chat.say("mandiri", "inform", {"flow": "mandiri"})).text


async def test_typed_words_move_like_buttons(chat: Chat) -> None:
    await chat.say("pandu saya", "guide_start", {"office": "kudus", "service": "kudus-iui"})
    assert "Siapkan dulu" in (await chat.say("perseorangan", "inform")).text
    assert "Langkah 1 dari 8" in (await chat.say("lanjut", "guide_next")).text
    assert "Langkah 2 dari 8" in (await chat.say("sudah", "affirm")).text
    waiting = await chat.say("belum", "deny")
    assert "langkah 2 dari 8" in waiting.text and "Lanjut" in waiting.buttons
    assert "Langkah 1 dari 8" in (await chat.say("kembali", "guide_back")).text


async def test_the_same_message_twice_moves_once(chat: Chat) -> None:
    await kudus(chat)
    payload = chat.last.buttons["Lanjut"]
    first = await chat.send(payload)
    assert (await chat.send(payload, again=True)).text == first.text
    stale = await chat.send(payload)
    assert "Anda sudah di langkah 2 dari 8" in stale.text


async def test_a_question_in_the_middle_and_back(chat: Chat) -> None:
    await kudus(chat)
    await chat.tap("Lanjut")
    asked = await chat.say("biayanya berapa", "ask_cost")
    assert "Kudus" in asked.text
    assert asked.buttons["Lanjutkan panduan"] == "/guide_resume"
    assert "Mulai panduan" not in asked.buttons
    assert "Langkah 2 dari 8" in (await chat.say("lanjut", "guide_next")).text, "back on the step, not past it"
    assert "Langkah 3 dari 8" in (await chat.say("lanjut", "guide_next")).text


async def test_the_rest_of_a_long_list_comes_before_the_guide(chat: Chat) -> None:
    await kudus(chat)
    await chat.send('/ask_procedure{"service":"pariaman-ketenagakerjaan-mt","flow":"mandiri"}')
    assert "15. Sertifikat Standar" in (await chat.say("lanjut", "guide_next")).text
    assert "Langkah 1 dari 8" in (await chat.say("lanjutkan", "guide_resume")).text


async def test_lanjutkan_after_a_question_is_for_the_guide(chat: Chat) -> None:
    await kudus(chat)
    await chat.say("daftar lengkap langkah verifikasi iui lewat oss", "ask_procedure")
    assert "Lanjutkan panduan" in chat.last.buttons
    await chat.say("lanjut", "guide_next")
    assert "Langkah 1 dari 8" in (await chat.say("lanjutkan", "guide_resume")).text


async def test_after_a_stop_a_lost_memory_and_a_week(chat: Chat) -> None:
    await kudus(chat)
    await chat.tap("Lanjut")
    assert "Tempat Anda saya simpan" in (await chat.tap("Berhenti")).text
    chat.slots, chat.events = {}, []
    back = await chat.say("lanjutkan", "guide_resume")
    assert "Langkah 2 dari 8" in back.text
    assert chat.slots["service"] == "kudus-iui"


async def test_stuck_then_a_person_who_learns_where(chat: Chat) -> None:
    await kudus(chat)
    stuck = await chat.tap("Saya macet")
    assert "Macet di langkah 1" in stuck.text
    await chat.say("ya", "affirm")
    assert "panduan" in chat.requests[0][1] and "langkah 1 dari 8" in chat.requests[0][1]


async def test_an_answer_is_changed_from_the_checklist(chat: Chat) -> None:
    await chat.say("pandu saya", "guide_start", {"office": "kudus", "service": "kudus-iui"})
    await chat.tap("Perseorangan")
    await chat.tap("Ubah jawaban")
    assert "Jawaban disimpan" in (await chat.tap("Badan usaha")).text
    assert "Perseorangan" in (await chat.say("ubah jawaban", "change_email_or_phone")).buttons


async def test_several_answers_ask_which_one_to_change(chat: Chat) -> None:
    await chat.say("pandu saya", "guide_start", {"service": "siinas-data-perusahaan"})
    for title in ("Tinggi (T)", "Bukan industri", "Tidak", "Tidak punya"):
        await chat.tap(title)
    await chat.tap("Ubah jawaban")
    assert list(chat.last.buttons) == ["Tinggi (T)", "Bukan industri", "Tidak", "Tidak punya"]
    await chat.tap("Bukan industri")
    assert "Jawaban disimpan: Ya, industri." in (await chat.tap("Ya, industri")).text


async def test_the_menu_offers_the_running_guide(chat: Chat) -> None:
    await kudus(chat)
    assert "/guide_resume" in (await chat.say("menu", "show_menu")).buttons.values()


async def test_without_a_guide_words_of_guides_are_answered(chat: Chat) -> None:
    for intent in ("guide_back", "guide_stuck", "guide_resume", "guide_next"):
        chat.slots = {}
        assert "Belum ada panduan" in (await chat.say("lanjut", intent)).text
    assert chat.last.buttons["Mulai panduan"] == "/guide_start"
    assert "Kabupaten Kudus" in (await chat.say("ya", "affirm")).buttons
    assert "Tidak ada panduan" in (await chat.say("panduannya dihentikan saja", "guide_stop")).text


async def test_a_button_of_a_guide_that_is_gone(chat: Chat) -> None:
    await kudus(chat)
    await chat.session.execute(delete(GuideProgress))
    assert "Belum ada panduan" in (await chat.tap("Lanjut")).text


async def test_the_end_names_the_outcome_and_what_usually_follows(chat: Chat) -> None:
    await kudus(chat)
    while "Lanjut" in chat.last.buttons:
        await chat.tap("Lanjut")
    assert chat.last.text.startswith("Panduan selesai.")
    assert "Daftar akun SIINas" in chat.last.buttons
