"""The nearness of measured messages to the examples."""

from __future__ import annotations

from benchmarks.nlu import near_share

EXAMPLES = ["kode otp oss tidak masuk ke hp saya", "syarat izin usaha industri di kudus apa saja"]


def test_a_message_that_holds_an_example_is_near() -> None:
    texts = ["pagi min kode otp oss tidak masuk ke hp saya dari kemarin", "lampu jalan depan rumah mati"]
    assert near_share(texts, EXAMPLES) == 0.5


def test_a_few_common_words_are_not_near() -> None:
    assert near_share(["kode pos kudus berapa ya pak"], EXAMPLES) == 0
