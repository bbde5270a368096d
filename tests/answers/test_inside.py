"""Matters inside a message about a trouble: a question of time or money beside it, a matter that it denies."""

from __future__ import annotations

from dataclasses import replace

import pytest

from bot.answers import finding, saying
from bot.answers.context import Context
from bot.answers.indexes import passage_of
from bot.hearing import listen
from bot.knowledge.load import of_files


def reply(card: str, message: str) -> str:
    passage = passage_of(of_files(), card)
    assert passage is not None
    return saying.say(of_files(), passage, listen(of_files(), message))[0].text


@pytest.mark.parametrize(
    ("card", "message", "named"),
    [
        ("kbli-salah-pilih", "kode usahaku keliru, ganti kodenya berapa lama", "Lamanya tidak disebut"),
        ("kbli-salah-pilih", "kode usahaku keliru, bayar berapa kalau ganti", "Biayanya tidak disebut"),
        (
            "captcha-ditolak",
            "gambar captcha kabur, sampai kapan begini dan ada biaya?",
            "Biayanya dan lamanya tidak disebut",
        ),
    ],
)
def test_time_and_money_asked_inside_a_trouble_are_named(card: str, message: str, named: str) -> None:
    assert named in reply(card, message)


@pytest.mark.parametrize(
    ("card", "message"),
    [
        ("lapor-tanpa-kabar", "laporan saya berapa lama diteruskan"),
        ("bayar-orang-nib", "bikin nib lewat orang bayar berapa"),
        ("captcha-ditolak", "gambar captcha kabur terus"),
    ],
)
def test_what_the_card_says_or_nobody_asked_is_not_named(card: str, message: str) -> None:
    assert "tidak disebut dalam sumber saya" not in reply(card, message)


def test_a_question_at_the_end_stays_the_end() -> None:
    assert reply("kbli-salah-pilih", "salah kode, berapa hari gantinya").partition("\n\n")[0].endswith("?")


def test_a_matter_that_is_denied_is_not_looked_for() -> None:
    message = "tautan aktivasi belum nyampe juga, ini bukan otp ya"
    found = finding.find(of_files(), listen(of_files(), message), Context(), "")
    assert "otp" not in found.query.keys
    assert found.best is not None
    assert found.best.passage.id == "email-aktivasi-kosong"


def test_a_trouble_in_a_region_that_is_not_held_is_answered_as_a_trouble() -> None:
    message = "di isian alamat desa saya di cilacap tidak ada di pilihan"
    found = finding.find(of_files(), listen(of_files(), message), Context(), "")
    assert found.best is not None
    assert (found.best.passage.id, found.outcome) == ("wilayah-tidak-ada", "sure")


@pytest.mark.parametrize(
    ("message", "first"),
    [("nib keluar tapi tabel kbli-nya kosong, ditolak bank", "card"), ("di nib tertulis apa saja", "entry")],
)
def test_only_who_tells_of_a_trouble_gets_the_surer_card_first(message: str, first: str) -> None:
    heard = listen(of_files(), message)
    found = finding.find(of_files(), heard, Context(), "").candidates
    card = next(one for one in found if one.passage.kind == "card")
    entry = next(one for one in found if one.passage.kind == "entry")
    ordered = finding._surest_first(heard, [replace(entry, score=0.4), replace(card, score=0.8)])
    assert ordered[0].passage.kind == first


@pytest.mark.parametrize(
    ("message", "praised"),
    [
        ("bagus sih aplikasinya, tapi nyangkut di isian lokasi", False),
        ("mudah banget katanya, muternya melulu", False),
        ("ngeklik lanjut sampai jempol kapalan", False),
        ("empat jempol buat petugasnya, terima kasih", True),
        ("aplikasinya bagus dan praktis", True),
    ],
)
def test_praise_with_a_complaint_inside_is_no_praise(message: str, praised: bool) -> None:
    assert (listen(of_files(), message).wish == "praise") is praised
