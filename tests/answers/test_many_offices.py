"""More offices than one index holds: each is answered from its own, and nobody is shown a button for every one."""

from __future__ import annotations

import numpy as np
import pytest

from benchmarks.offices import nation
from bot.answers import finding
from bot.answers.answer import answer
from bot.answers.bm25 import Bm25
from bot.answers.clarify import MAX_BUTTONS
from bot.answers.context import Asked, Context
from bot.answers.indexes import index_of, passage_of, passages_for
from bot.answers.parts import TOGETHER, parts_of
from bot.answers.wording import TYPE_REGION
from bot.hearing import listen
from bot.knowledge.load import get_knowledge
from bot.knowledge.models import Knowledge


@pytest.fixture(scope="module")
def many() -> Knowledge:
    return nation(40, 2)


@pytest.fixture(scope="module")
def far(many: Knowledge) -> str:
    """An office that is apart."""
    return sorted(parts_of(many).apart)[-1]


def _found(knowledge: Knowledge, text: str) -> finding.Finding:
    return finding.find(knowledge, listen(knowledge, text), Context())


def test_a_small_installation_is_one_part() -> None:
    known = get_knowledge()
    assert not parts_of(known).apart and parts_of(known).common is known


def test_an_office_that_is_apart_is_answered_from_its_own(many: Knowledge, far: str) -> None:
    office = many.offices[far]
    for asked, topic in (("syarat", "requirements"), ("berapa lama", "duration"), ("biaya", "cost")):
        found = _found(many, f"{asked} izin praktik perawat di {office.region}")
        assert found.best is not None and found.outcome != "unsure"
        assert found.best.passage.office == far and topic[:4] in found.best.passage.id, found.best
        assert {one.passage.office for one in found.candidates} <= {far, None}


def test_what_holds_everywhere_is_found_beside_it(many: Knowledge, far: str) -> None:
    here, there = (
        _found(known, f"lupa kata sandi oss di {many.offices[far].region}") for known in (many, get_knowledge())
    )
    assert here.best and there.best and here.best.passage.id == there.best.passage.id


def test_the_common_part_does_not_grow_with_the_offices(many: Knowledge) -> None:
    offices = {one.office for one in index_of(many).passages if one.office}
    assert len(offices) <= TOGETHER + 3


def test_passages_are_found_by_id_wherever_they_are(many: Knowledge, far: str) -> None:
    own = [one for one in passages_for(many, (far,)) if one.office == far]
    assert {one.kind for one in own} >= {"list", "fact"}
    for one in own:
        assert passage_of(many, one.id) == one
    assert passage_of(many, "nothing/of/the-kind") is None


def test_a_region_is_asked_with_a_few_buttons_and_may_be_typed(many: Knowledge) -> None:
    (reply,) = answer(many, "ask_contact", Asked(), Context()).replies
    assert len(reply.buttons) <= MAX_BUTTONS and TYPE_REGION in reply.text


def test_a_part_scores_as_the_library_does() -> None:
    documents = [["izin", "reklame"], ["izin", "apotek", "izin", "biaya"], ["biaya"], ["syarat", "reklame", "apotek"]]
    library = Bm25(documents)
    beside = Bm25(documents, library)
    for tokens in (["izin"], ["izin", "biaya", "izin"], ["reklame", "tidak-ada"], []):
        np.testing.assert_allclose(beside.scores(tokens), library.scores(tokens), rtol=1e-5)
