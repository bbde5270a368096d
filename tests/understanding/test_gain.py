"""The gain of labels: split, measured with really running models, written down."""

from __future__ import annotations

from pathlib import Path

import pytest
from sqlalchemy import select

from bot.dialogue.training import ensure_model
from bot.errors import CannotRun
from bot.progress import Progress
from bot.settings import ROOT, Settings
from bot.storage.database import Database
from bot.understanding import gain
from bot.understanding.models import Measurement


def test_a_text_is_either_learned_or_held_out() -> None:
    pairs = [("help", f"tolong nomor {number % 40}") for number in range(80)]
    learned, held = gain.split(pairs)
    assert len(learned) + len(held) == 80
    assert not {text for _, text in learned} & {text for _, text in held}
    assert 2 <= len(held) <= 40


class _Runtime:
    def __init__(self, database: Database, data_dir: Path) -> None:
        self.database = database
        self.settings = Settings(_env_file=None, data_dir=data_dir)


async def _row(database: Database) -> int:
    async with database.session() as session:
        row = Measurement(asked_by="officer:1", labelled=5)
        session.add(row)
        await session.flush()
        return row.id


async def test_both_models_answer_the_same_messages(database: Database, monkeypatch: pytest.MonkeyPatch) -> None:
    """The candidate is the model in use: training takes minutes. So nothing may differ."""
    data_dir = ROOT / ".pandu"
    model = await ensure_model(data_dir, Progress({}))

    async def trained(data: Path, folder: Path, log_file: Path) -> Path:
        assert "tolong kak" in (data / "learned.yml").read_text()
        assert (data / "rules.yml").is_file()
        return model

    monkeypatch.setattr(gain, "train_candidate", trained)
    pairs = [("help", f"tolong kak nomor {number}") for number in range(20)]

    async def labels(_: object) -> list[tuple[str, str]]:
        return pairs

    monkeypatch.setattr(gain, "labels", labels)
    number = await _row(database)
    await gain.measure(_Runtime(database, data_dir), number)  # type: ignore[arg-type]
    async with database.session() as session:
        row = (await session.scalars(select(Measurement).where(Measurement.id == number))).one()
    assert row.error == "" and row.finished_at is not None
    figures = gain.sorted_out(row)
    assert {one.set for one in figures} == {"own", "held"}
    assert all(one.before == one.after for one in figures)
    assert next(one for one in figures if (one.set, one.figure) == ("own", "strict")).before > 0.8


async def test_a_training_that_fails_is_told(
    database: Database, monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    async def failed(*_: object) -> Path:
        raise CannotRun("no room")

    async def labels(_: object) -> list[tuple[str, str]]:
        return [("help", "tolong satu"), ("help", "tolong dua")]

    monkeypatch.setattr(gain, "train_candidate", failed)
    monkeypatch.setattr(gain, "labels", labels)
    number = await _row(database)
    await gain.measure(_Runtime(database, tmp_path), number)  # type: ignore[arg-type]
    async with database.session() as session:
        row = (await session.scalars(select(Measurement).where(Measurement.id == number))).one()
    assert row.error == "no room" and row.result is None


def _gain(name: str, figure: str, change: float, n: int = 100) -> gain.Gain:
    return gain.Gain(name, figure, n, 0.8, 0.8 + change)


@pytest.mark.parametrize(
    ("gains", "said"),
    [
        ([_gain("own", "strict", 0.0), _gain("held", "strict", 0.03)], "better"),
        ([_gain("own", "strict", -0.01), _gain("held", "strict", 0.2)], "worse"),
        ([_gain("own", "strict", 0.02), _gain("held", "strict", 0.2, n=3)], "few"),
        ([_gain("own", "strict", 0.001), _gain("held", "direct_right", -0.001)], "same"),
        ([_gain("own", "macro_f1", -0.2), _gain("held", "strict", 0.0)], "same"),
    ],
)
def test_the_figures_are_judged_in_a_word(gains: list[gain.Gain], said: str) -> None:
    assert gain.verdict(gains) == said
