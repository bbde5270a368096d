"""Dates that go together, and the way into a stage that is registered late. Pure: no database, no clock of its own."""

from __future__ import annotations

from datetime import date

from bot.applications.errors import NotAllowed
from bot.knowledge.models import ProcedureStages, Stage


def check_dates(today: date, received: date, stage_on: date) -> None:
    """Raises NotAllowed for dates that cannot be."""
    if received > today or stage_on > today:
        raise NotAllowed("a date lies in the future", "ada tanggal yang belum terjadi")
    if received.year < 2000:
        raise NotAllowed("the date of receipt lies before the year 2000", "tanggal masuk sebelum tahun 2000")
    if stage_on < received:
        raise NotAllowed(
            "the stage began before the application was received", "tanggal tahap lebih awal daripada tanggal masuk"
        )


def check_counting(
    stages: ProcedureStages, stage: Stage, received: date, stage_on: date, counted_from: date | None
) -> None:
    """Raises NotAllowed when the promised time cannot have begun to run on `counted_from`."""
    first = stages.first_running
    if counted_from is None or first is None:
        return
    if not received <= counted_from <= stage_on:
        raise NotAllowed(
            "the promised time must begin between the receipt and the present stage (tanggal_lengkap)",
            "tanggal lengkap harus antara tanggal masuk dan tanggal tahap sekarang (tanggal_lengkap)",
        )
    if stage is first and counted_from != stage_on:
        raise NotAllowed(
            f"in {stage.id} the promised time begins with the stage: both dates must be the same",
            f"tahap “{stage.title}” dimulai bersama hitungan waktunya: tanggal tahap dan tanggal lengkap harus sama",
        )


def way_in(stages: ProcedureStages, stage: Stage, stage_on: date, counted_from: date | None) -> list[tuple[str, date]]:
    """Stages and days of the events that bring a newly registered application into `stage`, after the first stage.

    With `counted_from`, the stage in which the promised time begins is among them: else it would begin with the later.
    """
    first, way = stages.first_running, []
    if counted_from and first and first.id != stage.id and stages.stages.index(stage) > stages.stages.index(first):
        way.append((first.id, counted_from))
    return [*way, (stage.id, stage_on)] if stage.id != stages.stages[0].id else way
