"""Looks at people: whatever console or interface shows of one is a line of the log, and "data saya" tells it."""

from __future__ import annotations

import re
import secrets
import stat
from datetime import timedelta
from html import unescape
from pathlib import Path

import httpx
import pytest
from sqlalchemy import delete, func, select, text

from bot.applications import delivery, keys
from bot.applications.models import Application, ApplicationLink, ApplicationLook
from bot.applications.service import NewApplication, Register, add, stages_of
from bot.audit.models import AuditLine
from bot.commands.work import applications, handoffs, unknown
from bot.complaints.models import Complaint
from bot.conversations import outbox
from bot.conversations.models import Conversation
from bot.conversations.outbox import Extra
from bot.conversations.sent_files import Checked, keep
from bot.handoff.answering import approval
from bot.handoff.models import CallBack
from bot.knowledge.load import get_knowledge
from bot.privacy.export import as_json, gather
from bot.understanding import service
from tests.console.conftest import ADDRESS
from tests.console.desk.conftest import FrontOffice
from tests.console.desk.test_every_reader import QUERIES
from tests.helpers.routes import addresses

NAME, WORDS, BUSINESS = "Kinantiwangi", "gulungtikarbiru", "Toko Lembayungsenja"


@pytest.fixture
async def conversation(office: FrontOffice) -> int:
    """Kinanti waits, wants to be called, and has an application."""
    async with office.runtime.database.session() as session:
        stage = office.stage(session)
        number = await stage.person(NAME, "whatsapp", 1)
        await stage.waits(number, 1, "requested", "Pemohon meminta petugas.", office="kudus")
        await stage.asks(number, f"berapa biaya {WORDS}", 1, "ask_cost", outcome="for_officer")
        span = {"wanted_from": stage.now, "wanted_until": stage.now + timedelta(hours=1)}
        session.add(CallBack(conversation_id=number, office="kudus", question=WORDS, **span))
        register = Register(session, get_knowledge(), now=lambda: stage.now)
        day = stage.now.date() - timedelta(days=60)
        new = NewApplication("kudus-iui", "utama", applicant=NAME, business=BUSINESS, received_on=day)
        application = (await add(register, new, "system")).application
        application.due_on = stage.now.date() - timedelta(days=9)
        session.add(ApplicationLink(application_id=application.id, conversation_id=number, how="code"))
    return number


async def application_of(office: FrontOffice, conversation: int) -> Application:
    query = select(Application).join(ApplicationLink, ApplicationLink.application_id == Application.id)
    async with office.runtime.database.session() as session:
        return (await session.scalars(query.where(ApplicationLink.conversation_id == conversation))).one()


async def forget_looks(office: FrontOffice) -> None:
    """As if the hour had gone by."""
    async with office.runtime.database.session() as session:
        await session.execute(text("set local pandu.erasing = 'on'"))
        await session.execute(text("delete from audit_lines where action like '%.read' or action like '%.listed'"))


async def looked(office: FrontOffice, subject: str, number: int) -> int:
    query = select(func.count()).where(
        AuditLine.subject == subject, AuditLine.subject_id == number,
        AuditLine.actor == f"officer:{office.people.sari.id}",
    )  # fmt: skip
    async with office.runtime.database.session() as session:
        return (await session.execute(query)).scalar_one()


async def test_every_address_that_shows_something_of_a_person_is_noted(office: FrontOffice, conversation: int) -> None:
    application = await application_of(office, conversation)
    searches = {
        "/console/applications": ("", f"?q={NAME}"),
        "/console/inbox": (*QUERIES["/console/inbox"], f"?q={WORDS}&view=all"),
    }
    filled = {"conversation_id": str(conversation), "number": application.number, "kind": "csv"}
    shown = set()
    for address in sorted(one.removeprefix("GET ") for one in addresses(office.app) if one.startswith("GET /console")):
        if address == "/console/live":
            continue
        path = address
        for name, value in filled.items():
            path = path.replace(f"{{{name}}}", value)
        for query in searches.get(address, QUERIES.get(address, ("",))):
            if "{" in path:
                continue  # about somebody or something else
            await forget_looks(office)
            body = (await office.sari.get(path + query)).text.replace(f'value="{NAME}"', "")
            if NAME in body or WORDS in body:
                shown.add(address)
                assert await looked(office, "conversation", conversation) or await looked(
                    office, "application", application.id
                ), path + query
            if BUSINESS in body or application.number in body.replace(path, ""):
                assert await looked(office, "application", application.id), path + query
    assert {
        "/console/inbox", "/console/inbox/rows", "/console/conversations/{conversation_id}",
        "/console/conversations/{conversation_id}/live", "/console/conversations/{conversation_id}/older",
        "/console/conversations/{conversation_id}/replies", "/console/applications", "/console/applications/overdue",
        "/console/applications/{number}", "/console/inbox/table.{kind}", "/console/applications/table.{kind}",
        "/console/applications/overdue/table.{kind}",
    } <= shown  # fmt: skip


async def test_an_act_that_answers_with_the_conversation_is_a_look(office: FrontOffice, conversation: int) -> None:
    await forget_looks(office)
    answer = await office.sari.post(f"/console/conversations/{conversation}/claim", headers={"HX-Request": "true"})
    assert WORDS in answer.text
    async with office.runtime.database.session() as session:
        query = select(AuditLine.action).where(
            AuditLine.subject == "conversation", AuditLine.subject_id == conversation
        )
        assert "conversation.read" in (await session.scalars(query)).all()


async def test_who_is_named_by_a_refused_act_on_several_rows_was_looked_at(
    office: FrontOffice, conversation: int
) -> None:
    for ask in ("", "1"):
        await forget_looks(office)
        told = {"act": "release", "conversation": str(conversation), "ask": ask}
        answer = await office.sari.post("/console/inbox/bulk", data=told, headers={"HX-Request": "true"})
        assert NAME in answer.text
        assert await looked(office, "conversation", conversation)


async def test_words_shown_before_they_are_sent_are_a_look(office: FrontOffice) -> None:
    """A failed message that is to go again, and an answer that waits for a yes."""
    person = await office.owned("sari")
    async with office.runtime.database.session() as session:
        failed = await office.stage(session).says(person, WORDS, 1, "officer", status="failed")
    held = await office.kept_back(NAME)
    async with office.runtime.database.session() as session:
        (waiting,) = await approval.held(session, office.clock(), held)
    for there, act, words in (
        (person, f"messages/{failed}/resend", WORDS),
        (held, f"held/{waiting.id}/approve", waiting.bubbles[0]["text"]),
    ):
        await forget_looks(office)
        answer = await office.sari.post(f"/console/conversations/{there}/{act}", data={"ask": "1"})
        assert words in unescape(answer.text)
        assert await looked(office, "conversation", there), act


async def test_the_news_of_an_application_shown_before_it_is_sent_is_a_look(
    office: FrontOffice, conversation: int
) -> None:
    application = await application_of(office, conversation)
    stages = stages_of(get_knowledge(), application.service, application.procedure)
    stage = stages.stage(application.stage)
    assert stage is not None
    await forget_looks(office)
    told = {"stage": stage.next[0], "ask": "1"}
    answer = await office.sari.post(f"/console/applications/{application.number}/advance", data=told)
    assert "Pemohon akan membaca" in answer.text
    assert await looked(office, "application", application.id)


async def test_an_uploaded_list_is_a_look_at_what_its_rows_meet(office: FrontOffice, conversation: int) -> None:
    """Its preview and the question before it is written, of a right row and of one that is refused with a stage."""
    application, reference = await application_of(office, conversation), f"U-{secrets.token_hex(4)}"
    async with office.runtime.database.session() as session:
        (await session.get_one(Application, application.id)).reference = reference
    stages = stages_of(get_knowledge(), application.service, application.procedure)
    stage = stages.stage(application.stage)
    assert stage is not None
    today, received = office.clock().strftime("%d/%m/%Y"), application.received_on.strftime("%d/%m/%Y")
    for told in ({"tahap": stage.next[0], "tanggal_tahap": today}, {"nama": "Orang Lain", "usaha": "Warung Lain"}):
        row = {"nomor": reference, "layanan": application.service, "tanggal_masuk": received} | told
        content = "\n".join(";".join(line) for line in (row, row.values())).encode()
        await forget_looks(office)
        answer = await office.sari.post("/console/applications/import", files={"file": ("daftar.csv", content)})
        assert await looked(office, "application", application.id) == 1, told
        await forget_looks(office)
        kept = re.search(r"/console/applications/import/\d+", answer.text)
        assert kept is not None
        answer = await office.sari.post(kept[0], data={"ask": "1"})
        assert await looked(office, "application", application.id) == 1, told
        assert ("Tulis daftar ini dan kabari" in answer.text) is ("tahap" in told)


async def test_a_list_of_reports_is_a_look_at_each(office: FrontOffice, conversation: int) -> None:
    async with office.runtime.database.session() as session:
        report = Complaint(
            conversation_id=conversation, status="queued", step="", answers={"visibility": "nama"}, title="x", body="x",
            route="delay", recipient="lapor", office="kudus", service="kudus-iui", stage="",
            confirmed_at=office.clock(),
        )  # fmt: skip
        session.add(report)
        await session.flush()
    for address in ("/console/complaints?view=send", "/console/complaints/table.csv?view=send"):
        await forget_looks(office)
        await office.sari.get(address)
        assert await looked(office, "complaint", report.id), address


async def test_what_the_command_line_lists_is_a_look(office: FrontOffice, conversation: int, tmp_path: Path) -> None:
    application, reference = await application_of(office, conversation), f"U-{secrets.token_hex(4)}"
    async with office.runtime.database.session() as session:
        (await session.get_one(Application, application.id)).reference = reference
    office_list = tmp_path / "daftar.csv"
    office_list.write_text(f"nomor;layanan;tanggal_masuk;nama;usaha\n{reference};kudus-iui;01/10/2026;Lain;Lain\n")
    lists = (
        ("conversation", conversation, handoffs.show(office.runtime)),
        ("application", application.id, applications.show_list(office.runtime, "kudus", "", 200)),
        ("application", application.id, applications.import_list(office.runtime, office_list, "uji", True, False)),
    )
    for subject, number, shown in lists:
        await forget_looks(office)
        await shown
        async with office.runtime.database.session() as session:
            query = select(AuditLine.actor).where(AuditLine.subject == subject, AuditLine.subject_id == number)
            query = query.where(AuditLine.action == f"{subject}.listed")
            assert (await session.scalars(query)).all() == ["command-line"]


async def test_what_the_command_line_exports_is_noted_and_closed(
    office: FrontOffice, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    async def some(session: object) -> str:
        return WORDS

    monkeypatch.setattr(service, "export", some)
    there = tmp_path / "contoh.yml"
    there.write_text("")
    there.chmod(0o644)
    await unknown.export(office.runtime, there)
    assert (there.read_text(), stat.S_IMODE(there.stat().st_mode)) == (WORDS, 0o600)
    async with office.runtime.database.session() as session:
        query = select(AuditLine.action).where(AuditLine.actor == "command-line").order_by(AuditLine.id.desc()).limit(1)
        assert (await session.scalars(query)).one() == "understanding.exported"


async def test_one_line_an_hour_however_often_the_list_is_drawn(office: FrontOffice, conversation: int) -> None:
    await forget_looks(office)
    for _ in range(3):
        assert NAME in (await office.sari.get(f"/console/inbox/rows?view=all&q={WORDS}")).text
    assert await looked(office, "conversation", conversation) == 1


async def test_the_interface_notes_every_application_that_it_lists(office: FrontOffice, conversation: int) -> None:
    application = await application_of(office, conversation)
    async with office.runtime.database.session() as session:
        secret = await keys.make(Register(session, get_knowledge()), f"sistem-{secrets.token_hex(3)}", "kudus")
    headers = {"Authorization": f"Bearer {secret}"}
    async with httpx.AsyncClient(
        transport=httpx.ASGITransport(office.app), base_url=ADDRESS, headers=headers
    ) as system:
        for _ in range(2):
            assert NAME in (await system.get("/api/v1/applications?limit=200")).text
    async with office.runtime.database.session() as session:
        query = select(ApplicationLook.outcome).where(
            ApplicationLook.application_id == application.id, ApplicationLook.actor.startswith("api:")
        )
        assert (await session.scalars(query)).all() == ["listed"]
        copy = as_json(await gather(session, get_knowledge(), conversation, office.clock(), "Asia/Jakarta"))
    assert "sistem kantor" in copy


async def test_an_answer_of_the_interface_that_is_repeated_is_a_look(office: FrontOffice, conversation: int) -> None:
    application = await application_of(office, conversation)
    async with office.runtime.database.session() as session:
        secret = await keys.make(Register(session, get_knowledge()), f"sistem-{secrets.token_hex(3)}", "kudus")
    stage = stages_of(get_knowledge(), application.service, application.procedure).stage(application.stage)
    assert stage is not None
    headers = {"Authorization": f"Bearer {secret}", "Idempotency-Key": secrets.token_hex(8)}
    move = {"stage": stage.next[0], "reason": "berkas sudah lengkap"}
    async with httpx.AsyncClient(
        transport=httpx.ASGITransport(office.app), base_url=ADDRESS, headers=headers
    ) as system:
        for _ in range(2):
            answer = await system.post(f"/api/v1/applications/{application.number}/events", json=move)
            assert NAME in answer.text
    async with office.runtime.database.session() as session:
        query = select(func.count()).where(
            ApplicationLook.application_id == application.id, ApplicationLook.outcome == "shown"
        )
        assert (await session.execute(query)).scalar_one() == 2


async def test_a_move_that_the_interface_refuses_is_a_look(office: FrontOffice, conversation: int) -> None:
    """The refusal tells the stage, and what led to it is undone. A claim code stands in the audit log, too."""
    application = await application_of(office, conversation)
    async with office.runtime.database.session() as session:
        secret = await keys.make(Register(session, get_knowledge()), f"sistem-{secrets.token_hex(3)}", "kudus")
    there, headers = f"/api/v1/applications/{application.number}", {"Authorization": f"Bearer {secret}"}
    async with httpx.AsyncClient(
        transport=httpx.ASGITransport(office.app), base_url=ADDRESS, headers=headers
    ) as system:
        for count, once in enumerate(({}, {"Idempotency-Key": secrets.token_hex(8)}), 1):
            refused = await system.post(f"{there}/events", json={"stage": application.stage}, headers=once)
            assert refused.status_code in (409, 422)
            async with office.runtime.database.session() as session:
                query = select(ApplicationLook.outcome).where(ApplicationLook.application_id == application.id)
                assert (await session.scalars(query)).all() == ["shown"] * count
        assert (await system.post(f"{there}/claim-code")).status_code == 201
    async with office.runtime.database.session() as session:
        lines = select(AuditLine.action).where(AuditLine.subject == "application", AuditLine.actor.startswith("api:"))
        assert (await session.scalars(lines.where(AuditLine.subject_id == application.id))).all() == [
            "application.claim-code"
        ]


async def test_whoever_opens_a_receipt_in_a_chat_or_prints_one_has_seen_its_claim_code(
    office: FrontOffice, conversation: int, tmp_path: Path
) -> None:
    application = await application_of(office, conversation)
    name = f"{delivery.RECEIPT}{application.number}.pdf"
    async with office.runtime.database.session() as session:
        file = await keep(
            office.runtime.settings.files_dir, Checked(name, "application/pdf", ".pdf", "document"), b"%PDF-1.4 %%EOF"
        )
        put = await outbox.put(session, conversation, "Tanda terima", "system", extra=Extra(file=file))
        message = put if isinstance(put, int) else put.id
    assert (await office.wati.get(f"/console/sent-files/{message}")).status_code == 200
    await applications.print_receipt(office.runtime, application.number, tmp_path / "x.pdf", "uji")
    async with office.runtime.database.session() as session:
        lines = select(AuditLine.action, AuditLine.actor).where(AuditLine.subject == "application")
        found = (await session.execute(lines.where(AuditLine.subject_id == application.id))).all()
    assert ("application.receipt-seen", f"officer:{office.people.wati.id}") in found
    assert ("application.receipt", "command-line") in found


async def test_the_copy_of_ones_data_tells_every_look(office: FrontOffice, conversation: int) -> None:
    application = await application_of(office, conversation)
    await forget_looks(office)
    await office.sari.get("/console/inbox?view=waiting")
    await office.wati.get(f"/console/conversations/{conversation}/live")
    await office.sari.get(f"/console/applications/{application.number}")
    async with office.runtime.database.session() as session:
        copy = await gather(session, get_knowledge(), conversation, office.clock(), "Asia/Jakarta")
    rows = next(one.rows for one in copy.sections if one.id == "dibaca_petugas")
    assert {(one["oleh"], one["apa"]) for one in rows} == {
        ("petugas", "melihat percakapan di daftar"),
        ("penyelia", "membaca percakapan"),
        ("penyelia", f"melihat permohonan {application.number} di daftar"),  # above the transcript
        ("petugas", f"membaca permohonan {application.number}"),
    }
    assert "Sari" not in str(rows)


async def test_learning_is_noted_too(office: FrontOffice) -> None:
    """What is read there leads to nobody, so the line names nobody."""
    await forget_looks(office)
    await office.wati.get("/console/understanding")
    await office.wati.get("/console/understanding/export")
    async with office.runtime.database.session() as session:
        acts = (await session.scalars(select(AuditLine.action).where(AuditLine.subject == "message-list"))).all()
        await session.execute(delete(Conversation).where(Conversation.profile_name == NAME))
    assert {"message-list.read", "understanding.exported"} <= set(acts)
