"""Two questions in one message, or the difference of two things: both halves are told, or one is said to be missing."""

from __future__ import annotations

import re

import pytest

from tests.actions.chat import Chat


@pytest.mark.parametrize(
    ("text", "both"),
    [
        ("bedanya kudus sama magetan apa ya", ("Kudus:", "Magetan:")),
        ("beda sppl sama amdal", ("SPPL", "Amdal")),
        ("bedanya pbg dengan slf apa kak", ("PBG", "SLF")),
        ("rdtr vs kkpr", ("RDTR", "KKPR")),
    ],
)
async def test_a_difference_is_told_of_both(chat: Chat, text: str, both: tuple[str, str]) -> None:
    said = await chat.say(text, "ask_term")
    assert all(one in said.text for one in both)
    assert said.sources and "Sumber" in said.text


async def test_offices_compared_without_a_matter_are_told_in_short(chat: Chat) -> None:
    said = await chat.say("bedanya kudus sama magetan apa ya", "ask_detail")
    assert "5 hari" in said.text.partition("Magetan:")[2]
    assert len({one["document"] for one in said.sources}) >= 2


async def test_a_side_that_is_not_held_is_said_to_be_missing(chat: Chat) -> None:
    said = await chat.say("beda amdal sama zonaprima apa", "ask_term")
    assert "Amdal" in said.text and "zonaprima: tidak ada dalam sumber saya" in said.text


async def test_a_written_comparison_goes_before_two_definitions(chat: Chat) -> None:
    said = await chat.say("bedanya nib sama npwp apa", "ask_term")
    assert "tidak saling menggantikan" in said.text


@pytest.mark.parametrize(
    ("text", "told"),
    [
        ("izin perluasan di magetan berapa lama dan biayanya berapa", ("5 hari", "biaya|dipungut|gratis")),
        ("syarat dan biaya izin perluasan di magetan", ("akta", "biaya|dipungut|gratis")),
    ],
)
async def test_two_things_about_one_matter_are_both_told(chat: Chat, text: str, told: tuple[str, str]) -> None:
    said = await chat.say(text, "ask_duration")
    assert all(re.search(one, said.text, re.I) for one in told), said.text


async def test_a_half_without_an_answer_is_not_passed_over(chat: Chat) -> None:
    said = await chat.say("nib berlaku berapa lama? terus parkir di mpp surabaya bayar berapa?", "ask_duration")
    assert said.text.startswith("1. ") and "belum saya punya" in said.text.partition("2. ")[2]
    assert "Bicara petugas" in said.buttons


async def test_what_was_tried_and_belongs_to_no_step_is_still_heard(chat: Chat) -> None:
    said = await chat.say("oss tidak bisa login, sudah ganti jaringan juga", "cannot_log_in")
    assert "anti jaringan sudah Anda coba" in said.text


@pytest.mark.parametrize(
    ("text", "intent"),
    [
        (
            "saya ajukan izin pendukung, disuruh perbaikan, sudah saya perbaiki, tiga minggu tidak ada progres",
            "track_status",
        ),
        ("apa-apaan ini? kok bisa keluar sendiri, mana lambat. gimana orang mau bikin nib kalau begini", "complaint"),
    ],
)
async def test_a_story_of_waiting_or_anger_is_one_question(chat: Chat, text: str, intent: str) -> None:
    said = await chat.say(text, intent)
    assert not said.text.startswith("1. ") and "Soal “" not in said.text


async def test_a_part_of_another_matter_is_no_half(chat: Chat) -> None:
    said = await chat.say("cara ganti kbli di oss, bayar berapa, berapa lama", "ask_cost")
    assert "verifikasi IUI" not in said.text
