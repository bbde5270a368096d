"""The survey's buttons on their whole way: channel, engine, action, database."""

from __future__ import annotations

from tests.helpers.system import Person


def test_an_answer_that_did_not_help_leads_to_a_person(pandu_url: str) -> None:
    person = Person(pandu_url)
    person.says("halo")
    person.says("berapa lama proses izin perluasan usaha industri di Magetan?")
    assert "Apakah jawaban ini membantu?" in person.heard()
    person.taps("Belum membantu")
    assert "Hubungkan dengan petugas?" in person.heard()
    person.taps("Bicara petugas")
    assert person.last["owner"] == "queue"


def test_words_ask_for_the_survey_and_a_forged_answer_does_nothing(pandu_url: str) -> None:
    person = Person(pandu_url)
    person.says("isi survei")
    assert "tidak ada survei yang terbuka" in person.heard()
    person._post({"payload": '/survey_feedback{"question":"u1","answer":"4"}'})
    assert "tidak ada survei yang terbuka" in person.heard()
