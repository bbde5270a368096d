"""Other languages as Indonesian, before anything else reads a message."""

from __future__ import annotations

import pytest

from bot.answers.indexes import index_of
from bot.answers.ranking import Searched
from bot.hearing.words import keys, plain
from bot.knowledge.load import get_knowledge


@pytest.mark.parametrize(
    ("said", "meant"),
    [
        ("kulo mboten saged mlebet akun", "tidak bisa masuk akun"),
        ("pinten dinten izine metu", "berapa hari"),
        ("ora iso mlebu", "tidak bisa masuk"),
        ("apo se syaratnyo", "apa"),
        ("how long does the permit take", "berapa lama"),
        ("how much is it", "berapa"),
    ],
)
def test_other_languages_are_read_as_indonesian(said: str, meant: str) -> None:
    assert meant in plain(said)


@pytest.mark.parametrize(
    "said",
    [
        "berapa lama izin usaha industri di kota kudus",
        "saya mau mendaftarkan usaha kerupuk di rumah",
        "kenapa data perusahaan saya tidak muncul di siinas",
        "apakah surat pernyataan perlu meterai",
        "alamat kantor dan jam buka dpmptsp",
        "kode kbli toko kelontong berapa",
        "bagaimana cara mengganti nomor telepon",
        "lahan parkir gudang di samping pabrik roti",
    ],
)
def test_indonesian_stays_as_it_is(said: str) -> None:
    assert plain(said) == said


@pytest.mark.parametrize(
    ("said", "as_making"),
    [("mau buat nib", True), ("bikin akun oss", True), ("nib itu buat apa", False), ("syarat buat nib", False)],
)
def test_to_make_is_not_for(said: str, as_making: bool) -> None:
    assert ("bikin" in keys(said)) == as_making


@pytest.mark.parametrize(("said", "known"), [("usaho", "usaha"), ("kantua", "kantor"), ("karupuak", "kerupuk")])
def test_a_word_that_no_list_holds_is_bent_to_a_known_one(said: str, known: str) -> None:
    index = index_of(get_knowledge())
    (wanted,) = keys(known)
    assert Searched((index,)).known(keys(said)[0]) == wanted
