"""Answers that the engine holds likely for a long message: current weights, counted beside the words."""

from __future__ import annotations

import json
import re
from collections import Counter

import pytest

from bot.answers import finding
from bot.answers.context import Context
from bot.answers.likely import FLOOR, chance, learned
from bot.answers.passages import passages_of
from bot.commands.work.answers_learn import LEARNED
from bot.hearing import listen
from bot.knowledge.load import get_knowledge
from bot.settings import ROOT

SITUATIONS = ROOT / "nlu_data" / "situations.jsonl"
MOST_UNLEARNED = 0.05
"""Share of written answers that may be newer than the weights."""
PERSONAL = re.compile(r"\d[\d -]{7,}\d|\w@\w+\.\w")  # numbers of people and telephones, addresses
STORY = "dari pagi saya muter muter di situs itu, anak saya yang bantu, terus keluar tulisan aneh lagi aneh lagi pak"


def written() -> set[str]:
    return {one.id for one in passages_of(get_knowledge()) if one.kind in LEARNED}


@pytest.fixture(scope="module")
def situations() -> list[dict[str, str]]:
    return [json.loads(line) for line in SITUATIONS.read_text(encoding="utf-8").splitlines()]


def test_situations_name_answers_that_are_there(situations: list[dict[str, str]]) -> None:
    gone = {one["answer"] for one in situations} - written()
    assert not gone, "renamed or removed: write their messages to another answer"


def test_a_situation_occurs_once_and_names_nobody(situations: list[dict[str, str]]) -> None:
    assert not [text for text, times in Counter(one["say"].casefold() for one in situations).items() if times > 1]
    assert not [one["say"] for one in situations if PERSONAL.search(one["say"])]


def test_the_weights_know_the_written_answers() -> None:
    unlearned = written() - learned()
    assert len(unlearned) <= MOST_UNLEARNED * len(written()), "run: make vectors"
    assert not learned() - written(), "run: make vectors"


def test_an_answer_that_was_removed_does_not_stand_in_the_way_of_the_written_ones() -> None:
    knowledge = get_knowledge()
    words = f"{STORY} jadi bikin nib bayar berapa"
    told = finding.find(knowledge, listen(knowledge, words, likely={"removed-since": -0.01}), Context())
    assert "nib-biaya" in {one.passage.id for one in told.candidates}


def test_a_chance_is_never_below_the_floor_and_a_new_answer_is_not_punished_for_being_new() -> None:
    one, other = sorted(learned())[:2]
    likely = {one: -0.2, other: -30.0}
    assert chance(likely, one, -5.0) == -0.2
    assert chance(likely, other, -5.0) == FLOOR
    assert chance(likely, sorted(learned())[2], -5.0) == FLOOR
    assert chance(likely, "published-a-minute-ago", -5.0) == -5.0


@pytest.mark.parametrize("meant", ["oss-galat-seharian", "tidak-bisa-unduh", "lokasi-tidak-tersimpan"])
def test_where_words_say_little_what_is_likely_decides(meant: str) -> None:
    knowledge = get_knowledge()
    words = f"{STORY} {knowledge.troubles[meant].signs[0]}"
    likely = {meant: -0.1, "nib-biaya": -4.0}
    found = finding.find(knowledge, listen(knowledge, words, likely=likely), Context())
    assert found.best is not None
    assert found.best.passage.id == meant
    alone = finding.find(knowledge, listen(knowledge, words), Context())
    assert lead(found, meant) > lead(alone, meant)


def lead(found: finding.Finding, passage: str) -> float:
    ranks = {one.passage.id: one.rank for one in found.candidates}
    return ranks.pop(passage) - max(ranks.values())


def test_what_is_likely_borrows_no_office_s_passage() -> None:
    knowledge = get_knowledge()
    likely = {"kudus-langkah-semua": -0.01}
    heard = listen(knowledge, f"{STORY} langkah izin industri di magetan apa saja", likely=likely)
    assert "kudus-langkah-semua" not in {one.passage.id for one in finding.find(knowledge, heard, Context()).candidates}


def test_a_question_that_leans_on_the_one_before_is_found_by_both_s_words() -> None:
    knowledge = get_knowledge()
    heard = listen(knowledge, "kalau hilang?", likely={"nib-biaya": -0.01})
    assert finding.with_question(knowledge, heard, "nib saya sudah terbit").likely == {}
