"""The part of a transcript that is shown to a role that has no need to read it."""

from __future__ import annotations

import re

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.masking import mask_contacts, mask_email, mask_personal, mask_phone, mask_secrets, masked_for

DIGITS = st.sampled_from("0123456789")
BEFORE = st.sampled_from(["", "nomor ", "ini:", "(", "halo, ", "\n"])
AFTER = st.sampled_from(["", " ya", ".", ", terima kasih", ")", "\nbaik"])


@pytest.mark.parametrize(
    ("text", "masked"),
    [
        ("nik 3319012345678901", "nik [NIK]"),
        ("nik 3319 0123 4567 8901", "nik [NIK]"),
        ("npwp 09.254.294.3-407.000", "npwp [NPWP]"),
        ("npwp 092542943407000", "npwp [NPWP]"),
        ("npwp 0925 4294 3407 0001", "npwp [NIK]"),
        ("hubungi 0812-3456-7890", "hubungi +62•••7890"),
        ("wa +62 812 3456 7890 ya", "wa +62•••7890 ya"),
        ("telp (0291) 438691", "telp +62•••8691"),
        ("surat ke siti.aminah+x@contoh.co.id.", "surat ke s•••@contoh.co.id."),
        ("izin 25 hari, kbli 10710, Rp 10.000.000", "izin 25 hari, kbli 10710, Rp 10.000.000"),
        ("PDU-7K3M-9XQ4 sejak 5 November 2026", "PDU-7K3M-9XQ4 sejak 5 November 2026"),
    ],
)
def test_contacts(text: str, masked: str) -> None:
    assert mask_contacts(text) == masked


def test_a_role_without_need_sees_masks() -> None:
    text = "nama saya Siti, hp 081234567890, siti@contoh.id"
    assert masked_for("officer", text) == masked_for("supervisor", text) == text
    assert masked_for("administrator", text) == masked_for("", text) == "nama saya Siti, hp +62•••7890, s•••@contoh.id"
    assert masked_for("officer", "nik 3319012345678901") == "nik [NIK]"


@pytest.mark.parametrize(
    ("number", "masked"),
    [
        ("+6281234567890", "+62•••7890"),
        ("whatsapp:+6281234567890", "+62•••7890"),
        ("+4915112345678", "•••5678"),
        ("12", "•••"),
    ],
)
def test_phone(number: str, masked: str) -> None:
    assert mask_phone(number) == masked


def _hidden(digits: str, text: str, shown: int = 0) -> bool:
    """Whether no run of more than `shown` digits of the number is left."""
    left = re.findall(r"\d+", text)
    return not any(len(run) > shown and run in digits for run in left)


@given(
    before=BEFORE,
    after=AFTER,
    digits=st.lists(DIGITS, min_size=16, max_size=16),
    gap=st.sampled_from(["", " ", ".", "-"]),
)
def test_sixteen_digits_never_stay(before: str, after: str, digits: list[str], gap: str) -> None:
    number = gap.join("".join(digits[start : start + 4]) for start in range(0, 16, 4))
    for mask in (mask_secrets, mask_personal, mask_contacts):
        assert _hidden("".join(digits), mask(f"{before}{number}{after}"))


@given(before=BEFORE, after=AFTER, digits=st.lists(DIGITS, min_size=15, max_size=15), dots=st.booleans())
def test_an_npwp_never_stays(before: str, after: str, digits: list[str], dots: bool) -> None:
    d = "".join(digits)
    number = f"{d[:2]}.{d[2:5]}.{d[5:8]}.{d[8]}-{d[9:12]}.{d[12:]}" if dots else d
    for mask in (mask_personal, mask_contacts):
        assert _hidden(d, mask(f"{before}{number}{after}"), 4)


@given(
    before=BEFORE,
    after=AFTER,
    lead=st.sampled_from(["08", "+628", "628", "+62 8", "0 8"]),
    rest=st.lists(DIGITS, min_size=8, max_size=10),
    gap=st.sampled_from(["", " ", "-"]),
)
def test_a_mobile_number_keeps_four_digits_at_most(
    before: str, after: str, lead: str, rest: list[str], gap: str
) -> None:
    number = lead + "".join(rest[:2]) + gap + "".join(rest[2:5]) + gap + "".join(rest[5:])
    digits = re.sub(r"\D", "", number)
    assert _hidden(digits, mask_contacts(f"{before}{number}{after}").replace("+62", ""), 4)
    assert _hidden(digits, mask_personal(f"{before}{number}{after}"))


@given(
    before=BEFORE,
    name=st.from_regex(r"[a-z][a-z0-9._+-]{1,20}[a-z0-9]", fullmatch=True),
    domain=st.sampled_from(["contoh.id", "a-b.co.id"]),
)
def test_an_address_loses_its_name(before: str, name: str, domain: str) -> None:
    masked = mask_contacts(f"{before}{name}@{domain}")
    assert masked == f"{before}{mask_email(f'{name}@{domain}')}"
    assert name not in masked.removeprefix(before)


@given(st.text(alphabet=st.characters(codec="utf-8", exclude_categories=["Cs"]), max_size=200))
def test_masking_twice_is_masking_once(text: str) -> None:
    for mask in (mask_secrets, mask_contacts):
        assert mask(mask(text)) == mask(text)
