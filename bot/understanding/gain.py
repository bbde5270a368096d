"""The gain of labelled messages, measured before a model trained with them is used.

Four fifths of the labelled messages are added to the training data; the last fifth, and the repository's own test set,
are given to the model in use and to the new one. A technician then decides (docs/understanding.md).
"""

from __future__ import annotations

import asyncio
import hashlib
import shutil
import tempfile
from collections.abc import Sequence
from dataclasses import asdict, dataclass
from datetime import UTC, datetime
from pathlib import Path
from typing import TYPE_CHECKING, Any, Literal

import structlog
from sqlalchemy import select
from sqlalchemy.ext.asyncio import AsyncSession

from bot.audit.service import note
from bot.conversations.jobs import defer
from bot.dialogue.intents import INTENT_FAMILY
from bot.dialogue.nlu_test import LabelledRow, evaluate, read_rows
from bot.dialogue.parse_engine import model_engine
from bot.dialogue.training import ensure_model, train_candidate
from bot.errors import CannotRun
from bot.progress import Progress
from bot.settings import ROOT
from bot.understanding.models import Measurement
from bot.understanding.service import as_yaml, labelled, labels

if TYPE_CHECKING:
    from bot.conversations.runtime import Runtime

log = structlog.get_logger()
HELD_OUT = 5  # every fifth labelled message is kept for measuring
OWN_SET = ROOT / "tests" / "nlu_test_set.jsonl"
JUDGED = ("strict", "direct_right")
LEAST_CHANGE = 0.005
LEAST_HELD = 20
SHOWN = ("strict", "lenient", "macro_f1", "direct_share", "direct_right")


@dataclass(frozen=True, slots=True)
class Gain:
    """One figure of one set with the model in use and with the new one; shares between 0 and 1."""

    set: str
    figure: str
    n: int
    before: float
    after: float


async def request_measure(session: AsyncSession, runtime: Runtime, actor: str) -> bool:
    """Have the gain measured by a job. False while one is being measured."""
    running = await latest(session)
    if running is not None and running.finished_at is None:
        return False
    measurement = Measurement(asked_by=actor, labelled=await labelled(session))
    session.add(measurement)
    await session.flush()
    await note(session, actor, "understanding.measured", "measurement", measurement.id)
    await defer(runtime.jobs, session, "measure_understanding", lock="measure_understanding", number=measurement.id)
    return True


async def latest(session: AsyncSession) -> Measurement | None:
    return (await session.scalars(select(Measurement).order_by(Measurement.id.desc()).limit(1))).one_or_none()


def sorted_out(measurement: Measurement) -> list[Gain]:
    """The figures side by side; empty while measuring."""
    return [
        Gain(name, figure, both["before"]["n"], both["before"][figure], both["after"][figure])
        for name, both in (measurement.result or {}).items()
        for figure in SHOWN
    ]


def verdict(gains: Sequence[Gain]) -> Literal["better", "worse", "same", "few"]:
    """What the figures say in a word: a loss of half a point in any set outweighs every gain. "few": too few messages
    were held out for the second set to say anything."""
    judged = [one for one in gains if one.figure in JUDGED]
    if any(one.after - one.before <= -LEAST_CHANGE for one in judged):
        return "worse"
    if any(one.n < LEAST_HELD for one in judged if one.set == "held"):
        return "few"
    return "better" if any(one.after - one.before >= LEAST_CHANGE for one in judged) else "same"


async def measure(runtime: Runtime, number: int) -> None:
    """The job: train a candidate beside the service, and measure both models. Its outcome is in the row."""
    async with runtime.database.session() as session:
        pairs = await labels(session)
    error, result = "", None
    try:
        result = await _measured(runtime, pairs)
    except CannotRun as problem:
        error = str(problem)
        log.warning("gain not measured", reason=error)
    async with runtime.database.session() as session:
        row = await session.get(Measurement, number)
        if row is not None:
            row.finished_at, row.error, row.result = datetime.now(UTC), error, result


def split(pairs: Sequence[tuple[str, str]]) -> tuple[list[tuple[str, str]], list[tuple[str, str]]]:
    """Labelled messages to learn from, and those held out; the same text always lies on the same side."""
    held = [pair for pair in pairs if int(hashlib.sha256(pair[1].encode()).hexdigest(), 16) % HELD_OUT == 0]
    return [pair for pair in pairs if pair not in held], held


async def _measured(runtime: Runtime, pairs: Sequence[tuple[str, str]]) -> dict[str, Any]:
    learned, held = split(pairs)
    if not learned:
        raise CannotRun("Belum ada pesan berlabel untuk dipelajari.")
    data_dir = runtime.settings.data_dir
    rows = {"own": await asyncio.to_thread(read_rows, OWN_SET)}
    if held:
        rows["held"] = [
            LabelledRow(str(i), text, INTENT_FAMILY[intent], frozenset()) for i, (intent, text) in enumerate(held)
        ]
    with tempfile.TemporaryDirectory(prefix="pandu-learned-") as folder:
        data = Path(folder) / "nlu_data"
        await asyncio.to_thread(shutil.copytree, ROOT / "nlu_data", data)
        await asyncio.to_thread((data / "learned.yml").write_text, as_yaml(learned), "utf-8")
        candidate = await train_candidate(data, data_dir / "candidates", data_dir / "logs" / "candidate.log")
    current = await ensure_model(data_dir, Progress({}))
    before = await asyncio.to_thread(_figures, current, rows)
    after = await asyncio.to_thread(_figures, candidate, rows)
    return {name: {"before": before[name], "after": after[name]} for name in rows}


def _figures(model: Path, rows: dict[str, list[LabelledRow]]) -> dict[str, dict[str, Any]]:
    with model_engine(model) as parse:
        reports = {name: asdict(evaluate(some, parse)) for name, some in rows.items()}
    return {name: {key: report[key] for key in ("n", *SHOWN)} for name, report in reports.items()}
