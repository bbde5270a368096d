"""Numbers: read aloud, typed with a thumb, and wrong by one character."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.applications.numbers import (
    ALPHABET,
    claim_code_in,
    is_valid,
    looks_mistyped,
    new_claim_code,
    new_number,
    number_in,
)

NUMBERS = st.builds(lambda _: new_number(), st.integers())


def test_the_alphabet_has_no_look_alikes() -> None:
    assert len(set(ALPHABET)) == 26
    for alike in ("0OQD"[:3], "1IL", "5S"[1:], "2Z"[1:], "8B"[1:], "U"):
        assert not set(alike) & set(ALPHABET)


@given(NUMBERS, st.sampled_from(["-", " ", "", "–", ". "]), st.booleans())
def test_a_number_is_found_however_it_is_written(number: str, separator: str, lower: bool) -> None:
    written = number.replace("-", separator)
    written = written.lower() if lower else written
    assert number_in(f"izin saya {written} sampai mana ya?") == number
    assert not looks_mistyped(written)


@given(NUMBERS, st.integers(0, 7), st.sampled_from(ALPHABET))
def test_one_wrong_character_is_always_noticed(number: str, place: int, wrong: str) -> None:
    body = number.removeprefix("PDU-").replace("-", "")
    changed = body[:place] + wrong + body[place + 1 :]
    assert is_valid(changed) == (changed == body)
    written = f"PDU-{changed[:4]}-{changed[4:]}"
    assert looks_mistyped(written) == (changed != body)


def test_nearly_every_swap_of_neighbours_is_noticed() -> None:
    missed = tried = 0
    for _ in range(300):
        body = new_number().removeprefix("PDU-").replace("-", "")
        for place in range(7):
            swapped = body[:place] + body[place + 1] + body[place] + body[place + 2 :]
            if swapped != body:
                tried += 1
                missed += is_valid(swapped)
    assert missed < tried * 0.02


@pytest.mark.parametrize(
    "text", ["PDU-7K2", "pdu 12AB-90OI", "nomor saya PDU-0000-0000", "PDU7K2M9QX", "KLAIM-AAAA-BBBB-CCCC"]
)
def test_what_was_meant_as_a_number_is_recognised(text: str) -> None:
    assert number_in(text) is None and claim_code_in(text) is None
    assert looks_mistyped(text)


@pytest.mark.parametrize(
    "text", ["syarat pdu apa saja", "saya mau klaim asuransi", "PDU itu apa", "nib 1234567890123", ""]
)
def test_other_words_are_not(text: str) -> None:
    assert not looks_mistyped(text)


def test_none_is_drawn_that_reads_like_a_password(monkeypatch: pytest.MonkeyPatch) -> None:
    drawn = iter("PW6CK44" + "7K3M9X4")
    monkeypatch.setattr("bot.applications.numbers.secrets.choice", lambda alphabet: next(drawn))
    assert new_number().startswith("PDU-7K3M-9X")


def test_a_claim_code_is_found() -> None:
    code = new_claim_code()
    assert claim_code_in(f"kode: {code.lower().replace('-', ' ')}.") == code
    assert number_in(code) is None
