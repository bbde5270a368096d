"""Real questions through the real system: every answer is right, sourced, and about the right office."""

from __future__ import annotations

import pytest

from tests.helpers.system import Person

# (question, what must be in the answer, what must not, the source's short name contains)
QUESTIONS = [
    ("apa syarat izin perluasan industri di magetan", ["1. NIB", "Fotokopi IMB", "Pas"], ["15 hari"], "Magetan"),
    ("berapa lama izin usaha industri di kudus", ["15 hari", "92 menit"], ["5 hari, dihitung"], "Kudus"),
    (
        "berapa lama proses izin perluasan di magetan",
        ["5 hari untuk izin perluasan", "lengkap dan benar"],
        ["15 hari"],
        "Magetan",
    ),
    ("biaya izin ketenagakerjaan di pariaman berapa", ["Tidak dipungut biaya"], [], "Pariaman"),
    ("berapa biaya izin usaha industri di kudus", ["Tidak disebutkan"], ["gratis", "Tidak dipungut"], "Kudus"),
    ("berapa lama izin ketenagakerjaan di pariaman", ["Tidak disebutkan"], ["15 hari", "5 hari"], "Pariaman"),
    ("nomor wa dpmptsp magetan", ["0895633648010"], [], "Magetan"),
    ("email dpmptsp pariaman apa", ["dpmptsppariamankota@gmail.com"], ["magetan"], "Pariaman"),
    ("dasar hukum izin perluasan magetan", ["3/2014"], [], "Magetan"),
    ("apa syarat daftar akun siinas", ["NPWP", "NIB"], [], "SIINas"),
    ("apa itu NIB", ["Nomor Induk Berusaha"], [], ""),
    ("apa hasil akhir layanan izin usaha industri kudus", ["SK Izin Usaha Industri"], [], "Kudus"),
]


@pytest.mark.parametrize(("question", "present", "absent", "source"), QUESTIONS, ids=[row[0] for row in QUESTIONS])
def test_a_question_is_answered_from_its_document(
    pandu_url: str, question: str, present: list[str], absent: list[str], source: str
) -> None:
    person = Person(pandu_url)
    person.says(question)
    heard = person.heard()
    for words in present:
        assert words.lower() in heard.lower(), heard
    for words in absent:
        assert words.lower() not in heard.lower(), heard
    assert person.last["owner"] == "bot"
    assert any(source.lower() in document.lower() for document in person.sources()), person.last


def test_first_contact_introduces_pandu_once(pandu_url: str) -> None:
    person = Person(pandu_url)
    person.says("assalamualaikum")
    assert "Pandu" in person.heard()
    assert "bukan" in person.heard()
    assert "/privasi" in person.heard()
    assert person.buttons()
    person.says("berapa biaya izin perluasan di magetan")
    assert "/privasi" not in person.heard()


def test_a_missing_region_is_asked_for_and_remembered(pandu_url: str) -> None:
    person = Person(pandu_url)
    person.says("biaya izin perluasan berapa")
    assert any(title.startswith("Magetan") or "Magetan" in title for title in person.buttons()), person.last
    person.says("magetan")
    assert "tidak dikenakan biaya" in person.heard().lower()
    person.says("lamanya?")
    assert "5 hari, dihitung" in person.heard()
    person.says("kalau di kudus?")
    assert "15 hari" in person.heard()
    assert "5 hari, dihitung" not in person.heard()


def test_two_offices_are_never_merged(pandu_url: str) -> None:
    person = Person(pandu_url)
    person.says("syarat izin perluasan di kudus")
    assert "Pas" not in person.heard()  # Magetan's photograph
    assert all("Magetan" not in document for document in person.sources())


def test_a_question_in_the_middle_of_a_guide_and_resuming(pandu_url: str) -> None:
    person = Person(pandu_url)
    person.says("panduan perluasan magetan")
    while not any(title.startswith("Lanjut") for title in person.buttons()):
        person.taps(person.buttons()[0])
    person.taps("Lanjut")
    assert "Langkah 1 dari 5" in person.heard()
    person.taps("Lanjut")
    assert "Langkah 2 dari 5" in person.heard()
    person.says("biayanya berapa?")
    assert "tidak dikenakan biaya" in person.heard().lower()
    person.says("lanjutkan")
    assert "Langkah 2 dari 5" in person.heard()
    person.says("saya macet")
    assert any("petugas" in title.lower() for title in person.buttons())


def test_a_person_is_asked_for(pandu_url: str) -> None:
    person = Person(pandu_url)
    person.says("saya mau bicara dengan petugas")
    assert person.last["owner"] == "queue"
    person.says("halo?")
    person.says("halo lagi?")
    assert person.last["replies"] == []
    person.says("kembali ke pandu")
    assert person.last["owner"] == "bot"


def test_never_the_same_non_answer_twice(pandu_url: str) -> None:
    person = Person(pandu_url)
    heard = []
    for nonsense in ("qwxz plmk vbtr", "zzkqj wwpl rrtt", "mnbv lkjh poiu"):
        person.says(nonsense)
        heard.append(person.heard())
    assert len(set(heard)) == 3
    assert "petugas" in heard[-1].lower(), "after two in a row a person takes over"
