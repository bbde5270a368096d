"""Drafts asked before they are public: in a chat, and with questions that say what changes and what breaks."""

from __future__ import annotations

import html
import re
from collections.abc import AsyncIterator

import pytest
from sqlalchemy import func, select

from bot.conversations.models import Conversation
from bot.storage.database import Database
from tests.console.conftest import SignedIn
from tests.console.drafting import OFFICE, drafted, known, nothing_left

pytestmark = pytest.mark.usefixtures("nothing_is_left")


@pytest.fixture
async def nothing_is_left(database: Database) -> AsyncIterator[None]:
    async with nothing_left(database):
        yield


async def _people(database: Database) -> int:
    async with database.session() as session:
        return int((await session.execute(select(func.count()).select_from(Conversation))).scalar_one())


def _bubbles(page: str) -> list[str]:
    talk = page.split('class="talk"', 1)[1].split("</ol>", 1)[0]
    return [html.unescape(one) for one in re.findall(r'<p class="text">(.*?)</p>', talk, re.DOTALL)]


async def test_a_draft_answers_in_a_chat_and_leaves_no_trace(signed_in: SignedIn, database: Database) -> None:
    officer = await signed_in("officer")
    address = await drafted(officer)
    before = await _people(database)
    page = (await officer.get(f"{address}/try")).text
    question = html.unescape(re.search(r'name="text" value="(apa saja syarat[^"]+)"', page)[1])  # type: ignore[index]
    answer = await officer.post(f"{address}/try", data={"text": question})
    said, reply = _bubbles(answer.text)
    assert said == question and "Fotokopi KTP penanggung jawab" in reply
    tap = re.search(r'name="tap" value="([^"]+)"[^>]*>Lama proses', answer.text)
    assert tap is not None
    more = await officer.post(f"{address}/try", data={"said": [question], "tap": html.unescape(tap[1])})
    assert "Lama proses" in _bubbles(more.text)[-1] and len(_bubbles(more.text)) == 4
    assert await _people(database) == before
    assert OFFICE["office_region"] not in {one.region for one in (await known(database)).offices.values()}


async def test_it_says_which_answers_change_and_which_break(signed_in: SignedIn, database: Database) -> None:
    officer, supervisor = await signed_in("officer"), await signed_in("supervisor")
    address = await drafted(officer)
    first = (await officer.post(f"{address}/try/questions")).text
    assert "baru terjawab" in first and "jawabannya hilang" not in first
    assert "pertanyaan dicoba" in (await officer.get(address)).text
    assert (
        await supervisor.post(f"{address}/publish", data={"reason": "standar baru", "version": "2"})
    ).status_code == 303
    office = next(one for one in (await known(database)).offices.values() if one.region == OFFICE["office_region"])

    changes = {**dict.fromkeys(("office_name", "office_region", "office_aliases"), ""), "office": office.id}
    again = await drafted(officer, **changes, **{"requirements-0-text": "Surat permohonan bermeterai"})
    kept = {"text": "syarat laboratorium di mekarwangi", "holds": "akta pendirian"}
    assert (await officer.post(f"{again}/try/questions/new", data=kept)).status_code == 303
    assert (await officer.post(f"{again}/try/questions/new", data=kept)).status_code == 422
    second = html.unescape((await officer.post(f"{again}/try/questions")).text)
    assert "tidak memuat kata yang diminta" in second and "Harus memuat: akta pendirian" in second
    assert "berubah" in second and "bermeterai" in second
    page = (await officer.get(again)).text
    assert "jawaban rusak" in page and "memperbarui layanan yang berlaku" in page
    number = re.search(r"/try/questions/(\d+)/remove", second)
    assert number is not None
    assert (await officer.post(f"{again}/try/questions/{number[1]}/remove")).status_code == 303
    assert kept["holds"] not in (await officer.get(f"{again}/try")).text


async def test_an_unfinished_draft_and_odd_words_are_no_fault(signed_in: SignedIn) -> None:
    officer = await signed_in("officer")
    address = await drafted(officer, label="Nama tombol yang jauh lebih panjang dari tombol")
    unfinished = await officer.get(f"{address}/try")
    assert unfinished.status_code == 303 and unfinished.headers["location"].endswith("#problems")
    address = await drafted(officer)
    odd = {"said": ["/", "/nope{", "<script>alert(1)</script>"], "tap": "/nope{", "text": "/restart sekarang"}
    answer = await officer.post(f"{address}/try", data=odd)
    assert answer.status_code == 200 and "<script>alert(1)" not in answer.text
    assert _bubbles(answer.text)[0] == "<script>alert(1)</script>"


@pytest.mark.parametrize("said", [["berapa lama izin " * 40], ["berapa lama?"] * 13, ["1 " * 400_000]])
async def test_what_was_said_before_has_an_end(signed_in: SignedIn, said: list[str]) -> None:
    """Some 800 KB of it held the engine and the web process for half a minute, while applicants waited."""
    officer = await signed_in("officer")
    address = await drafted(officer)
    assert (await officer.post(f"{address}/try", data={"said": said})).status_code == 422
