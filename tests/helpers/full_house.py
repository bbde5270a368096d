"""The invented front office (front_office.py) with plenty in every cupboard, and an address for every page of it.

For looking at pages and for trying them, not for figures. Names are invented; some are long, some not in Latin letters.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, timedelta

from sqlalchemy.ext.asyncio import AsyncSession

from bot.applications import keys
from bot.applications.posting import register_of
from bot.applications.service import NewApplication, add
from bot.audit.service import note
from bot.complaints.models import Complaint
from bot.figures.models import Letterhead
from bot.handoff.models import Rule
from bot.handoff.triage import labels, snoozing, targets, views
from bot.knowledge.answer_notes import AnswerNote
from bot.knowledge.publications import Publication, publish
from bot.officers.models import Officer
from bot.privacy.service import make_link
from bot.standards import child, proposals, service
from bot.standards.models import StandardDraft
from bot.survey.models import AnswerCheck, Survey, SurveyAnswer
from bot.understanding.models import Measurement, UnknownMessage
from tests.helpers.open_office import Office
from tests.standards import kinds

NAMES = (
    "Siti Contoh",
    "CV Contoh Maju",
    "Dewi Contoh",
    "Nguyễn Thị Contoh",
    "R.M. Kusumaningrat Contoh Sastrodiwiryo bin Contoh Prawirodihardjo",
    "محمد رشيد",
    "ꦱꦶꦠꦶ",
    "陈文礼",
    "PT Contoh Sejahtera Abadi Nusantara Industri Mebel dan Kerajinan Rotan",
    "Rasyīd Contoh",
)
ASKED = (
    ("syarat izin usaha industri apa saja?", "ask_requirements"),
    ("berapa lama prosesnya", "ask_duration"),
    ("biaya perluasan berapa", "ask_cost"),
    ("cara daftar siinas", "ask_procedure"),
    ("otp oss gak masuk", "otp_problem"),
    ("kantornya buka jam berapa", "ask_contact"),
)
SAID = "Keterangannya ada pada standar pelayanan kantor ini."
REPORTED = (
    ("Izin tidak kunjung terbit", "Sudah tiga minggu belum ada kabar.", "delay", "queued"),
    ("Loket sering tutup", "Loketnya tutup jam sepuluh.", "conduct", "submitted"),
    ("Diminta uang", "Ada yang meminta uang rokok di parkiran.", "wrong-information", "answered"),
    ("Sistem macet", "OSS tidak bisa dibuka sepanjang pekan.", "oss-fault", "closed"),
)


@dataclass(frozen=True, slots=True)
class House:
    """`parts`: what stands in addresses, by the part of the address it stands in ("complaints/{report_id}")."""

    parts: dict[str, int | str]

    @property
    def application(self) -> str:
        return str(self.parts["applications/{number}"])

    @property
    def report(self) -> int:
        return int(self.parts["complaints/{report_id}"])


async def furnish(office: Office) -> House:
    """Everything that the office's pages can show; the pages are its own."""
    parts: dict[str, int | str] = {"figures/{what}": "skm", "{kind}": "xlsx"}
    async with office.runtime.jobs.open_async(), office.runtime.database.session() as session:
        numbers = await _applications(office, session)
        reports = await _reports(office, session)
        await _opinions(office, session)
        await _not_understood(office, session)
        await _talks(office, session)
        parts |= await _desk(office, session) | await _shelf(office, session)
        parts["data/{token}"] = (await make_link(session, office.found["siti"], office.clock())).rsplit("/", 1)[-1]
        parts["drafts/{number}"] = await _draft(session, office.people.agus)
    return House(parts | {"applications/{number}": numbers[0], "complaints/{report_id}": reports[0]})


async def _applications(office: Office, session: AsyncSession) -> list[str]:
    register = register_of(office.runtime, session)
    numbers = []
    for number, days in enumerate((3, 9, 41, 0, 1, 2, 5, 8, 13, 21, 34, 55, 4, 6, 7, 11)):
        new = NewApplication(
            service=("kudus-iui", "kudus-iui", "kudus-iui", "magetan-perluasan")[number % 4],
            reference=f"503/{number + 11}/2026",
            applicant=NAMES[number % len(NAMES)],
            business="Mebel Contoh" if number % 3 == 0 else "",
            received_on=register.today() - timedelta(days=days),
            phones=["+6281200000001"] if number == 0 else (),
        )
        numbers.append((await add(register, new, f"officer:{office.people.sari.id}")).application.number)
    await keys.make(register, "Aplikasi MPP Kudus", "kudus")
    await keys.make(register, "Loket Magetan", "magetan")
    await keys.make(register, "Uji coba lama")
    await keys.revoke(register, "Uji coba lama")
    return numbers


async def _reports(office: Office, session: AsyncSession) -> list[int]:
    found = []
    for number, (title, body, route, status) in enumerate(REPORTED):
        told = {"visibility": "nama", "office_id": "kudus", "place": "loket", "name": "Budi Contoh", "contact": "-"}
        at = office.clock() - timedelta(days=2 + 9 * number)
        row = Complaint(
            conversation_id=office.found[("budi", "siti", "dewi", "eko")[number]],
            status=status,
            step="",
            answers=told,
            title=title,
            body=body,
            route=route,
            recipient="lapor",
            office="kudus",
            service="kudus-iui",
            confirmed_at=at,
            created_at=at,
        )
        if status != "queued":
            row.tracking_id, row.submitted_at, row.submitted_by = f"90210{number}", at + timedelta(hours=3), "officer"
        if status in ("answered", "closed"):
            row.answered_on = at.date() + timedelta(days=1)
        session.add(row)
        await session.flush()
        found.append(row.id)
    return found


async def _opinions(office: Office, session: AsyncSession) -> None:
    """What people thought."""
    for number in range(34):
        at = office.clock() - timedelta(days=5 * number)
        row = Survey(occasion="licence", occasion_id=number + 1, status="done", office="kudus", service="kudus-iui")
        row.invited_at = row.answered_at = at
        session.add(row)
        await session.flush()
        scores = [4 - (7 * number + 5 * element) % 11 % (2 + element % 2) for element in range(9)]
        answers = enumerate(scores, start=1)
        session.add_all(
            SurveyAnswer(survey_id=row.id, element=f"u{element}", score=score) for element, score in answers
        )


async def _not_understood(office: Office, session: AsyncSession) -> None:
    stage = office.stage(session)
    unclear = ("kalo gudang sewa bisa ga", "gudangnya ngontrak boleh?", "sertifikat pirt itu apa", "resep nasi goreng")
    for number, words in enumerate(unclear):
        person = await stage.person(f"Tanya {number}", "telegram", 300)
        message = await stage.asks(person, words, 300)
        found = {
            "intent": "nlu_fallback",
            "confidence": 0.2,
            "ranking": [{"name": "ask_requirements", "confidence": 0.3}, {"name": "out_of_scope", "confidence": 0.2}],
        }
        reason = "out_of_scope" if number == len(unclear) - 1 else "asked_back"
        row = UnknownMessage(
            label="ask_term" if number == 2 else None,
            labelled_at=office.clock() if number == 2 else None,
            message_id=message,
            person=str(number),
            text=words,
            reason=reason,
            understood=found,
            written_at=office.clock(),
        )
        session.add(row)
    figures = {"n": 120, "strict": 0.81, "lenient": 0.9, "macro_f1": 0.78, "direct_share": 0.7, "direct_right": 0.93}
    better = figures | {"strict": 0.84, "macro_f1": 0.77}
    result = {name: {"n": 120, "before": figures, "after": better} for name in ("own", "held")}
    measured = Measurement(asked_by=f"officer:{office.people.agus.id}", labelled=64, result=result)
    measured.finished_at = office.clock()
    session.add(measured)


async def _talks(office: Office, session: AsyncSession) -> None:
    """Conversations that Pandu had alone, for the figures."""
    stage = office.stage(session)
    for number in range(60):
        minutes = 40.0 + number * 1700
        person = await stage.person(NAMES[number % len(NAMES)], ("whatsapp", "telegram")[number % 2], minutes)
        words, intent = ASKED[number * number % len(ASKED)]
        asked = await stage.asks(person, words, minutes, intent)
        await stage.says(person, SAID, minutes, in_reply_to=asked)
        check = AnswerCheck(conversation_id=person, topic=intent, service="kudus-iui", helpful=number % 4 != 3)
        check.asked_at = stage.now - timedelta(minutes=minutes)
        session.add(check)


async def _desk(office: Office, session: AsyncSession) -> dict[str, int | str]:
    """Labels, a view, a target, somebody put off, a rule and a notice."""
    stage = office.stage(session)
    act = stage.desk(office.people.wati)
    for name, color in (("Berkas kurang", "terakota"), ("Butuh lapangan", "hijau"), ("Susul Senin", "ungu")):
        await labels.save(act, None, name, color, "kudus")
    first = (await labels.listed(session))[0]
    for name in ("siti", "dewi"):
        await labels.put(act, office.found[name], first.id, on=True)
    view = await views.save(act, "Berkas kurang dulu", {"view": "waiting", "label": str(first.id)}, "kudus")
    await targets.set_target(act, "kudus", 60)
    later = await stage.person("Putri Contoh", "telegram", 50)
    await stage.asks(later, "nanti saya kirim lagi", 50)
    await stage.waits(later, 50, "requested", "Pemohon meminta petugas.", office="kudus", service="kudus-iui")
    await snoozing.snooze(stage.desk(office.people.sari), later, stage.now + timedelta(hours=5))
    session.add(Rule(act="hand_over", topic="ask_cost", office="magetan"))
    until = stage.now + timedelta(hours=6)
    session.add(AnswerNote(by="wati", office="magetan", text="OSS sedang gangguan pagi ini.", ends_at=until))
    head = Letterhead(office="kudus", changed_by=f"officer:{office.people.wati.id}", changed_at=stage.now)
    head.lines = "PEMERINTAH KABUPATEN CONTOH\nDINAS PENANAMAN MODAL DAN PTSP\nJalan Contoh Nomor 1"
    head.place, head.position, head.signer, head.signer_number = (
        "Kudus",
        "Kepala Dinas",
        "Contoh, S.H., M.H.",
        "19700101",
    )
    session.add(head)
    await note(session, f"officer:{office.people.wati.id}", "figures.exported", "figures", 0, what="skm", kind="pdf")
    return {"labels/{label_id}": first.id, "views/{view_id}": view}


async def _shelf(office: Office, session: AsyncSession) -> dict[str, int | str]:
    """Of what Pandu knows: a publication, a proposal, an answer with a question before it, files."""
    wati = office.people.wati
    published = Publication(by=wati.username, office="kudus", reason="Pembukuan contoh", effective_on=date(2026, 1, 2))
    await publish(session, published, {})
    fact = {"fact": "kudus-iui/requirement/ktp", "text": "KTP elektronik", "value": ""}
    today = register_of(office.runtime, session).today()
    actor = f"officer:{wati.id}"
    proposed = await proposals.propose(session, "fact", fact, "KTP elektronik", actor, wati.username, today)
    stage = office.stage(session)
    talk = office.found["siti"]
    asked = await stage.asks(talk, "ktp harus asli?", 9, "ask_requirements")
    answer = await stage.says(talk, SAID, 9, in_reply_to=asked)
    return {
        "versions/{publication}": published.id,
        "proposals/{number}": proposed.id,
        "conversations/{conversation_id}": talk,
        "persons/{conversation_id}": talk,
        "new/{conversation}": talk,
        "{conversation}/{message}": answer,
        "why/{message_id}": answer,
        "services/{service_id}": "kudus-iui",
        "documents/{document_id}": "permenpanrb-14-2017",
    }


async def _draft(session: AsyncSession, by: Officer) -> int:
    read = child.draft(kinds.text(), ".txt")
    draft = StandardDraft.model_validate(read["draft"])
    (row,) = await service.keep(session, draft, read["text"], f"officer:{by.id}", by.username)
    return row.id
