"""Each act that tells an applicant something is put back whole."""

from __future__ import annotations

import re
from datetime import UTC, datetime, timedelta

import httpx
import pytest
from sqlalchemy import select, text

from bot.applications.models import Application, ApplicationImport, ApplicationLink, ApplicationNews
from bot.applications.posting import queue_held
from bot.applications.service import Register
from bot.applications.uploads import KEPT_WRITTEN, forget
from bot.complaints.models import Complaint
from bot.conversations.models import Conversation, Incoming, Outgoing, RecallableAct
from bot.conversations.runtime import Runtime
from bot.handoff.models import HeldAnswer
from bot.knowledge.load import get_knowledge
from bot.storage.database import Database
from tests.console.conftest import SignedIn
from tests.console.recall.acting import LIVE, act_of, at, audited, state, take_back, waiting
from tests.console.test_applications import registered, sheet, upload


@pytest.mark.parametrize("what", ["claim", "give-back", "close", "release", "transfer"])
async def test_taken_back_all_is_as_it_was(
    officer: httpx.AsyncClient, signed_in: SignedIn, database: Database, runtime: Runtime, what: str
) -> None:
    person, colleague = await waiting(database), await signed_in("officer")
    to = f"officer-{colleague.officer.id}"  # type: ignore[attr-defined]
    if what != "claim":
        await officer.post(at(person, "claim"))
        await officer.post(at(person, "reply"), data={"text": "Selamat pagi"})
    before = await state(database, person)
    await officer.post(at(person, what), data={"to": to, "note": "Tolong dilanjutkan"})
    changed = await state(database, person)
    assert changed["said"][-1][0] == "held"
    assert changed["owner"] != before["owner"] or changed["handoffs"] != before["handoffs"]
    shown = await take_back(officer, await act_of(database))
    assert "Dibatalkan" in shown
    assert "membatalkannya sebelum dikirim" in shown
    assert await state(database, person) == before
    assert {"subject": person, "act": recalled(what)} in await audited(database, "act.recalled")
    async with database.session() as session:
        assert (await session.execute(text("select count(*) from surveys"))).scalar_one() == 0


def recalled(what: str) -> str:
    names = {"claim": "claimed", "give-back": "given-back", "close": "closed", "release": "released"}
    return f"handoff.{names.get(what, 'transferred')}"


async def test_stepping_in_taken_back_leaves_no_request(officer: httpx.AsyncClient, database: Database) -> None:
    async with database.session() as session:
        person = Conversation(channel="simulator", address="warga-2")
        session.add(person)
    await officer.post(at(person.id, "claim"), data={"step_in": "1"})
    assert (await state(database, person.id))["owner"] == "officer"
    await take_back(officer, await act_of(database))
    assert await state(database, person.id) == {"owner": "bot", "menu": None, "handoffs": [], "said": []}


@pytest.mark.parametrize("way", ["setting", "ready-made"])
async def test_a_delayed_reply_taken_back_stands_in_the_field_again(
    officer: httpx.AsyncClient, database: Database, way: str
) -> None:
    person = await waiting(database)
    await officer.post(at(person, "claim"))
    if way == "setting":
        assert "Tunda 10 detik" in (await officer.get("/console/account")).text
        await officer.post("/console/account/replies", data={"delays": "1"})
    before = await state(database, person)
    typed = {"text": "Selamat pagi, Bu", "inserted": "1" if way == "ready-made" else ""}
    sent = await officer.post(at(person, "reply"), data=typed, headers=LIVE)
    assert re.search(r'id="acts".*Batalkan \(\d+\)', sent.text, re.S)
    assert (await state(database, person))["said"][-1] == ("held", "Selamat pagi, Bu")
    page = await take_back(officer, await act_of(database))
    assert await state(database, person) == before
    assert "Selamat pagi, Bu</textarea>" in page


async def test_every_field_that_is_still_empty_is_named(officer: httpx.AsyncClient, database: Database) -> None:
    person = await waiting(database)
    await officer.post(at(person, "claim"))
    typed = {"text": "Yth. {nama}, permohonan {nomor_permohonan} di {kantor}; {nama}"}
    answer = await officer.post(at(person, "reply"), data=typed, headers=LIVE)
    assert answer.status_code == 422
    assert "Isian {nama}, {nomor_permohonan}, {kantor} belum terisi." in answer.text


async def test_an_approved_answer_waits_for_a_yes_again(officer: httpx.AsyncClient, database: Database) -> None:
    async with database.session() as session:
        person = Conversation(channel="simulator", address="warga-3")
        session.add(person)
        await session.flush()
        asked = Incoming(
            conversation_id=person.id, channel="simulator", provider_id="p-3", kind="text", text="Syarat SIUP?"
        )
        session.add(asked)
        await session.flush()
        await session.execute(
            text(
                "insert into held_answers (conversation_id, incoming_id, expires_at)"
                " values (:c, :i, now() + interval '1 h')"
            ),
            {"c": person.id, "i": asked.id},
        )
        bubble = Outgoing(conversation_id=person.id, in_reply_to=asked.id, text="KTP dan NPWP", status="held")
        session.add(bubble)
    async with database.session() as session:
        held = (await session.scalars(select(HeldAnswer))).one()
    before = await state(database, person.id)
    edited = {f"text-{bubble.id}": "KTP dan NIB"}
    address = at(person.id, f"held/{held.id}/approve")
    assert "KTP dan NIB" in (await officer.post(address, data=edited | {"ask": "1"})).text
    assert await state(database, person.id) == before
    await officer.post(address, data=edited)
    assert ("held", "KTP dan NIB") in (await state(database, person.id))["said"]
    await take_back(officer, await act_of(database))
    assert await state(database, person.id) == before
    async with database.session() as session:
        assert (await session.scalars(select(HeldAnswer))).one().decision is None


async def linked(runtime: Runtime, database: Database, number: str) -> None:
    async with database.session() as session:
        person = Conversation(channel="simulator", address="warga-4")
        session.add(person)
        await session.flush()
        application = (await session.scalars(select(Application).where(Application.number == number))).one()
        session.add(ApplicationLink(application_id=application.id, conversation_id=person.id, how="code"))


async def test_a_stage_with_its_news_is_put_back(
    officer: httpx.AsyncClient, database: Database, runtime: Runtime
) -> None:
    number = await registered(runtime)
    await linked(runtime, database, number)
    async with database.session() as session:
        row = "select to_jsonb(a) from applications a"
        events = "select count(*) from application_events where kind <> 'note'"
        before = ((await session.execute(text(row))).scalar_one(), (await session.execute(text(events))).scalar_one())
    page = (await officer.get(f"/console/applications/{number}")).text
    stage = re.search(r'type="radio" name="stage" value="([^"]+)"', page)
    assert stage
    form = {"stage": stage[1], "reason": "Unggah ulang scan NPWP yang terbaca jelas."}
    asked = await officer.post(f"/console/applications/{number}/advance", data=form | {"ask": "1"})
    assert "Unggah ulang scan NPWP yang terbaca jelas." in asked.text
    assert number in asked.text
    done = await officer.post(f"/console/applications/{number}/advance", data=form)
    assert done.status_code == 303
    async with database.session() as session:
        assert (await session.scalars(select(ApplicationNews))).all() == []
        act = (await session.scalars(select(RecallableAct))).one()
        (job,) = act.jobs
        assert (await session.execute(text(row))).scalar_one() != before[0]
    assert "Dibatalkan" in await take_back(officer, act.id)
    async with database.session() as session:
        assert (
            (await session.execute(text(row))).scalar_one(),
            (await session.execute(text(events))).scalar_one(),
        ) == before
        notes = (await session.scalars(text("select reason from application_events where kind = 'note'"))).all()
    assert [one.partition("”")[2] for one in notes] == [" ditarik kembali sebelum pemohon dikabari."]
    assert "ditarik kembali sebelum pemohon dikabari" in (await officer.get(f"/console/applications/{number}")).text
    await queue_held(runtime, **job[1])  # a job that came all the same tells nobody
    async with database.session() as session:
        assert (await session.scalars(select(ApplicationNews))).all() == []
    await officer.post(f"/console/applications/{number}/advance", data=form)
    async with database.session() as session:
        (job,) = (await session.scalars(select(RecallableAct))).one().jobs
    await queue_held(runtime, **job[1])
    async with database.session() as session:
        assert len((await session.scalars(select(ApplicationNews))).all()) == 1


async def test_a_list_taken_back_stands_before_its_officer_again(
    officer: httpx.AsyncClient, database: Database, runtime: Runtime
) -> None:
    number = await registered(runtime, "M/1")
    await linked(runtime, database, number)
    came, moved = (f"{datetime.now(UTC) - timedelta(days=ago):%d-%m-%Y}" for ago in (30, 5))
    known = ["M/1", "magetan-perluasan", "Ani", "081234567890", came, "verifikasi", moved]
    new = ["M/2", "magetan-perluasan", "Budi", "", came, "verifikasi", moved]
    preview = await upload(officer, sheet([known, new]))
    address = re.search(r'action="(/console/applications/import/\d+)"', preview.text)
    assert address
    async with database.session() as session:
        before = (await session.execute(text("select to_jsonb(a) from applications a"))).all()
    assert "Pemohon akan membaca" in (await officer.post(address[1], data={"ask": "1"})).text
    await officer.post(address[1])
    assert "sudah tidak ada" in (await officer.get(address[1])).text, "it is written"
    async with database.session() as session:
        act = (await session.scalars(select(RecallableAct))).one()
    answer = await officer.post(f"/console/acts/{act.id}/recall")
    assert answer.headers["location"] == address[1]
    page = (await officer.get(address[1])).text
    assert "Dibatalkan" in page and "Tulis sekarang" in page
    async with database.session() as session:
        assert (await session.execute(text("select to_jsonb(a) from applications a"))).all() == before
    assert "ditarik kembali" in (await officer.get(f"/console/applications/{number}")).text
    done = await officer.post(address[1])
    assert (done.status_code, done.headers["location"]) == (303, "/console/applications")
    async with database.session() as session:
        kept = (await session.scalars(select(ApplicationImport))).one()
        assert kept.written_at is not None
        await forget(Register(session, get_knowledge(), now=lambda: datetime.now(UTC) + KEPT_WRITTEN))
        assert (await session.scalars(select(ApplicationImport))).all() == []


async def test_a_report_number_is_put_back(officer: httpx.AsyncClient, database: Database) -> None:
    async with database.session() as session:
        person = Conversation(channel="simulator", address="warga-5")
        session.add(person)
        await session.flush()
        report = Complaint(
            conversation_id=person.id, status="queued", step="", title="Jalan di tempat", body="x", route="delay"
        )
        report.answers, report.recipient = {"visibility": "nama", "office_id": "magetan"}, "lapor"
        report.confirmed_at = datetime.now(UTC)
        session.add(report)
    address = f"/console/complaints/{report.id}/tracking"
    asked = await officer.post(address, data={"tracking_id": "1916449", "ask": "1"})
    assert "1916449" in asked.text
    assert (await state(database, person.id))["said"] == []
    await officer.post(address, data={"tracking_id": "1916449"})
    assert (await state(database, person.id))["said"][0][0] == "held"
    await take_back(officer, await act_of(database))
    async with database.session() as session:
        row = await session.get_one(Complaint, report.id)
        assert (row.status, row.tracking_id, row.submitted_at) == ("queued", None, None)
        assert (await session.scalars(text("select kind from complaint_events"))).all() == ["recalled"]
    assert "Ditarik kembali sebelum pelapor dikabari" in (await officer.get(f"/console/complaints/{report.id}")).text
    assert (await state(database, person.id))["said"] == []


async def test_disabling_an_officer_can_be_taken_back(signed_in: SignedIn, database: Database) -> None:
    boss, colleague = await signed_in("administrator"), await signed_in("officer")
    person = await waiting(database)
    await colleague.post(at(person, "claim"))
    await colleague.post(at(person, "reply"), data={"text": "Selamat pagi"})
    before = await state(database, person)
    address = f"/console/officers/{colleague.officer.id}/active"  # type: ignore[attr-defined]
    asked = (await boss.post(address, data={"ask": "1"})).text
    assert "Pemohon akan membaca" in asked and f"Nonaktifkan akun {colleague.officer.name}?" in asked  # type: ignore[attr-defined]
    await boss.post(address, data={})
    assert (await state(database, person))["owner"] == "queue"
    await take_back(boss, await act_of(database))
    assert await state(database, person) == before


@pytest.mark.parametrize("cookie", ["1." + "9" * 3000, "1." + "9" * 5000, "9" * 5000 + ".1", "1.2.3_4", "_._"])
async def test_odd_numbers_in_the_browsers_own_list_are_no_fault(signed_in: SignedIn, cookie: str) -> None:
    officer = await signed_in("officer")
    page = await officer.get("/console/inbox", headers={"Cookie": f"pandu_acts={cookie}; {cookies_of(officer)}"})
    assert page.status_code == 200


def cookies_of(officer: httpx.AsyncClient) -> str:
    return "; ".join(f"{name}={value}" for name, value in officer.cookies.items())
