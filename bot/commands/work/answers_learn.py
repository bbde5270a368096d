"""`pandu answers learn`: the engine's weights for answers (nlu_data/answers.npz) made anew from what people ask."""

from __future__ import annotations

import json
import os
import subprocess

from bot.answers.passages import passages_of
from bot.dialogue.training import ENGINE_PYTHON, engine_environment
from bot.errors import CannotRun
from bot.knowledge.load import get_knowledge
from bot.knowledge.models import Knowledge
from bot.settings import ROOT

LEARNED = frozenset({"entry", "card"})
"""Kinds of passages that are written for a question; lists, facts and terms are found by their words alone."""


def wordings(knowledge: Knowledge) -> list[tuple[str, str]]:
    """The id of every written answer with each way to ask for it."""
    return [(one.id, text) for one in passages_of(knowledge) if one.kind in LEARNED for text in one.asks]


def learn() -> None:
    """Raises CannotRun where the engine's environment is missing or ends with an error."""
    if not ENGINE_PYTHON.exists():
        raise CannotRun("The engine's environment is missing: run scripts/bootstrap.")
    done = subprocess.run(  # noqa: S603
        [str(ENGINE_PYTHON), "-m", "engine.answer_weights"],
        cwd=ROOT,
        env=engine_environment(OMP_NUM_THREADS=str(os.cpu_count() or 1)),
        input=json.dumps(wordings(get_knowledge())).encode(),
        check=False,
    )
    if done.returncode:
        raise CannotRun("Learning did not end well; nothing was changed. See above.")
