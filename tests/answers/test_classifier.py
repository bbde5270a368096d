"""The classifier of words: its weights are current, it learns from examples, and without them words alone answer."""

from __future__ import annotations

from pathlib import Path

import pytest

from bot.answers import classifier as classifying
from bot.answers import finding
from bot.answers.classifier import FILE, LEAST, Classifier, features
from bot.answers.context import Context
from bot.answers.passages import passages_of
from bot.commands.work import answers_learn
from bot.hearing import listen
from bot.knowledge.load import get_knowledge
from bot.knowledge.question_models import QuestionEntry

MOST_UNLEARNED = 0.05
"""Share of written answers that may be newer than the weights."""
PAIRS = {
    "hujan": ["kapan hujan turun di kampung", "musim hujan mulai bulan apa", "hari ini turun hujan deras"],
    "bola": ["siapa juara liga bola tahun ini", "jadwal tanding bola malam ini", "pemain bola itu cetak gol"],
    "harga": ["harga cabai di pasar berapa", "harga beras sekarang mahal", "berapa harga minyak goreng"],
}


@pytest.fixture
def _no_weights(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    broken = tmp_path / "answer_words.npz"
    broken.write_bytes(b"broken")
    monkeypatch.setattr(classifying, "classifier", classifying.classifier.__wrapped__)
    monkeypatch.setattr(Classifier.__init__, "__defaults__", (broken,))


def test_the_weights_know_the_written_answers() -> None:
    written = {one.id for one in passages_of(get_knowledge()) if one.kind in answers_learn.LEARNED}
    known = set(Classifier(FILE).answers)
    assert len(written - known) <= MOST_UNLEARNED * len(written), "run: make vectors"
    assert not known - written, "run: make vectors"


def test_it_sees_keys_their_pairs_and_pieces_of_words() -> None:
    keys, pieces = features("nib bayar", ["nib", "biaya"])
    assert keys == ["nib", "biaya", "nib biaya"]
    assert pieces == ["_nib", "nib_", "_bay", "baya", "ayar", "yar_"]


@pytest.mark.slow
def test_it_learns_from_examples(tmp_path: Path) -> None:
    file = tmp_path / "small.npz"
    texts = [(name, text, text.split()) for name, said in PAIRS.items() for text in said]
    answers_learn.run_in_engine(
        "engine.word_weights", [(name, *features(text, keys)) for name, text, keys in texts], str(file)
    )
    small = Classifier(file)
    chances = small.chances("kok hujan terus", ["kok", "hujan", "terus"])
    assert max(chances, key=chances.__getitem__) == "hujan"
    assert all(LEAST <= one <= 0 for one in chances.values())
    assert small.chances("zzz", ["zzz"]) == {}
    assert small.chances("", []) == {}


@pytest.mark.usefixtures("_no_weights")
def test_without_usable_weights_the_words_alone_answer() -> None:
    assert classifying.chances("nib bayar berapa", ["nib", "biaya", "berapa"]) == {}
    knowledge = get_knowledge()
    found = finding.find(knowledge, listen(knowledge, "bikin nib bayar berapa"), Context())
    assert found.best is not None
    assert found.best.passage.id == "nib-biaya"


def test_an_entry_that_is_newer_than_the_weights_is_found_by_its_wording() -> None:
    knowledge = get_knowledge()
    new = QuestionEntry(
        id="baru-saja-terbit",
        short="NIB dipinjam tetangga?",
        ask=[
            "nib saya dipinjam tetangga buat lelang sapi",
            "tetangga pakai nib saya ikut lelang",
            "lelang sapi pakai nib",
        ],
        answer="NIB hanya untuk pelaku usaha yang namanya tertulis di dalamnya.",
        facts=knowledge.questions["nib-dipinjam"].facts,
        next=[],
    )
    grown = knowledge.model_copy(update={"questions": {**knowledge.questions, new.id: new}})
    found = finding.find(grown, listen(grown, "boleh ga nib saya dipinjam tetangga buat lelang sapi"), Context())
    assert found.best is not None
    assert found.best.passage.id == new.id
    assert found.outcome == "sure"
