"""`pandu answers learn`: the weights that find answers, of words and of vectors, made anew from what people ask."""

from __future__ import annotations

import json
import os
import subprocess
from collections.abc import Sequence

from bot.answers.classifier import FILE, features
from bot.answers.passages import passages_of
from bot.dialogue.training import ENGINE_PYTHON, engine_environment
from bot.errors import CannotRun
from bot.hearing.listen import listen
from bot.knowledge.load import get_knowledge
from bot.knowledge.models import Knowledge
from bot.settings import ROOT

SITUATIONS = ROOT / "nlu_data" / "situations.jsonl"
LEARNED = frozenset({"entry", "card"})
"""Kinds of passages that are written for a question; lists, facts and terms are found by their words alone."""


def wordings(knowledge: Knowledge) -> list[tuple[str, str]]:
    """The id of every written answer with each way to ask for it."""
    return [(one.id, text) for one in passages_of(knowledge) if one.kind in LEARNED for text in one.asks]


def situations(knowledge: Knowledge) -> list[tuple[str, str]]:
    """Messages out of people's lives with the id of the written answer that each needs."""
    known = {one.id for one in passages_of(knowledge) if one.kind in LEARNED}
    lines = (json.loads(line) for line in SITUATIONS.read_text("utf-8").splitlines() if line.strip())
    return [(one["answer"], one["say"]) for one in lines if one["answer"] in known]


def learn() -> None:
    """Raises CannotRun where the engine's environment is missing or ends with an error."""
    if not ENGINE_PYTHON.exists():
        raise CannotRun("The engine's environment is missing: run scripts/bootstrap.")
    knowledge = get_knowledge()
    asked = wordings(knowledge)
    learn_words(knowledge, asked)
    run_in_engine("engine.answer_weights", asked)


def learn_words(knowledge: Knowledge, asked: Sequence[tuple[str, str]]) -> None:
    """The weights of words alone. Raises CannotRun."""
    heard = ((answer, listen(knowledge, text)) for answer, text in (*asked, *situations(knowledge)))
    run_in_engine("engine.word_weights", [(answer, *features(one.plain, one.keys)) for answer, one in heard], str(FILE))


def run_in_engine(module: str, examples: Sequence[object], *arguments: str) -> None:
    """A module of the engine with examples on its standard input. Raises CannotRun where it ends with an error."""
    done = subprocess.run(  # noqa: S603
        [str(ENGINE_PYTHON), "-m", module, *arguments],
        cwd=ROOT,
        env=engine_environment(OMP_NUM_THREADS=str(os.cpu_count() or 1)),
        input=json.dumps(examples).encode(),
        check=False,
    )
    if done.returncode:
        raise CannotRun("Learning did not end well; nothing was changed. See above.")
