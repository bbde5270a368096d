"""Answers mended where they were seen: their facts, a new entry, a note, a rule; each office its own."""

from __future__ import annotations

import html
import re
import secrets
from collections.abc import AsyncIterator
from datetime import datetime, timedelta
from zoneinfo import ZoneInfo

import pytest
from sqlalchemy import delete, select

from actions.trial import play
from bot.audit.models import AuditLine
from bot.conversations.models import Conversation, Incoming, Outgoing
from bot.conversations.runtime import Runtime
from bot.dialogue.client import Understanding
from bot.handoff.answering.approval import Rules
from bot.handoff.models import Rule
from bot.knowledge.answer_notes import AnswerNote, Notes
from bot.knowledge.load import get_knowledge
from bot.officers.models import Officer
from bot.standards.tables import Proposal
from bot.storage.database import Database
from tests.console.conftest import SignedIn
from tests.console.drafting import known, nothing_left

ROOT = "/console/knowledge/proposals"
FACT = "kudus-iui/requirement/ktp"
ZONE = ZoneInfo("Asia/Jakarta")
pytestmark = pytest.mark.usefixtures("nothing_is_left")


@pytest.fixture
async def nothing_is_left(database: Database) -> AsyncIterator[None]:
    yield
    async with database.session() as session:
        for table in (Proposal, AnswerNote, Rule):
            await session.execute(delete(table))
    async with nothing_left(database):
        pass


async def _talk(database: Database, question: str, answer: str, author: str = "bot", decision: object = None) -> str:
    """A conversation in which one thing was asked and answered; "conversation/message" of the answer."""
    async with database.session() as session:
        person = Conversation(channel="simulator", address=f"uji-{secrets.token_hex(6)}")
        session.add(person)
        await session.flush()
        understood = {"intent": "ask_requirements", "confidence": 0.9, **({"decision": decision} if decision else {})}
        asked = Incoming(
            conversation_id=person.id,
            channel="simulator",
            provider_id=secrets.token_hex(6),
            kind="text",
            text=question,
            understood=understood,
        )
        session.add(asked)
        await session.flush()
        told = Outgoing(
            conversation_id=person.id,
            in_reply_to=asked.id if author == "bot" else None,
            author=author,
            text=answer,
            status="sent",
        )
        session.add(told)
        await session.flush()
        return f"{person.id}/{told.id}"


async def _acts(database: Database) -> list[str]:
    async with database.session() as session:
        return list(await session.scalars(select(AuditLine.action).order_by(AuditLine.id.desc()).limit(12)))


async def test_a_fact_is_mended_from_the_answer_that_said_it(signed_in: SignedIn, database: Database) -> None:
    officer, supervisor = await signed_in("officer"), await signed_in("supervisor")
    decision = {
        "said": "list/kudus-iui/requirements",
        "outcome": "sure",
        "heard": {"offices": ["kudus"], "aspects": ["requirement"]},
        "candidates": [{"passage": "list/kudus-iui/requirements", "score": 0.91, "wording": "syarat iui"}],
    }
    conversation, message = (await _talk(database, "syarat iui di kudus?", "Syarat …", decision=decision)).split("/")
    transcript = await officer.get(f"/console/conversations/{conversation}")
    assert f"/console/conversations/{conversation}/why/{message}" in transcript.text
    page = html.unescape((await officer.get(f"/console/conversations/{conversation}/why/{message}")).text)
    assert "yakin: jawaban diberikan" in page and "91%" in page and "syarat iui" in page
    assert f'name="fact" value="{FACT}"' in page and "conversation.read" in await _acts(database)

    words = "KTP elektronik penanggung jawab yang masih berlaku"
    sent = {"kind": "fact", "fact": FACT, "text": words, "conversation": conversation}
    made = await officer.post(ROOT, data=sent)
    assert made.status_code == 303
    address = made.headers["location"]
    assert "Semua aturan dipenuhi" in (await officer.get(address)).text
    assert (await officer.post(f"{address}/publish", data={"version": 1})).status_code == 403
    assert words not in str(get_knowledge().services["kudus-iui"].requirements)
    assert (await supervisor.post(f"{address}/publish", data={"version": 1})).status_code == 303
    assert words in str((await known(database)).services["kudus-iui"].requirements)
    assert (await supervisor.post(f"{address}/publish", data={"version": 1})).status_code == 422
    assert {"knowledge.proposed", "knowledge.published"} <= set(await _acts(database))


async def test_two_who_mend_the_same_do_not_lose_their_work(signed_in: SignedIn) -> None:
    first, second = await signed_in("officer"), await signed_in("supervisor")
    address = (await first.post(ROOT, data={"kind": "fact", "fact": FACT, "text": "KTP elektronik"})).headers[
        "location"
    ]
    assert (await first.post(address, data={"version": 1, "text": "KTP elektronik asli"})).status_code == 303
    late = await second.post(address, data={"version": 1, "text": "KTP elektronik dan salinannya"})
    assert late.status_code == 409 and "KTP elektronik dan salinannya" in late.text
    assert (await second.post(f"{address}/publish", data={"version": 1})).status_code == 409
    assert "KTP elektronik asli" in (await first.get(address)).text


@pytest.mark.parametrize(
    ("fact", "text"),
    [
        ("kudus-iui/requirement/none", "x"),
        ("nonsense", "x"),
        (FACT, ""),
        (FACT, "x" * 601),
        ("kudus-iui/step/a/b", "x"),
    ],
)
async def test_what_could_never_be_published_is_not_kept(
    signed_in: SignedIn, database: Database, fact: str, text: str
) -> None:
    officer = await signed_in("officer")
    answer = await officer.post(ROOT, data={"kind": "fact", "fact": fact, "text": text})
    assert answer.status_code == 303 and answer.headers["location"] == ROOT
    async with database.session() as session:
        assert (await session.scalars(select(Proposal))).all() == []


async def test_an_officers_answer_becomes_an_entry_and_the_next_person_gets_it(
    signed_in: SignedIn, database: Database, runtime: Runtime
) -> None:
    officer, supervisor = await signed_in("officer"), await signed_in("supervisor")
    question = "nama saya Joko Contoh 081234567890, ktp buat iui kudus harus dibawa ke loket apa cukup difoto?"
    fact = next(one.text for one in get_knowledge().services["kudus-iui"].requirements if one.id == "ktp")  # type: ignore[union-attr]
    conversation, message = (await _talk(database, question, f"Bawa {fact}.", author="officer")).split("/")
    transcript = await officer.get(f"/console/conversations/{conversation}")
    first = f"/console/knowledge/questions/new/{conversation}/{message}"
    assert first in html.unescape(transcript.text)
    page = html.unescape((await officer.get(first)).text)  # click one
    assert "Joko" not in page and "081234567890" not in page and "loket apa cukup difoto" in page
    fields = dict(re.findall(r'<textarea name="(ask|answer)"[^>]*>([^<]*)</textarea>', page))
    form = {"kind": "question", "conversation": conversation, "short": "KTP dibawa ke loket", **fields}
    without = await officer.post(ROOT, data=form)
    assert without.status_code == 422 and "Pilih sumbernya" in without.text
    made = await officer.post(ROOT, data=form | {"facts": [FACT]})  # a source: click two; "Ajukan": click three
    assert made.status_code == 303, made.text
    address = made.headers["location"]
    shown = html.unescape((await officer.get(address)).text)
    assert "Semua aturan dipenuhi" in shown and "Begini Pandu akan menjawab" in shown
    assert (await supervisor.post(f"{address}/publish", data={"version": 1})).status_code == 303

    (talk,) = await play(runtime, await known(database), [["ktp iui kudus dibawa ke loket atau cukup difoto"]], "")
    assert talk.turns[0].text.startswith(f"Bawa {fact}.") and "Sumber:" in talk.turns[0].text


async def test_an_answer_that_says_more_than_its_source_is_not_published(signed_in: SignedIn) -> None:
    supervisor = await signed_in("supervisor")
    form = {"kind": "question", "ask": "ktp rangkap berapa", "short": "KTP rangkap", "answer": "Bawa KTP 17 lembar."}
    address = (await supervisor.post(ROOT, data=form | {"facts": [FACT]})).headers["location"]
    assert "17" in (await supervisor.get(address)).text.split('id="problems"', 1)[1]
    assert (await supervisor.post(f"{address}/publish", data={"version": 1})).status_code == 422
    invented = {"service": "kudus-iui", "clause": "Persyaratan", "printed": "Kalimat yang tidak pernah ada"}
    address = (await supervisor.post(ROOT, data=form | invented | {"answer": "Bawa KTP."})).headers["location"]
    assert "tidak ada di dokumen" in html.unescape((await supervisor.get(address)).text)
    assert (await supervisor.post(f"{address}/decline")).status_code == 303
    assert "ditolak" in (await supervisor.get(ROOT)).text


async def test_each_office_changes_its_own(signed_in: SignedIn, database: Database) -> None:
    supervisor, administrator = await signed_in("supervisor"), await signed_in("administrator")
    who = supervisor.officer.id  # type: ignore[attr-defined]
    assert (
        await administrator.post(f"/console/officers/{who}/offices", data={"offices": ["magetan"]})
    ).status_code == 303
    assert (await administrator.post(f"/console/officers/{who}/offices", data={"offices": ["none"]})).status_code == 422
    async with database.session() as session:
        assert (await session.get_one(Officer, who)).office == "magetan"
    mine = {"kind": "fact", "fact": FACT, "text": "KTP elektronik"}
    assert (await supervisor.post(ROOT, data=mine)).status_code == 403
    address = (await administrator.post(ROOT, data=mine)).headers["location"]
    assert (await supervisor.get(address)).status_code == 403
    assert (await supervisor.post(f"{address}/publish", data={"version": 1})).status_code == 403
    assert address not in (await supervisor.get(ROOT)).text
    later = f"{datetime.now(ZONE) + timedelta(hours=3):%Y-%m-%dT%H:%M}"
    note = {"text": "Loket pindah ke lantai dua.", "ends": later}
    assert (await supervisor.post("/console/notices", data=note)).status_code == 403
    assert (await supervisor.post("/console/notices", data=note | {"office": "kudus"})).status_code == 403
    assert (await supervisor.post("/console/notices", data=note | {"office": "magetan"})).status_code == 303
    rule = {"act": "approve", "topic": "ask_cost"}
    assert "kantor lain" in (await supervisor.post("/console/rules", data=rule)).text
    assert (await supervisor.post("/console/rules", data=rule | {"office": "magetan"})).status_code == 303


async def test_a_note_stands_before_answers_until_its_end(signed_in: SignedIn, database: Database) -> None:
    officer, supervisor = await signed_in("officer"), await signed_in("supervisor")
    text = "Sistem OSS terganggu hari ini, coba lagi besok."
    later = datetime.now(ZONE) + timedelta(hours=5)
    form = {"text": text, "service": "kudus-iui", "ends": f"{later:%Y-%m-%dT%H:%M}"}
    assert (await officer.post("/console/notices", data=form)).status_code == 403
    assert (await supervisor.post("/console/notices", data=form | {"ends": "2020-01-01T08:00"})).status_code == 422
    assert (await supervisor.post("/console/notices", data=form | {"ends": "besok"})).status_code == 422
    assert (await supervisor.post("/console/notices", data=form)).status_code == 303
    conversation, _ = (await _talk(database, "halo", "Halo")).split("/")
    notes = Notes(database)
    assert [one.text for one in await notes.untold(int(conversation), "kudus", "kudus-iui")] == [text]
    assert await notes.untold(int(conversation), "kudus", "kudus-perluasan") == []
    async with database.session() as session:
        session.add(Outgoing(conversation_id=int(conversation), text=f"Pemberitahuan: {text}"))
    assert await notes.untold(int(conversation), "kudus", "kudus-iui") == []
    number = re.search(r"/console/notices/(\d+)/end", (await supervisor.get("/console/notices")).text)
    assert number is not None
    assert (await supervisor.post(f"/console/notices/{number[1]}/end")).status_code == 303
    other, _ = (await _talk(database, "halo", "Halo")).split("/")
    assert await Notes(database).untold(int(other), "kudus", "kudus-iui") == []
    assert {"answer-note.added", "answer-note.ended"} <= set(await _acts(database))


async def test_answers_of_one_service_are_held_until_an_end(signed_in: SignedIn, database: Database) -> None:
    supervisor = await signed_in("supervisor")
    later = datetime.now(ZONE) + timedelta(hours=5)
    rule = {"act": "approve", "service": "kudus-iui", "ends": f"{later:%Y-%m-%dT%H:%M}"}
    assert (await supervisor.post("/console/rules", data=rule | {"ends": "2020-01-01T08:00"})).status_code == 422
    assert (await supervisor.post("/console/rules", data=rule | {"service": "none"})).status_code == 422
    assert (await supervisor.post("/console/rules", data=rule)).status_code == 303
    meant = Understanding("ask_cost", 0.99)
    here = {"office": "kudus", "service": "kudus-iui", "said": "list/kudus-iui/cost"}
    held = await Rules(database).verdict(meant, here)
    assert held is not None and held.act == "approve"
    assert await Rules(database).verdict(meant, {"office": "kudus", "service": "kudus-perluasan"}) is None
    assert await Rules(database).verdict(meant, None) is None
    async with database.session() as session:
        (one,) = await session.scalars(select(Rule))
        one.ends_at = datetime.now(ZONE) - timedelta(seconds=1)
    assert await Rules(database).verdict(meant, here) is None
