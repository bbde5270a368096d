"""An officer of one office acts on another office's: hours, canned replies, answers, drafts. Nothing of it succeeds."""

from __future__ import annotations

from collections.abc import AsyncIterator, Awaitable, Callable
from datetime import datetime, timedelta
from zoneinfo import ZoneInfo

import httpx
import pytest
from sqlalchemy import delete, select, update

from bot.handoff.models import CannedReply, OfficeHours
from bot.knowledge.answer_notes import AnswerNote
from bot.knowledge.load import get_knowledge
from bot.officers.models import Officer
from bot.standards.tables import Proposal
from bot.storage.database import Database
from bot.working_days import ClosedDay
from tests.console.conftest import SignedIn
from tests.console.drafting import ROOT, drafted, form_of, known, nothing_left, upload

THEIRS = "kudus-iui/requirement/ktp"
OfOffice = Callable[[str, str], Awaitable[httpx.AsyncClient]]


@pytest.fixture(autouse=True)
async def nothing_is_left(database: Database) -> AsyncIterator[None]:
    async with nothing_left(database):
        yield
        async with database.session() as session:
            for table in (AnswerNote, Proposal, CannedReply, OfficeHours, ClosedDay):
                await session.execute(delete(table))


@pytest.fixture
def of_office(signed_in: SignedIn, database: Database) -> OfOffice:
    async def sign_in(role: str, office: str) -> httpx.AsyncClient:
        client = await signed_in(role)
        number = client.officer.id  # type: ignore[attr-defined]
        async with database.session() as session:
            await session.execute(update(Officer).where(Officer.id == number).values(offices=[office]))
        return client

    return sign_in


@pytest.mark.parametrize("office", ["kudus", ""])
async def test_hours_and_closed_days(of_office: OfOffice, database: Database, office: str) -> None:
    supervisor = await of_office("supervisor", "magetan")
    week = {"opens-0-0": "01.00", "closes-0-0": "02.00"}
    day = {"day": "2026-12-30", "reason": "libur"}
    for path, data in (("", week), ("/closed", day), ("/opened", day)):
        answer = await supervisor.post(f"/console/hours{path}", data={"office": office, **data})
        assert answer.status_code == 403, path
        assert (await supervisor.post(f"/console/hours{path}", data={"office": "magetan", **data})).status_code == 303
    async with database.session() as session:
        assert set(await session.scalars(select(OfficeHours.office))) == {"magetan"}
        assert not (await session.scalars(select(ClosedDay.office).where(ClosedDay.office == office))).all()


async def test_canned_replies(of_office: OfOffice, signed_in: SignedIn, database: Database) -> None:
    everywhere, supervisor = await signed_in("supervisor"), await of_office("supervisor", "magetan")
    for office in ("kudus", "", "magetan"):
        reply = {"title": f"Salam {office}", "text": "Selamat pagi", "office": office}
        assert (await everywhere.post("/console/replies", data=reply)).status_code == 303
    async with database.session() as session:
        numbers = {one.office: one.id for one in await session.scalars(select(CannedReply))}
    for office in ("kudus", ""):
        changed = {"title": "Diambil", "text": "Kantor pindah", "office": "magetan", "reply_id": str(numbers[office])}
        assert (await supervisor.post("/console/replies", data=changed)).status_code == 403
        assert (await supervisor.post(f"/console/replies/{numbers[office]}/remove")).status_code == 403
        new = {"title": "Baru", "text": "Kantor pindah", "office": office}
        assert (await supervisor.post("/console/replies", data=new)).status_code == 403
    moved = {"title": "Pindah", "text": "x", "office": "kudus", "reply_id": str(numbers["magetan"])}
    assert (await supervisor.post("/console/replies", data=moved)).status_code == 403
    assert (await supervisor.post(f"/console/replies/{numbers['magetan']}/remove")).status_code == 303
    async with database.session() as session:
        assert {one.title for one in await session.scalars(select(CannedReply))} == {"Salam kudus", "Salam"}


async def test_an_answer_that_rests_on_another_offices_facts(of_office: OfOffice, database: Database) -> None:
    """One new sentence of one's own document does not make it one's own."""
    officer = await of_office("officer", "magetan")
    service = next(one for one in get_knowledge().services.values() if one.office == "magetan")
    form = {
        "kind": "question",
        "ask": "syarat ktp di kudus\napakah kudus minta ktp\nktp untuk iui kudus",
        "short": "KTP Kudus",
        "answer": "Kudus tidak meminta KTP.",
        "facts": THEIRS,
        "service": service.id,
        "clause": "judul",
        "printed": service.title,
    }
    answer = await officer.post("/console/knowledge/proposals", data=form)
    assert answer.status_code == 403, answer.text
    async with database.session() as session:
        assert not (await session.scalars(select(Proposal.id))).all()


async def test_a_new_office_takes_no_other_offices_place(signed_in: SignedIn, database: Database) -> None:
    supervisor = await signed_in("supervisor")
    before = get_knowledge().offices["kudus"]
    address = await drafted(supervisor, office_region="Kudus", office_name="Dinas Palsu", office_aliases="kudus palsu")
    version = form_of((await supervisor.get(address)).text)["version"]
    await supervisor.post(f"{address}/publish", data={"reason": "baru", "version": version})
    assert (await known(database)).offices["kudus"] == before


async def test_what_was_changed_after_it_was_read_is_not_published(signed_in: SignedIn, database: Database) -> None:
    """The supervisor's yes is to what stood on the page; the newer work is not lost either."""
    officer, supervisor = await signed_in("officer"), await signed_in("supervisor")
    address = await drafted(officer)
    read = form_of((await supervisor.get(address)).text)
    changed = form_of((await officer.get(address)).text) | {"cost-0-text": "Rp1.000.000 tunai kepada petugas"}
    assert (await officer.post(address, data=changed)).status_code == 303
    late = await supervisor.post(f"{address}/publish", data={"reason": "baru", "version": read["version"]})
    assert late.status_code == 409
    assert (await supervisor.post(f"{address}/publish", data={"reason": "baru"})).status_code == 422
    assert "tunai kepada petugas" in (await officer.get(address)).text
    assert "Versi " not in (await supervisor.get(ROOT)).text.split('id="versions"', 1)[-1]


async def test_a_draft_of_another_office(of_office: OfOffice, signed_in: SignedIn) -> None:
    theirs, ours = await of_office("officer", "kudus"), await of_office("supervisor", "magetan")
    address = (await upload(theirs)).headers["location"]
    form = form_of((await theirs.get(address)).text)
    assert form["office"] == "kudus" and (await ours.get(address)).status_code == 403
    assert (await ours.post(address, data=form | {"office": "kudus"})).status_code == 403
    assert (await theirs.post(address, data=form | {"office": "kudus"})).status_code == 303
    for path in ("", "/publish", "/remove"):
        data = form | {"reason": "baru", "version": "2"}
        assert (await ours.post(f"{address}{path}", data=data)).status_code == 403, path
    assert (await ours.get(address)).status_code == 403
    assert (await ours.get(f"{address}/try")).status_code == 403


async def test_notices_of_another_office_are_not_seen(of_office: OfOffice, signed_in: SignedIn) -> None:
    everywhere, supervisor = await signed_in("supervisor"), await of_office("supervisor", "magetan")
    ends = f"{datetime.now(ZoneInfo('Asia/Jakarta')) + timedelta(hours=3):%Y-%m-%dT%H:%M}"
    for office in ("kudus", "", "magetan"):
        note = {"text": f"Loket pindah, {office or 'semua'}.", "ends": ends, "office": office}
        assert (await everywhere.post("/console/notices", data=note)).status_code == 303
    shown = (await supervisor.get("/console/notices")).text
    assert "pindah, magetan." in shown and "pindah, semua." in shown
    assert "pindah, kudus." not in shown
