"""Acts that tell an applicant something: shown first, waiting for some seconds, taken back whole or sent once."""

from __future__ import annotations

import asyncio
import re
from collections.abc import AsyncIterator
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import httpx
import pytest
from fastapi import FastAPI
from sqlalchemy import select, text

from bot.app import build_runtime, create_app
from bot.applications.models import Application, ApplicationLink, ApplicationNews
from bot.applications.posting import queue_held
from bot.audit.models import AuditLine
from bot.complaints.models import Complaint
from bot.console.routes import PAGES
from bot.conversations import recall
from bot.conversations.models import Conversation, Incoming, Outgoing, RecallableAct
from bot.conversations.runtime import Runtime
from bot.handoff.models import Handoff, HeldAnswer
from bot.handoff.ownership.service import request_person
from bot.settings import Settings
from bot.storage.database import Database
from tests.console.conftest import SignedIn
from tests.console.test_applications import registered

LIVE = {"HX-Request": "true"}


@pytest.fixture
def settings(tmp_path: Path) -> Settings:
    return Settings(_env_file=None, simulator="on", data_dir=tmp_path, engine_token="t", recall_seconds=10)


@pytest.fixture
async def runtime(settings: Settings, database_url: str) -> AsyncIterator[Runtime]:
    runtime = build_runtime(settings, database_url, "http://127.0.0.1:1", "t")
    async with runtime.jobs.open_async():
        yield runtime
    await runtime.database.close()


@pytest.fixture
def app(settings: Settings, runtime: Runtime) -> FastAPI:
    return create_app(settings, runtime)


@pytest.fixture(autouse=True)
async def empty(database: Database) -> None:
    async with database.session() as session:
        await session.execute(text("truncate conversations, applications, procrastinate_jobs cascade"))


@pytest.fixture
async def officer(signed_in: SignedIn) -> httpx.AsyncClient:
    return await signed_in("supervisor")


async def waiting(database: Database) -> int:
    async with database.session() as session:
        person = Conversation(channel="simulator", address="warga-1", profile_name="Warga")
        session.add(person)
        await session.flush()
        await request_person(session, person.id, "minta petugas")
        return person.id


def at(number: int, what: str = "") -> str:
    return f"/console/conversations/{number}{'/' + what if what else ''}"


async def state(database: Database, number: int) -> dict[str, Any]:
    """Who has the conversation, and what was said or waits."""
    async with database.session() as session:
        person = await session.get_one(Conversation, number)
        handoffs = (await session.scalars(select(Handoff).where(Handoff.conversation_id == number))).all()
        said = (await session.scalars(select(Outgoing).where(Outgoing.conversation_id == number))).all()
        return {
            "owner": person.owner,
            "menu": person.menu,
            "handoffs": [(one.officer_id, one.closed_at is None, one.first_reply_at is None) for one in handoffs],
            "said": [(one.status, one.text) for one in said],
        }


async def act_of(database: Database) -> int:
    async with database.session() as session:
        return (await session.scalars(select(RecallableAct.id).order_by(RecallableAct.id.desc()))).first() or 0


async def audited(database: Database, action: str) -> list[dict[str, Any]]:
    async with database.session() as session:
        rows = await session.scalars(select(AuditLine).where(AuditLine.action == action))
        return [{"subject": one.subject_id, **one.detail} for one in rows]


async def take_back(client: httpx.AsyncClient, act: int) -> str:
    answer = await client.post(f"/console/acts/{act}/recall")
    assert answer.status_code == 303
    return (await client.get(answer.headers["location"])).text


async def test_the_exact_sentence_is_shown_and_nothing_is_done(officer: httpx.AsyncClient, database: Database) -> None:
    person = await waiting(database)
    before = await state(database, person)
    page = await officer.post(at(person, "claim"), data={"ask": "1"})
    assert (page.status_code, 'action="' + at(person, "claim") + '"' in page.text) == (200, True)
    assert await state(database, person) == before
    dialog = await officer.post(at(person, "claim"), data={"ask": "1"}, headers=LIVE)
    assert dialog.headers["hx-retarget"] == "#asking"
    await officer.post(at(person, "claim"))
    (sent,) = (await state(database, person))["said"]
    assert sent[0] == "held"
    for shown in (page.text, dialog.text):
        assert sent[1] in shown.replace("&#39;", "'")


async def test_what_waits_goes_out_when_its_time_has_come(
    officer: httpx.AsyncClient, database: Database, runtime: Runtime
) -> None:
    person = await waiting(database)
    await officer.post(at(person, "claim"))
    async with database.session() as session:
        (job,) = (
            await session.execute(
                text("select scheduled_at - now() as ahead from procrastinate_jobs where task_name = 'let_go'")
            )
        ).all()
        message = (await session.scalars(select(Outgoing))).one()
        assert 0 < (message.next_at - message.created_at).total_seconds() <= 11  # type: ignore[operator]
    assert 5 < job.ahead.total_seconds() <= 10
    await recall.let_go(runtime, await act_of(database))
    assert [one[0] for one in (await state(database, person))["said"]] == ["pending"]
    assert "Tidak bisa dibatalkan lagi" in await take_back(officer, 1)
    await recall.let_go(runtime, 1)
    assert len((await state(database, person))["said"]) == 1


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


async def test_one_row_decides_between_taking_back_and_sending(
    officer: httpx.AsyncClient, database: Database, runtime: Runtime
) -> None:
    for _ in range(12):
        async with database.session() as session:
            await session.execute(text("truncate conversations cascade"))
        person = await waiting(database)
        await officer.post(at(person, "claim"))
        act = await act_of(database)
        _, answer = await asyncio.gather(
            recall.let_go(runtime, act), officer.post(f"/console/acts/{act}/recall"), return_exceptions=False
        )
        said = (await officer.get(answer.headers["location"])).text
        after = await state(database, person)
        if "Tidak bisa dibatalkan lagi" in said:
            assert ([one[0] for one in after["said"]], after["owner"]) == (["pending"], "officer")
        else:
            assert (after["said"], after["owner"]) == ([], "queue")


async def test_while_the_sender_holds_the_row_taking_back_waits_and_comes_too_late(
    officer: httpx.AsyncClient, database: Database, runtime: Runtime
) -> None:
    person = await waiting(database)
    await officer.post(at(person, "claim"))
    act = await act_of(database)
    async with runtime.database.session() as session:
        await recall.let_go_before(runtime, session, person)
        late = asyncio.create_task(officer.post(f"/console/acts/{act}/recall"))
        await asyncio.sleep(0.3)
        assert not late.done()
    assert "Tidak bisa dibatalkan lagi" in (await officer.get((await late).headers["location"])).text
    assert [one[0] for one in (await state(database, person))["said"]] == ["pending"]


async def test_only_whose_act_it_was(officer: httpx.AsyncClient, signed_in: SignedIn, database: Database) -> None:
    person = await waiting(database)
    await officer.post(at(person, "claim"))
    assert "Tidak bisa dibatalkan lagi" in await take_back(await signed_in("administrator"), await act_of(database))
    assert (await state(database, person))["owner"] == "officer"


async def test_what_a_colleague_has_gone_on_with_is_not_undone(
    officer: httpx.AsyncClient, signed_in: SignedIn, database: Database
) -> None:
    person = await waiting(database)
    await officer.post(at(person, "claim"))
    first = await act_of(database)
    other = await signed_in("supervisor")
    await other.post(at(person, "take-over"))
    assert "sesudahnya sudah ada perubahan lain" in await take_back(officer, first)
    after = await state(database, person)
    assert after["handoffs"][0][0] == other.officer.id  # type: ignore[attr-defined]
    assert [one[0] for one in after["said"]] == ["held", "held"]


async def test_a_typed_reply_goes_at_once_and_what_waits_goes_before_it(
    officer: httpx.AsyncClient, database: Database
) -> None:
    person = await waiting(database)
    await officer.post(at(person, "claim"))
    await officer.post(at(person, "reply"), data={"text": "Selamat pagi"})
    said = (await state(database, person))["said"]
    assert [one[0] for one in said] == ["pending", "pending"]
    assert said[1][1] == "Selamat pagi"


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


async def test_every_page_offers_it_without_javascript(officer: httpx.AsyncClient, database: Database) -> None:
    person = await waiting(database)
    await officer.post(at(person, "claim"))
    act = await act_of(database)
    page = (await officer.get("/console/applications")).text
    assert f'action="/console/acts/{act}/recall"' in page
    assert re.search(r"<button[^>]*>.*?Batalkan \(\d+\)", page, re.S)
    await take_back(officer, act)
    assert "/recall" not in (await officer.get("/console/applications")).text


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
        events = "select count(*) from application_events"
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
    await queue_held(runtime, **job[1])  # a job that came all the same tells nobody
    async with database.session() as session:
        assert (await session.scalars(select(ApplicationNews))).all() == []
    await officer.post(f"/console/applications/{number}/advance", data=form)
    async with database.session() as session:
        (job,) = (await session.scalars(select(RecallableAct))).one().jobs
    await queue_held(runtime, **job[1])
    async with database.session() as session:
        assert len((await session.scalars(select(ApplicationNews))).all()) == 1


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
        assert (await session.execute(text("select count(*) from complaint_events"))).scalar_one() == 0
    assert (await state(database, person.id))["said"] == []


async def test_disabling_an_officer_can_be_taken_back(signed_in: SignedIn, database: Database) -> None:
    boss, colleague = await signed_in("administrator"), await signed_in("officer")
    person = await waiting(database)
    await colleague.post(at(person, "claim"))
    await colleague.post(at(person, "reply"), data={"text": "Selamat pagi"})
    before = await state(database, person)
    address = f"/console/officers/{colleague.officer.id}/active"  # type: ignore[attr-defined]
    assert "Pemohon akan membaca" in (await boss.post(address, data={"ask": "1"})).text
    await boss.post(address, data={})
    assert (await state(database, person))["owner"] == "queue"
    await take_back(boss, await act_of(database))
    assert await state(database, person) == before


def test_every_form_that_tells_somebody_asks_first() -> None:
    """The pages' forms for these addresses carry the field that has the words shown."""
    folder = Path(PAGES[0].__module__ and "bot/console/templates")
    pages = "\n".join(one.read_text() for one in folder.glob("*.html"))
    told = ("/transfer", "/approve", "/resend", "/advance", "/receipt/send", "/tracking", "/answered", "/active")
    forms = [one for one in re.findall(r"<form.*?</form>", pages, re.S) if 'method="post"' in one]
    for ending in told:
        found = [one for one in forms if re.search(rf'action="[^"]*{ending}"', one)]
        assert found, ending
        assert all('name="ask" value="1"' in one for one in found), ending


@pytest.mark.parametrize("cookie", ["1." + "9" * 3000, "1." + "9" * 5000, "9" * 5000 + ".1", "1.2.3_4", "_._"])
async def test_odd_numbers_in_the_browsers_own_list_are_no_fault(signed_in: SignedIn, cookie: str) -> None:
    officer = await signed_in("officer")
    page = await officer.get("/console/inbox", headers={"Cookie": f"pandu_acts={cookie}; {cookies_of(officer)}"})
    assert page.status_code == 200


def cookies_of(officer: httpx.AsyncClient) -> str:
    return "; ".join(f"{name}={value}" for name, value in officer.cookies.items())
