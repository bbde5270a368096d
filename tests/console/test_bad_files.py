"""Files that must not be read, given through the page: one Indonesian sentence each, and nothing of them is kept."""

from __future__ import annotations

import html
from collections.abc import AsyncIterator

import pytest
from sqlalchemy import func, select

from bot.standards import refusal
from bot.standards.files import MOST_BYTES
from bot.standards.tables import StandardDraftRow
from bot.storage.database import Database
from tests.console.conftest import SignedIn
from tests.console.drafting import ROOT, nothing_left, upload
from tests.standards import kinds
from tests.standards.test_hostile import FILES

pytestmark = pytest.mark.usefixtures("nothing_is_left")
BIGGEST = 50 * 2**20


@pytest.fixture
async def nothing_is_left(database: Database) -> AsyncIterator[None]:
    async with nothing_left(database):
        yield


async def _drafts(database: Database) -> int:
    async with database.session() as session:
        return int((await session.execute(select(func.count()).select_from(StandardDraftRow))).scalar_one())


@pytest.mark.parametrize("name", [name for name in FILES if name != "big.txt"])
async def test_a_file_is_refused_in_one_sentence(signed_in: SignedIn, database: Database, name: str) -> None:
    make, sentence = FILES[name]
    officer = await signed_in("officer")
    answer = await upload(officer, name, make())
    assert answer.status_code == 422
    page = html.unescape(answer.text)
    assert sentence in page and 'role="alert"' in page
    assert await _drafts(database) == 0
    assert "Belum ada draf" in page


async def test_a_file_a_little_too_big_is_told_how_big_it_may_be(signed_in: SignedIn, database: Database) -> None:
    officer = await signed_in("officer")
    answer = await upload(officer, "standar.txt", b"Persyaratan\n" * (MOST_BYTES // 12 + 9))
    assert answer.status_code == 422 and refusal.TOO_BIG in html.unescape(answer.text)
    assert await _drafts(database) == 0


@pytest.mark.parametrize("name", ["standar.pdf", "standar.docx", "standar.txt"])
async def test_fifty_megabytes_are_refused(signed_in: SignedIn, database: Database, name: str) -> None:
    officer = await signed_in("officer")
    headers = {"accept": "text/html"}
    answer = await officer.post(ROOT, files={"file": (name, b"x" * BIGGEST)}, headers=headers)
    assert answer.status_code == 413
    assert "terlalu besar" in answer.text and "tidak ada yang disimpan" in answer.text
    assert await _drafts(database) == 0


async def test_a_text_that_is_no_standard_stays_in_the_page(signed_in: SignedIn, database: Database) -> None:
    officer = await signed_in("officer")
    letter = "Kepada Yth. Kepala Dinas, mohon izin tidak masuk kerja hari ini."
    answer = await officer.post(ROOT, files={"text": (None, letter)})
    assert answer.status_code == 422
    page = html.unescape(answer.text)
    assert refusal.NO_STANDARD in page and letter in page
    assert await _drafts(database) == 0


async def test_scripts_of_an_uploaded_page_are_not_in_the_draft(signed_in: SignedIn) -> None:
    officer = await signed_in("officer")
    page = kinds.page().replace(b"<h2>", b"<script>document.write('Biaya: 5 juta')</script><h2 onclick='x()'>", 1)
    answer = await upload(officer, "halaman.html", page)
    assert answer.status_code == 303
    shown = (await officer.get(answer.headers["location"])).text
    assert "5 juta" not in shown and "onclick" not in shown
