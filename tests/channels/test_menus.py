"""Typed choices: what chooses, and what must not be swallowed."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.channels.menus import HINT, render_numbered
from bot.conversations.menus import choose
from bot.messages import Button

GUIDE = tuple(
    Button(title, payload)
    for title, payload in (
        ("Lanjut", "/guide_next"),
        ("Kembali", "/guide_back"),
        ("Saya macet", "/guide_stuck"),
        ("Berhenti", "/guide_stop"),
    )
)
REGIONS = tuple(
    Button(title, f'/inform{{"office":"{office}"}}')
    for title, office in (
        ("Kab. Kudus", "kudus"),
        ("Kab. Magetan", "magetan"),
        ("Kota Pariaman", "pariaman"),
        ("SIINas (pelaporan)", "siinas"),
    )
)
LONG = tuple(Button(f"Pilihan {letter}", f"/p{letter}") for letter in "ABCDEFGHIJ")


@pytest.mark.parametrize(
    ("typed", "buttons", "chosen"),
    [
        ("1", GUIDE, "Lanjut"),
        (" 2. ", GUIDE, "Kembali"),
        ("(3)", GUIDE, "Saya macet"),
        ("3️⃣", GUIDE, "Saya macet"),
        ("no 4", GUIDE, "Berhenti"),
        ("Nomor: 1", GUIDE, "Lanjut"),
        ("pilih 2 aja kak", GUIDE, "Kembali"),
        ("yang kedua", GUIDE, "Kembali"),
        ("tiga", GUIDE, "Saya macet"),
        ("10", LONG, "Pilihan J"),
        ("sepuluh", LONG, "Pilihan J"),
        ("lanjut", GUIDE, "Lanjut"),
        ("LANJUT!!", GUIDE, "Lanjut"),
        ("lanjut ya kak", GUIDE, "Lanjut"),
        ("saya macet", GUIDE, "Saya macet"),
        ("sayamacet", GUIDE, "Saya macet"),
        ("macet", GUIDE, "Saya macet"),
        ("kembal", GUIDE, "Kembali"),
        ("magetan", REGIONS, "Kab. Magetan"),
        ("kab kudus", REGIONS, "Kab. Kudus"),
        ("Kota  PARIAMAN", REGIONS, "Kota Pariaman"),
        ("yang pelaporan", REGIONS, "SIINas (pelaporan)"),
        ("b", LONG, None),
        ("pilihan b", LONG, "Pilihan B"),
    ],
)
def test_a_typed_choice_is_understood(typed: str, buttons: tuple[Button, ...], chosen: str | None) -> None:
    found = choose(typed, buttons)
    assert (found.title if found else None) == chosen


@pytest.mark.parametrize(
    "typed",
    [
        "",
        "   ",
        "🙏",
        "0",
        "5",
        "99",
        "123",
        "1.5",
        "1 2",
        "kab",  # in two titles, and short
        "kab.",
        "saya",  # says nothing by itself
        "ber",  # three letters
        "elanjut",
        "anjut",  # inside a word
        "lanjutkan ke biaya",
        "kalau saya mau berhenti bagaimana caranya",
        "biaya 1 juta ya?",
        "saya punya 2 pabrik",
        "apakah bisa kembali ke langkah sebelumnya",
        "NIB saya 1234567890123",
        "tidak macet",
        "/guide_next",
    ],
)
def test_an_ordinary_sentence_chooses_nothing(typed: str) -> None:
    assert choose(typed, GUIDE) is None


def test_a_part_of_two_titles_chooses_nothing() -> None:
    assert choose("pilihan", LONG) is None
    assert choose("kota", (*REGIONS, Button("Kota Madiun", "/x"))) is None


def test_the_whole_title_wins_over_being_a_part_of_another() -> None:
    buttons = (Button("Biaya layanan", "/a"), Button("Biaya", "/b"))
    assert choose("biaya", buttons) == buttons[1]


def test_two_buttons_of_one_name_are_not_guessed_between() -> None:
    assert choose("lanjut", (Button("Lanjut", "/a"), Button("Lanjut", "/b"))) is None


def test_no_buttons_no_choice() -> None:
    assert choose("1", ()) is None


@given(st.text(max_size=60), st.lists(st.text(min_size=1, max_size=24), max_size=10))
def test_any_text_and_any_titles_are_survived(typed: str, titles: list[str]) -> None:
    buttons = tuple(Button(title, f"/{number}") for number, title in enumerate(titles))
    assert choose(typed, buttons) in (None, *buttons)


@given(st.lists(st.text(min_size=1, max_size=24), min_size=1, max_size=10))
def test_every_number_of_a_menu_chooses_its_button(titles: list[str]) -> None:
    buttons = tuple(Button(title, f"/{number}") for number, title in enumerate(titles))
    assert [choose(str(number), buttons) for number in range(1, len(buttons) + 1)] == list(buttons)


def test_a_numbered_menu() -> None:
    assert render_numbered("Pilih daerah:\n", REGIONS[:2]) == (
        f"Pilih daerah:\n\n1. Kab. Kudus\n2. Kab. Magetan\n{HINT}"
    )
    assert render_numbered("Tanpa tombol", ()) == "Tanpa tombol"
    assert render_numbered("", GUIDE[:1]) == f"1. Lanjut\n{HINT}"
