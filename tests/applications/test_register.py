"""Adding, advancing, correcting: only the ways of the procedure, nothing erased."""

from __future__ import annotations

from datetime import date

import pytest
from sqlalchemy import select, text
from sqlalchemy.exc import DBAPIError

from bot.applications.errors import Conflict, NotAllowed, NotFound
from bot.applications.models import ApplicationContact
from bot.applications.numbers import number_in
from bot.applications.service import NewApplication, Register, add, advance, find, standing, telephone, timeline
from bot.knowledge.load import get_knowledge
from tests.applications.conftest import Clock

MAGETAN = NewApplication("magetan-perluasan", reference="A-1", received_on=date(2026, 11, 2), phones=["0812 3456 7890"])


async def test_an_application_starts_in_the_first_stage(register: Register) -> None:
    found = (await add(register, MAGETAN, "sari")).application
    assert number_in(found.number) == found.number
    assert (found.office, found.stage, found.turn) == ("magetan", "pengisian", "applicant")
    contact = (await register.session.scalars(select(ApplicationContact.value))).one()
    assert contact == "+6281234567890"
    assert ApplicationContact.__tablename__ == "application_contacts"
    with pytest.raises(Conflict):
        await add(register, MAGETAN, "sari")


async def test_only_the_ways_of_the_procedure(register: Register, clock: Clock) -> None:
    number = (await add(register, MAGETAN, "sari")).application.number
    with pytest.raises(NotAllowed, match="no way from pengisian to terbit"):
        await advance(register, number, "terbit", "sari")
    with pytest.raises(NotFound, match="no stage 'terbang'"):
        await advance(register, number, "terbang", "sari")
    await advance(register, number, "pemeriksaan", "sari", expected="pengisian")
    with pytest.raises(Conflict, match="sari has moved"):
        await advance(register, number, "pemeriksaan", "budi", expected="pengisian")
    with pytest.raises(NotAllowed, match="already"):
        await advance(register, number, "pemeriksaan", "budi")
    with pytest.raises(NotAllowed, match="date must lie"):
        await advance(register, number, "verifikasi", "budi", on=date(2026, 11, 1))


async def test_magetan_counts_from_complete_and_correct(register: Register, clock: Clock) -> None:
    number = (await add(register, MAGETAN, "sari")).application.number
    await advance(register, number, "pemeriksaan", "sari", on=date(2026, 11, 3))
    application = await find(register, number)
    reckoning = await standing(register, application)
    assert reckoning is not None and reckoning.started is None and application.due_on is None
    await advance(register, number, "verifikasi", "sari", on=date(2026, 11, 16))
    assert application.due_on == date(2026, 11, 23)
    await advance(register, number, "perbaikan", "sari", on=date(2026, 11, 17), reason="Akta tidak terbaca")
    assert application.due_on is None and application.turn == "applicant"
    clock.on(2026, 11, 25)
    await advance(register, number, "pemeriksaan", "sari", on=date(2026, 11, 20))
    await advance(register, number, "verifikasi", "sari", on=date(2026, 11, 23))
    assert application.due_on == date(2026, 11, 27)
    await advance(register, number, "berita-acara", "sari")
    await advance(register, number, "terbit", "sari")
    assert (application.due_on, application.turn) == (None, "nobody")


async def test_no_promise_is_invented(register: Register) -> None:
    new = NewApplication("verifikasi-iui-oss", received_on=date(2026, 11, 2), stage="pemeriksaan")
    found = (await add(register, new, "sari")).application
    assert await standing(register, found) is None and found.due_on is None


async def test_a_correction_is_an_event_with_a_reason(register: Register) -> None:
    number = (await add(register, MAGETAN, "sari")).application.number
    await advance(register, number, "pemeriksaan", "sari")
    with pytest.raises(NotAllowed, match="reason"):
        await advance(register, number, "pengisian", "budi", correction=True)
    await advance(register, number, "pengisian", "budi", correction=True, reason="Salah berkas")
    events = await timeline(register, (await find(register, number)).id)
    assert [(one.kind, one.stage, one.actor) for one in events] == [
        ("received", "pengisian", "sari"),
        ("stage", "pemeriksaan", "sari"),
        ("correction", "pengisian", "budi"),
    ]


@pytest.mark.parametrize("statement", ["update application_events set reason = 'x'", "delete from application_events"])
async def test_events_cannot_be_changed(register: Register, statement: str) -> None:
    await add(register, MAGETAN, "sari")
    with pytest.raises(DBAPIError, match="only ever added"):
        async with register.session.begin_nested():
            await register.session.execute(text(statement))


@pytest.mark.parametrize(
    "wrong",
    [
        NewApplication("siup"),
        NewApplication("pariaman-ketenagakerjaan-mt"),
        NewApplication("kudus-iui", stage="terbang"),
        NewApplication("kudus-iui", received_on=date(2026, 11, 19)),
        NewApplication("kudus-iui", received_on=date(1926, 11, 19)),
        NewApplication("kudus-iui", received_on=date(2026, 11, 10), stage_on=date(2026, 11, 9)),
        NewApplication("kudus-iui", phones=["12"]),
        NewApplication("kudus-iui", emails=["budi"]),
    ],
)
async def test_wrong_data_are_refused(register: Register, wrong: NewApplication) -> None:
    with pytest.raises((NotAllowed, NotFound)):
        async with register.session.begin_nested():
            await add(register, wrong, "sari")


@pytest.mark.parametrize("typed", ["081234567890", "+62 812-3456-7890", "62 812 3456 7890", "(0812) 3456 7890"])
def test_telephone_numbers(typed: str) -> None:
    assert telephone(typed) == "+6281234567890"


def test_every_procedure_can_be_walked_to_its_end() -> None:
    for entry in get_knowledge().stages.values():
        for procedure in entry.procedures:
            assert any(one.end == "approved" for one in procedure.stages), entry.id
