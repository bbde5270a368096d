"""A draft of a standard in the console, as a browser makes it; and nothing of it left afterwards."""

from __future__ import annotations

import asyncio
import html
import re
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from zoneinfo import ZoneInfo

import httpx
from sqlalchemy import delete

from bot.knowledge import live, load
from bot.knowledge.load import get_knowledge
from bot.knowledge.publications import Publication, PublishedEntry
from bot.standards.tables import StandardDraftRow, TrialQuestion
from bot.storage.database import Database
from tests.standards import kinds

ROOT = "/console/knowledge/drafts"
OFFICE = {
    "office": "",
    "office_name": "Dinas Kesehatan Kabupaten Mekarwangi",
    "office_region": "Kabupaten Mekarwangi",
    "office_aliases": "mekarwangi, kab mekarwangi",
}


@asynccontextmanager
async def nothing_left(database: Database) -> AsyncIterator[None]:
    assert not [one for one in asyncio.all_tasks() if one.get_name() == "knowledge"], "another office renews knowledge"
    yield
    async with database.session() as session:
        for table in (TrialQuestion, StandardDraftRow, PublishedEntry, Publication):
            await session.execute(delete(table))
    load.use(None)
    live._seen = None


async def upload(client: httpx.AsyncClient, name: str = "standar.docx", data: bytes | None = None) -> httpx.Response:
    return await client.post(ROOT, files={"file": (name, kinds.word() if data is None else data)})


def form_of(page: str) -> dict[str, str]:
    """What a browser would send back of the draft's form, unchanged."""
    form = page.split(f'action="{ROOT}/', 1)[1].split("</form>", 1)[0]
    fields = dict(re.findall(r'<textarea name="([^"]+)"[^>]*>([^<]*)</textarea>', form))
    fields |= dict(re.findall(r'<input type="(?:text|hidden)" name="([^"]+)" value="([^"]*)"', form))
    fields |= dict.fromkeys(re.findall(r'<input type="checkbox" name="([^"]+)" value="1" checked', form), "1")
    for name, options in re.findall(r'<select name="([^"]+)"[^>]*>(.*?)</select>', form, re.DOTALL):
        chosen = re.search(r'value="([^"]*)" selected', options)
        fields[name] = chosen[1] if chosen else ""
    return {name: html.unescape(value) for name, value in fields.items()}


async def drafted(client: httpx.AsyncClient, **changes: str) -> str:
    """The address of a draft of an invented office's standard that could be published."""
    address = (await upload(client)).headers["location"]
    form = form_of((await client.get(address)).text) | OFFICE | changes
    answer = await client.post(address, data=form)
    assert answer.status_code == 303, answer.text
    return address


async def known(database: Database) -> load.Knowledge:
    """What every process knows a moment later."""
    async with database.session() as session:
        await live.refresh(session, ZoneInfo("Asia/Jakarta"))
    return get_knowledge()
