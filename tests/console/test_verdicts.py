"""The verdict of a trial on one question: the answer of today beside the answer with the draft."""

from __future__ import annotations

from typing import Any

import pytest

from actions.questions import EVERYWHERE
from actions.trial import Talk, Turned
from bot.console.trial import Verdict, _verdict
from bot.knowledge.load import of_files
from bot.messages import Reply, SourceRef
from bot.standards.trials import AskedTrial

SERVICE = "magetan-perluasan"


def _talk(text: str, *, sourced: bool = True, **decision: Any) -> Talk:
    sources = (SourceRef("S2", "no. 1"),) if sourced else ()
    return Talk((Turned("?", (Reply(text, (), sources),), decision),))


ABOUT = f"list/{SERVICE}/duration"
ASKED = AskedTrial("berapa lama izin perluasan di magetan?", SERVICE)
BEFORE, AFTER = _talk("5 hari", said=ABOUT), _talk("9 hari", said=ABOUT)
SILENT = _talk("Saya belum memegang standar Magetan.", sourced=False, said="")
CASES: dict[str, tuple[Verdict, AskedTrial, Talk, Talk]] = {
    "nothing was said before": ("new", ASKED, SILENT, AFTER),
    "what holds everywhere was said": ("new", ASKED, _talk("Umumnya lewat OSS.", said=EVERYWHERE), AFTER),
    "another answer": ("changed", ASKED, BEFORE, AFTER),
    "the same answer": ("same", ASKED, BEFORE, BEFORE),
    "no answer any more": ("broken", ASKED, BEFORE, SILENT),
    "another service answers": ("elsewhere", ASKED, BEFORE, _talk("2 hari", said="list/kudus-iui/duration")),
    "a demanded word is there": ("changed", AskedTrial("?", holds="9 HARI"), BEFORE, AFTER),
    "a demanded word is missing": ("lacks", AskedTrial("?", holds="12 hari"), BEFORE, AFTER),
    "silent before and after": ("changed", AskedTrial("?"), SILENT, _talk("Belum ada.", sourced=False)),
}


@pytest.mark.parametrize("case", CASES)
def test_two_answers_beside_each_other(case: str) -> None:
    verdict, asked, before, after = CASES[case]
    assert _verdict(of_files(), of_files(), asked, before, after) == verdict


def test_the_answers_of_a_service_that_only_the_draft_knows_are_new() -> None:
    """Even where today's knowledge has an answer with a source: it was another service's."""
    known = of_files()
    held = known.model_copy(update={"services": {k: v for k, v in known.services.items() if k != SERVICE}})
    assert _verdict(held, known, ASKED, _talk("5 hari", said="list/kudus-iui/duration"), AFTER) == "new"
    assert _verdict(held, known, ASKED, AFTER, AFTER) == "same"
