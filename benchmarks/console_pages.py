"""Officers' waits for pages among 2,000 open conversations and 1,000,000 messages of 50 offices, 50 officers connected.

    python -m benchmarks.console_pages [MESSAGES]

Fills a database of its own (benchmarks/console.py), starts a web and a worker process on it, and prints one JSON
object: server time of each page, how long a new message takes into an officer's open window while 50 officers are
connected, and what the first load weighs and takes on a slow line (1.6 Mbit/s, 150 ms). Needs Chromium.
"""

from __future__ import annotations

import asyncio
import hashlib
import json
import os
import subprocess
import sys
import tempfile
import time
from collections.abc import AsyncIterator, Callable, Iterator
from contextlib import asynccontextmanager, contextmanager
from functools import partial
from pathlib import Path
from typing import Any

import httpx
import psutil
from cryptography.fernet import Fernet
from playwright.async_api import Browser, Page, async_playwright
from sqlalchemy import text

from benchmarks.console import MESSAGES, fill, summary
from bot.console.access import COOKIE
from bot.processes.postgres import EmbeddedPostgres
from bot.settings import ROOT
from bot.storage.database import Database
from bot.storage.migrate import migrate
from tests.browser.chromium import ARGUMENTS, executable
from tests.helpers.system import free_port

OFFICERS = 50
RUNS = 60
ARRIVALS = 60  # messages that are timed into the open window
SLOW = {"offline": False, "latency": 150, "downloadThroughput": 1_600_000 / 8, "uploadThroughput": 750_000 / 8}
PAGES = {
    "inbox": "/console/inbox",
    "inbox_all": "/console/inbox?view=all",
    "inbox_search": "/console/inbox?view=all&q=perluasan",
    "inbox_rows": "/console/inbox/rows",
    "conversation": "/console/conversations/4",
    "conversation_of_5000": "/console/conversations/1",
    "conversation_live": "/console/conversations/4/live",
    "person": "/console/persons/4",
    "today": "/console",
    "applications": "/console/applications",
    "complaints": "/console/complaints",
}
OF_ONE_OFFICE = ("inbox", "inbox_all", "inbox_search", "inbox_rows", "today")
_SIGNED_IN = """
insert into officer_sessions (token_hash, officer_id, confirmed, expires_at)
select encode(sha256(('token-' || id)::bytea), 'hex'), id, true, now() + interval '1 hour' from officers
"""
_OWNED = """
with chosen as (select id from conversations where channel = 'simulator' and address = :name),
owner as (update conversations set owner = 'officer' where id in (select id from chosen))
insert into handoffs (conversation_id, reason, officer_id, owned_at, claimed_at, lease_until)
select id, 'x', :officer, now(), now(), now() + interval '1 hour' from chosen
returning conversation_id
"""


def main(total: int = MESSAGES) -> int:
    with tempfile.TemporaryDirectory(prefix="pandu-bench-") as name:
        folder = Path(name)
        folder.chmod(0o755)
        server = EmbeddedPostgres(folder)
        database_url = server.start()
        try:
            print(json.dumps(asyncio.run(_measure(database_url, folder, total)), indent=2))
        finally:
            server.stop()
    return 0


async def _measure(database_url: str, folder: Path, total: int) -> dict[str, Any]:
    await migrate(database_url)
    database = Database(database_url)
    await fill(database, total)
    await database.run(text("update officers set must_change_password = false"))
    await database.run(text(_SIGNED_IN))
    officers = [row.id for row in await database.run(text("select id from officers order by id"))]
    found: dict[str, Any] = {"messages": total, "officers": OFFICERS, "load_before": os.getloadavg()[0]}
    with _processes(database_url, folder) as (url, web):
        await _ready(url)
        await _calm(web)
        worked = partial(_worked, folder, web)
        found["page_ms"] = {name: await _timed(url, officers[0], path, worked) for name, path in PAGES.items()}
        found["page_ms_of_one_office"] = {
            name: await _timed(url, officers[1], PAGES[name], worked) for name in OF_ONE_OFFICE
        }
        async with async_playwright() as playwright:
            browser = await playwright.chromium.launch(executable_path=executable(), args=list(ARGUMENTS))
            found["first_load"] = {
                name: await _first_load(browser, url, officers[0], PAGES[name]) for name in ("inbox", "conversation")
            }
            async with _connected(url, officers[1:OFFICERS]):
                found["arrival_ms"] = await _arrivals(browser, database, url, officers[0], web, found)
            await browser.close()
    await database.close()
    return found


@contextmanager
def _processes(database_url: str, folder: Path) -> Iterator[tuple[str, psutil.Process]]:
    """One web and one worker process; the engine is not asked where an officer has the conversation."""
    port = free_port()
    environment = {name: value for name, value in os.environ.items() if not name.startswith("PANDU_")} | {
        "PANDU_DATABASE_URL": database_url,
        "PANDU_ENGINE_URL": "http://127.0.0.1:1",
        "PANDU_ENGINE_TOKEN": "bench",
        "PANDU_DATA_KEYS": Fernet.generate_key().decode(),
        "PANDU_DATA_DIR": str(folder / "data"),
        "PANDU_PORT": str(port),
        "PANDU_SIMULATOR": "on",
        "PANDU_LOG_LEVEL": "error",
    }
    pandu = str(Path(sys.executable).with_name("pandu"))
    started = [
        subprocess.Popen([pandu, "serve", "--role", role], cwd=ROOT, env=environment, stdout=subprocess.DEVNULL)
        for role in ("web", "worker")
    ]
    try:
        yield f"http://127.0.0.1:{port}", psutil.Process(started[0].pid)
    finally:
        for process in started:
            process.terminate()
        for process in started:
            process.wait(60)


async def _ready(url: str) -> None:
    deadline = time.monotonic() + 300  # a busy machine starts slowly
    async with httpx.AsyncClient() as client:
        while True:
            try:
                answer = (await client.get(f"{url}/health/ready")).json()
                if answer["database"] and answer["worker"]:
                    return
            except httpx.HTTPError:
                pass
            if time.monotonic() > deadline:
                raise TimeoutError("the web process did not start")
            await asyncio.sleep(0.2)


async def _calm(web: psutil.Process) -> None:
    """The web process has done what it does after its start: it works less than a fifth of a second in one."""
    deadline = time.monotonic() + 120
    while time.monotonic() < deadline:
        before = sum(web.cpu_times()[:2])
        await asyncio.sleep(1)
        if sum(web.cpu_times()[:2]) - before < 0.2:
            return


def _cookies(officer: int) -> dict[str, str]:
    return {COOKIE: f"token-{officer}"}


def _worked(folder: Path, web: psutil.Process) -> float:
    """Milliseconds of processor that the web process and the database's processes have used so far."""
    first = psutil.Process(int((folder / "postgresql" / "postmaster.pid").read_text().split()[0]))
    return 1000 * sum(sum(one.cpu_times()[:2]) for one in (web, *first.children()))


async def _timed(url: str, officer: int, path: str, worked: Callable[[], float]) -> dict[str, float]:
    """Milliseconds until the whole page is there, one after the other, on this machine; after three to warm up.

    `processor`: how many of them this machine worked for a page, which others on it do not change.
    """
    took, before = [], 0.0
    async with httpx.AsyncClient(base_url=url, cookies=_cookies(officer), timeout=60) as client:
        for run in range(RUNS + 3):
            before = worked() if run == 3 else before
            begin = time.perf_counter()
            answer = await client.get(path)
            took.append((time.perf_counter() - begin) * 1000)
            assert answer.status_code == 200, answer.text
    return summary(took[3:]) | {"processor": round((worked() - before) / RUNS, 1)}


async def _page(browser: Browser, url: str, officer: int) -> Page:
    context = await browser.new_context(viewport={"width": 1366, "height": 768})
    await context.add_cookies([{"name": COOKIE, "value": f"token-{officer}", "url": f"{url}/console"}])
    return await context.new_page()


async def _first_load(browser: Browser, url: str, officer: int, path: str) -> dict[str, float]:
    """Bytes on the line and milliseconds to the first paint of contents, nothing kept from before."""
    page = await _page(browser, url, officer)
    line = await page.context.new_cdp_session(page)
    sizes: list[float] = []
    await line.send("Network.enable")
    await line.send("Network.emulateNetworkConditions", SLOW)
    line.on("Network.loadingFinished", lambda event: sizes.append(event["encodedDataLength"]))
    await page.goto(url + path, wait_until="load")
    paint = await page.evaluate("performance.getEntriesByName('first-contentful-paint')[0].startTime")
    await page.context.close()
    return {"bytes": sum(sizes), "first_paint_ms": round(paint)}


@asynccontextmanager
async def _connected(url: str, officers: list[int]) -> AsyncIterator[None]:
    """Officers whose pages hear events, and draw the list again when told to."""

    async def listen(officer: int) -> None:
        client = httpx.AsyncClient(base_url=url, cookies=_cookies(officer), timeout=None)  # noqa: S113
        async with client, client.stream("GET", "/console/live") as stream:
            async for line in stream.aiter_lines():
                if line == "event: inbox":
                    await client.get("/console/inbox/rows")

    listening = [asyncio.create_task(listen(officer)) for officer in officers]
    await asyncio.sleep(3)
    yield
    for task in listening:
        task.cancel()
    await asyncio.gather(*listening, return_exceptions=True)


_WHEN = """words => new Promise((seen) => {
    const look = () => [...document.querySelectorAll("#newest .text")].some((one) => one.textContent === words);
    if (look()) return seen(Date.now());
    const watch = new MutationObserver(() => { if (look()) { watch.disconnect(); seen(Date.now()); } });
    watch.observe(document.body, { subtree: true, childList: true, characterData: true });
})"""


async def _arrivals(
    browser: Browser, database: Database, url: str, officer: int, web: psutil.Process, found: dict[str, Any]
) -> dict[str, float]:
    """Milliseconds from an applicant's sending to the bubble in the officer's window."""
    async with httpx.AsyncClient(base_url=url, timeout=60) as client:
        name = f"bench-{hashlib.sha256(os.urandom(8)).hexdigest()[:8]}"
        await database.run(
            text("insert into conversations (channel, address) values ('simulator', :name)"), {"name": name}
        )
        ((number,),) = await database.run(text(_OWNED), {"name": name, "officer": officer})
        page = await _page(browser, url, officer)
        await page.goto(f"{url}/console/conversations/{number}")
        await page.locator("body[data-heard]").wait_for(state="attached")
        took = []
        begin, busy = time.monotonic(), sum(web.cpu_times()[:2])
        for arrival in range(ARRIVALS + 3):
            words = f"pesan nomor {arrival}"
            seen = asyncio.create_task(page.evaluate(_WHEN, words))
            await asyncio.sleep(0.3)
            sent = time.time() * 1000
            await client.post(f"/api/simulator/{name}/messages", json={"text": words})
            took.append(await seen - sent)
        share = (sum(web.cpu_times()[:2]) - busy) / (time.monotonic() - begin)
        found["web_cores_while_connected"] = round(share, 2)
    return summary(took[3:])


if __name__ == "__main__":
    sys.exit(main(*map(int, sys.argv[1:])))
