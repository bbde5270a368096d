"""Dates, working days, wording and checks: small parts with many cases."""

from __future__ import annotations

import re
from datetime import date

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.complaints import checks
from bot.complaints.dates import read_date
from bot.complaints.language import first_sentence, other_language, plain, tidy
from bot.complaints.tracking import id_in
from bot.dates import say_date

TODAY = date(2026, 11, 22)  # a Sunday


@pytest.mark.parametrize(
    ("text", "day", "exact"),
    [
        ("kemarin", date(2026, 11, 21), True),
        ("hari ini jam 9", date(2026, 11, 22), True),
        ("3 minggu lalu", date(2026, 11, 1), False),
        ("dua minggu lalu", date(2026, 11, 8), False),
        ("udah 3 minggu", date(2026, 11, 1), False),
        ("minggu lalu", date(2026, 11, 15), False),
        ("sebulan yang lalu", date(2026, 10, 23), False),
        ("tgl 5 november", date(2026, 11, 5), True),
        ("5 Nov 2025", date(2025, 11, 5), True),
        ("05/11/2026", date(2026, 11, 5), True),
        ("5-11-26", date(2026, 11, 5), True),
        ("2026-11-05", date(2026, 11, 5), True),
        ("jumat kemarin", date(2026, 11, 20), True),
        ("hari minggu kemarin", date(2026, 11, 15), True),
        ("5 desember", date(2025, 12, 5), True),
        ("31/02/2026", None, False),
        ("1 januari 2027", None, False),
        ("lupa", None, False),
        ("", None, False),
    ],
)
def test_dates_as_people_write_them(text: str, day: date | None, exact: bool) -> None:
    assert read_date(text, TODAY) == (day, exact)


@given(st.text(max_size=60))
def test_no_text_breaks_the_date_reader(text: str) -> None:
    day, _ = read_date(text, TODAY)
    assert day is None or day <= TODAY


def test_a_date_is_said_in_indonesian() -> None:
    assert say_date(date(2026, 8, 17)) == "17 Agustus 2026"


@pytest.mark.parametrize(
    ("written", "tidied"),
    [
        (
            "sy udh nunggu 3 minggu tp gak ada kabar!!! 😡",
            "Saya sudah menunggu 3 minggu tetapi tidak ada kabar!",
        ),
        ("IZIN SAYA BELUM JADI DARI TANGGAL 3", "Izin saya belum jadi dari tanggal 3."),
        ("petugas oss lambat\ndi magetan", "Petugas OSS lambat. Di Magetan."),
        ("biaya Rp 500.000,tidak ada kuitansi", "Biaya Rp 500.000, tidak ada kuitansi."),
        ("kulo ngenteni suwe", "Kulo ngenteni suwe."),
        ("lamaaaa bangettt, bayar 1000000", "Lama sekali, bayar 1000000."),
        ("nomor 1000 belum jadi", "Nomor 1000 belum jadi."),
        ("", ""),
    ],
)
def test_tidy(written: str, tidied: str) -> None:
    assert tidy(written) == tidied


@given(st.text(max_size=200))
def test_tidy_takes_anything_and_keeps_every_number(text: str) -> None:
    assert re.findall("[0-9]", tidy(text)) == re.findall("[0-9]", text)
    plain(text)


def test_numbers_survive_tidying() -> None:
    text = "sudah bayar 1500000 tgl 3/11/2026 jam 10.30, no resi AB-11122233"
    assert [one for one in ("1500000", "3/11/2026", "10.30", "AB-11122233") if one not in tidy(text)] == []


def test_first_sentence_is_cut_at_a_word() -> None:
    assert first_sentence("Izin belum jadi. Sudah lama.", 50) == "Izin belum jadi"
    cut = first_sentence("Izin saya belum jadi sampai sekarang", 20)
    assert cut == "Izin saya belum…" and len(cut) <= 20


def test_other_languages_are_noticed() -> None:
    assert other_language("kulo wis suwe ngenteni izin durung rampung") == "Jawa"
    assert other_language("ambo alun dapek izin, lamo bana urang tu") == "Minang"
    assert other_language("izin saya belum jadi, petugas bilang tunggu") is None


def test_insults_and_what_only_looks_like_one() -> None:
    assert checks.insults_in("Dasar goblok, petugasnya goblok bangsat") == ["goblok", "bangsat"]
    assert checks.insults_in("izin peternakan babi dan pakan ternak") == []
    assert checks.without_insults("Petugasnya goblok, tidak mau melayani") == "Petugasnya, tidak mau melayani"


@pytest.mark.parametrize(
    ("text", "kind"),
    [
        ("NIK dia 3374061234567890", "NIK"),
        ("telp 0812-3456-7890", "nomor telepon"),
        ("hubungi +62 812 3456 7890", "nomor telepon"),
        ("mobil AE 1234 XY", "pelat nomor"),
        ("email budi@contoh.co.id", "e-mail"),
        ("rekening BRI 1234-01-000123-50-9", "nomor rekening"),
    ],
)
def test_personal_data_is_found_and_masked(text: str, kind: str) -> None:
    assert checks.personal_in(text) == [kind]
    assert f"({kind} disamarkan)" in checks.masked(text)
    assert not any(one.isdigit() for one in checks.masked(text).replace("AE", "")) or kind == "e-mail"


def test_ordinary_numbers_are_no_personal_data() -> None:
    assert checks.personal_in("bayar Rp 1.500.000 tanggal 3 November 2026, KBLI 13134, PP 28 Tahun 2025") == []


def test_the_same_report_is_recognised() -> None:
    one = "Saya sudah menunggu tiga minggu tetapi tidak ada kabar sama sekali dari kantor"
    assert checks.same_report("Sy udh menunggu tiga minggu tp gak ada kabar sama sekali dari kantor", [one]) == 0
    assert checks.same_report("Petugas loket meminta saya kembali besok tanpa alasan yang jelas", [one]) is None


@pytest.mark.parametrize(
    ("text", "found"),
    [
        ("1916449", "1916449"),
        ("#1916449", "1916449"),
        ("Laporan Anda sudah kami terima dengan Tracking ID #8812345. Terima kasih", "8812345"),
        ("nomor laporan saya 12345678", "12345678"),
        ("https://www.lapor.go.id/pengaduan/1916449", "1916449"),
        ("081234567890", None),
        ("3374061234567890", None),
        ("saya bayar 500000 kemarin", None),
        ("1234", None),
        ("01234567", None),
    ],
)
def test_tracking_ids(text: str, found: str | None) -> None:
    assert id_in(text) == found
