"""Anger about OSS, affairs of OSS that are the same everywhere, and a second question in one message."""

from __future__ import annotations

import pytest

from actions import wording
from tests.actions.chat import Chat

ANGRY = [
    ("complaint", "aplikasi oss sampah, bikin susah orang aja", "Macetnya di mana?", "PP 28/2025"),
    (
        "survey_feedback",
        "hebat ya aplikasinya, dari pagi muter terus, bintang satu",
        "pindah dulu ke situs oss.go.id",
        "ulasan pengguna aplikasi OSS",
    ),
    ("complaint", "sistemnya payah, tiap update malah tambah rusak", "Memang menjengkelkan", "PP 28/2025"),
]


@pytest.mark.parametrize(("intent", "text", "help_", "source"), ANGRY)
async def test_anger_at_oss_meets_help(chat: Chat, intent: str, text: str, help_: str, source: str) -> None:
    said = await chat.say(text, intent)
    assert help_ in said.text
    assert source in {one["document"] for one in said.sources}
    assert "di daerah mana" not in said.text
    if intent == "complaint":
        assert next(iter(said.buttons)) == "Buat laporan" and "Saluran kantor" not in said.buttons
        assert said.buttons["Bicara petugas"].startswith("/talk_to_human") and len(said.buttons) <= 4
    assert ("Sudah dicoba semua" in said.buttons) == ("Macetnya di mana?" not in said.text), "a mood has no steps"


@pytest.mark.parametrize(
    "text", ["petugas loketnya galak, sistem antri kacau", "kantor dpmptsp lelet", "jalan rusak lapor kemana"]
)
async def test_anger_at_an_office_stays_a_complaint(chat: Chat, text: str) -> None:
    said = await chat.say(text, "complaint")
    assert "Lembaga OSS" not in said.text


@pytest.mark.parametrize(
    ("intent", "text", "says"),
    [
        ("ask_duration", "kapan batas lkpm usaha kecil", "15 Juli dan 15 Januari"),
        ("siinas_reporting", "lkpm wajib gak", "di luar tanah dan bangunan) tidak wajib"),
        ("out_of_scope", "cara dapat tax holiday", "konsultasi.fasilitas@bkpm.go.id"),
        ("nlu_fallback", "nib asli atau palsu ceknya piye", "cari NIB"),
        ("ask_procedure", "mau merger perusahaan", "meja bantuan OSS"),
        ("ask_cost", "disuruh transfer buat nib apa penipuan?", "NIB gratis"),
        ("ask_product", "oss dikelola siapa sih", "Lembaga OSS"),
    ],
)
async def test_a_national_subject_is_told_at_once(chat: Chat, intent: str, text: str, says: str) -> None:
    said = await chat.say(text, intent)
    assert says in said.text
    assert said.sources


async def test_a_region_or_another_intent_goes_first(chat: Chat) -> None:
    said = await chat.say("persyaratan dasar di kudus", "ask_requirements", {"office": "kudus"})
    assert "PNBP persetujuan KKPR" not in said.text
    said = await chat.say("apa itu lkpm", "ask_term", {"term": "lkpm"})
    assert "15 Juli" not in said.text


async def test_the_second_question_about_one_matter_is_answered_too(chat: Chat) -> None:
    text = "syarat izin usaha industri di kudus dan biayanya"
    said = await chat.say(
        text, "ask_requirements", {"service": "kudus-iui", "office": "kudus"}, parts=("ask_requirements", "ask_cost")
    )
    assert (
        said.text.startswith("1. Syarat izin usaha industri")
        and "Tidak disebutkan" in said.text.partition("\n\n2. ")[2]
    )


@pytest.mark.parametrize("parts", [(), ("ask_cost",), ("ask_cost", "greet"), ("guide_next", "ask_cost")])
async def test_no_second_question_no_button(chat: Chat, parts: tuple[str, ...]) -> None:
    said = await chat.say("berapa biaya di kudus ya", "ask_cost", {"service": "kudus-iui"}, parts=parts)
    assert "Biaya" not in said.buttons and len(said.buttons) <= 5


async def test_a_number_that_is_no_business_of_ours_is_never_repeated(chat: Chat) -> None:
    for text in ("nik saya 3319012345678901 sudah terdaftar", "nik saya [NIK] sudah terdaftar"):
        said = await chat.say(text, "nik_already_registered")
        assert said.messages[0]["text"] == wording.WARNING
        assert "3319012345678901" not in said.text
