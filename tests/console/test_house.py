"""Pages beside the inbox: knowledge, understanding, the audit log, API keys."""

from __future__ import annotations

import ast
import html
from datetime import UTC, datetime

import pytest
from sqlalchemy import delete

from bot.console.account import browser_name
from bot.console.acts import DETAILS, who
from bot.console.acts import told as told_in_log
from bot.console.knowledge import gaps, told
from bot.console.words import MEANINGS
from bot.conversations.models import Conversation, Incoming
from bot.conversations.runtime import Runtime
from bot.knowledge.load import get_knowledge
from bot.settings import ROOT
from bot.storage.database import Database
from bot.understanding.models import UnknownMessage
from bot.understanding.service import LABELS
from tests.console.conftest import SignedIn


async def test_every_service_is_shown_as_the_bot_tells_it(signed_in: SignedIn) -> None:
    client = await signed_in("officer")
    overview = html.unescape((await client.get("/console/knowledge")).text)
    for service in get_knowledge().services.values():
        assert service.title in overview
        page = await client.get(f"/console/knowledge/services/{service.id}")
        shown = html.unescape(page.text)
        for topic in told(get_knowledge(), service):
            for reply in topic.replies:
                assert reply.text in shown
        assert page.text.count("tidak disebutkan") >= len(set(gaps(service)) - {"Berlaku untuk", "Pengaduan"})


async def test_a_long_answer_is_shown_to_its_end() -> None:
    knowledge = get_knowledge()
    service = knowledge.services["verifikasi-iui-oss"]
    assert isinstance(service.requirements, list)
    whole = "\n".join(reply.text for topic in told(knowledge, service) for reply in topic.replies)
    for requirement in service.requirements:
        assert requirement.text in whole


async def test_documents_show_their_text_and_unknown_ones_do_not_exist(signed_in: SignedIn) -> None:
    client = await signed_in("officer")
    page = await client.get("/console/knowledge/documents/S3")
    assert page.status_code == 200 and '<pre class="text"' in page.text
    assert (await client.get("/console/knowledge/documents/..%2F..%2F.env")).status_code == 404
    assert (await client.get("/console/knowledge/services/nope")).status_code == 404


@pytest.fixture
async def unknown(database: Database) -> int:
    """A message that was not understood."""
    async with database.session() as session:
        await session.execute(delete(UnknownMessage))
        conversation = Conversation(channel="simulator", address="tak-paham")
        session.add(conversation)
        await session.flush()
        message = Incoming(
            conversation_id=conversation.id,
            channel="simulator",
            provider_id="u1",
            kind="text",
            text="piye carane <b>iki</b>",
        )
        session.add(message)
        await session.flush()
        row = UnknownMessage(
            message_id=message.id,
            person="p",
            text="piye carane <b>iki</b>",
            reason="asked_back",
            understood={"ranking": [{"name": "ask_procedure", "confidence": 0.4}, {"name": "help", "confidence": 0.2}]},
            written_at=datetime.now(UTC),
        )
        session.add(row)
        await session.flush()
        number = row.id
    yield number
    async with database.session() as session:
        await session.execute(delete(Conversation).where(Conversation.id == conversation.id))


async def test_a_group_is_labelled_and_exported(signed_in: SignedIn, database: Database, unknown: int) -> None:
    client = await signed_in("supervisor")
    page = await client.get("/console/understanding")
    assert "piye carane &lt;b&gt;iki&lt;/b&gt;" in page.text
    assert page.text.index('value="ask_procedure" data-key="1"') < page.text.index('value="help" data-key="2"')
    wrong = await client.post("/console/understanding/label", data={"number": unknown, "intent": "no_such_intent"})
    assert wrong.status_code == 303
    async with database.session() as session:
        assert (await session.get_one(UnknownMessage, unknown)).label is None
    await client.post("/console/understanding/label", data={"number": unknown, "intent": "ask_procedure"})
    export = await client.get("/console/understanding/export")
    assert "- intent: ask_procedure" in export.text and "piye carane" in export.text
    assert "attachment" in export.headers["content-disposition"]


async def test_measuring_is_asked_for_once(signed_in: SignedIn, database: Database, runtime: Runtime) -> None:
    client = await signed_in("supervisor")
    assert (await client.post("/console/understanding/measure")).status_code == 303
    page = await client.get("/console/understanding")
    assert "sedang diukur" in page.text
    again = await client.post("/console/understanding/measure")
    assert "sedang%20berjalan" in again.headers["set-cookie"]


async def test_a_key_is_shown_once_and_can_be_revoked(signed_in: SignedIn) -> None:
    client = await signed_in("administrator")
    made = await client.post("/console/keys", data={"name": "Sistem Contoh", "office": "kudus"})
    key = made.text.split('data-copy="pdk_')[1].split('"')[0]
    assert key not in (await client.get("/console/keys")).text
    headers = {"Authorization": f"Bearer pdk_{key}"}
    assert (await client.get("/api/v1/applications", headers=headers)).status_code == 200
    await client.post("/console/keys/revoke", data={"name": "Sistem Contoh"})
    assert (await client.get("/api/v1/applications", headers=headers)).status_code == 401


async def test_the_audit_log_says_who_did_what(signed_in: SignedIn) -> None:
    client = await signed_in("supervisor")
    account = client.officer  # type: ignore[attr-defined]
    page = await client.get(f"/console/audit?officer={account.id}&kind=officer.")
    assert "<td>masuk</td>" in page.text and account.name in page.text
    assert "<td>masuk</td>" not in (await client.get(f"/console/audit?officer={account.id}&kind=key.")).text


@pytest.mark.parametrize(
    ("agent", "name"),
    [
        ("Mozilla/5.0 (Linux; Android 14) AppleWebKit/537.36 Chrome/130.0 Mobile Safari/537.36", "Chrome, Android"),
        ("Mozilla/5.0 (Windows NT 10.0) Gecko/20100101 Firefox/132.0", "Firefox, Windows"),
        ("curl/8", ""),
    ],
)
def test_browsers_are_named_as_people_know_them(agent: str, name: str) -> None:
    assert browser_name(agent) == name


def test_the_log_speaks_indonesian() -> None:
    knowledge = get_knowledge()
    detail = {"act": "hand_over", "topic": "out_of_scope", "offices": ["kudus", "magetan"], "role": "supervisor"}
    said = told_in_log(detail, knowledge, {})
    assert said == (
        "tindakan: serahkan kepada petugas, topik: di luar layanan, "
        "kantor: Kabupaten Kudus, Kabupaten Magetan, peran: penyelia"
    )


def test_every_act_and_every_detail_has_words() -> None:
    noted = {
        keyword.arg
        for path in (ROOT / "bot").rglob("*.py")
        if "node_modules" not in path.parts
        for node in ast.walk(ast.parse(path.read_text()))
        if isinstance(node, ast.Call) and getattr(node.func, "id", "") in ("note", "audit")
        for keyword in node.keywords
        if keyword.arg
    }
    assert noted - set(DETAILS) == set()


async def test_a_label_is_seen_and_taken_back(signed_in: SignedIn, unknown: int) -> None:
    client = await signed_in("supervisor")
    await client.post("/console/understanding/label", data={"number": unknown, "intent": "ask_cost", "alone": "1"})
    page = (await client.get("/console/understanding")).text
    assert "Label yang sudah diberikan" in page and f'name="number" value="{unknown}"' in page
    answer = await client.post("/console/understanding/unlabel", data={"number": unknown})
    assert answer.status_code == 303
    assert "Label 1 pesan dibatalkan." in (await client.get("/console/understanding")).text
    again = await client.post("/console/understanding/unlabel", data={"number": unknown})
    assert again.headers["location"].endswith("#label")
    assert "Label itu sudah dibatalkan." in (await client.get("/console/understanding")).text


async def test_what_is_not_there_is_a_page_for_who_looks(signed_in: SignedIn) -> None:
    client = await signed_in("officer")
    looks = {"accept": "text/html,*/*"}
    for address, said in (("nowhere", "Alamat ini tidak ada."), ("knowledge/services/none", "Tidak ada layanan ini.")):
        answer = await client.get(f"/console/{address}", headers=looks)
        assert answer.status_code == 404 and said in answer.text and "</html>" in answer.text
        assert (await client.get(f"/console/{address}")).headers["content-type"] == "application/json"


def test_every_meaning_and_every_actor_has_a_name_for_officers() -> None:
    assert set(MEANINGS) >= LABELS and not [one for one in MEANINGS.values() if "_" in one]
    assert who("officer:7", {"officer:7": "Sari"}) == "Sari"
    for actor in ("system", "command-line", "officer:9", "conversation:4", "api:Loket"):
        assert ":" not in who(actor, {}) and who(actor, {}) != actor
    assert told_in_log({"named": [7]}, get_knowledge(), {"officer:7": "Sari"}) == "menyebut: Sari"
