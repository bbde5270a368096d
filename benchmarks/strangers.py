"""The slowness of an applicant's turn that people who are not signed in cause: `python -m benchmarks.strangers`.

150 connections ask again as soon as they are answered, for each kind of call that needs nothing. One applicant asks
meanwhile. Calm and attack take turns every few seconds, so that what else the machine does strikes both alike; the
attackers' own process gives way. Needs a trained model.
"""

from __future__ import annotations

import argparse
import asyncio
import itertools
import os
import statistics
import subprocess
import sys
import tempfile
import time
from collections import Counter
from pathlib import Path

import aiohttp

from benchmarks.load import DIALOGUE, ask_pandu
from benchmarks.systems import ROOT, pandu, stop

CONNECTIONS = 150
ROUNDS, SECONDS = 4, 6.0
MOST = 1.10  # times what a turn takes in calm
ORIGIN = {"Sec-Fetch-Site": "same-origin"}

Call = tuple[str, str, dict[str, str], dict[str, str] | None]
"""Method, path, headers, form."""


def calls(kind: str) -> itertools.cycle[Call]:
    """Many different ones of a kind, so that none is remembered from the last."""
    numbers = range(1000)
    made: dict[str, list[Call]] = {
        "sign-ins": [
            ("POST", "/console/sign-in", ORIGIN, {"username": f"u{n}", "password": "bukan-kata-sandi"}) for n in numbers
        ],
        "cookies": [("GET", "/console", {"Cookie": f"pandu_officer={n:043d}"}, None) for n in numbers],
        "keys": [("GET", "/api/v1/applications", {"Authorization": f"Bearer pdk_{n:043d}"}, None) for n in numbers],
        "links": [("GET", f"/data/{n:043d}", {}, None) for n in numbers],
        "pages": [("GET", "/console/sign-in", {}, None) for _ in numbers],
        "webhooks": [
            ("POST", "/webhooks/whatsapp", {"X-Twilio-Signature": f"{n:027d}="}, {"Body": "x" * 500}) for n in numbers
        ],
    }
    return itertools.cycle(made[kind])


KINDS = ("sign-ins", "cookies", "keys", "links", "pages", "webhooks")
WHATSAPP = {  # so that there is a webhook; nothing is sent there
    "TWILIO_ACCOUNT_SID": "AC" + "0" * 32,
    "TWILIO_AUTH_TOKEN": "token-of-the-benchmark",
    "WHATSAPP_SENDER": "whatsapp:+14155238886",
    "TWILIO_API_URL": "http://127.0.0.1:9",
    "PUBLIC_URL": "http://127.0.0.1:9",
}


def main() -> int:
    parser = argparse.ArgumentParser(prog="benchmarks.strangers", description=__doc__)
    parser.add_argument("--only", default="", help="kinds whose name contains this")
    parser.add_argument("--attack", nargs=2, metavar=("KIND", "URL"), help=argparse.SUPPRESS)
    options = parser.parse_args()
    if options.attack:
        os.nice(19)
        print(dict(asyncio.run(attack(*options.attack))), file=sys.stderr)
        return 0
    with tempfile.TemporaryDirectory(prefix="pandu-strangers-") as name:
        folder = Path(name)
        folder.chmod(0o755)  # PostgreSQL's own user must be able to reach it
        with pandu(folder / "data", ROOT / ".pandu" / "models", **WHATSAPP) as (system, _):
            asyncio.run(measure(system.url, 5.0))  # warm
            worst = max(_compare(kind, system.url) for kind in KINDS if options.only in kind)
    print(f"load {os.getloadavg()[0]:.1f}; the most: {worst:.2f} times")
    return int(worst > MOST)


def _compare(kind: str, url: str) -> float:
    """Times that a turn takes longer (median of both) while strangers call."""
    calm: list[float] = []
    attacked: list[float] = []
    for _ in range(ROUNDS):
        calm += asyncio.run(measure(url, SECONDS))
        with subprocess.Popen([sys.executable, "-m", __spec__.name, "--attack", kind, url], cwd=ROOT) as process:
            time.sleep(2.0)  # until it runs
            attacked += asyncio.run(measure(url, SECONDS))
            stop(process)
    times = statistics.median(attacked) / statistics.median(calm)
    print(
        f"{kind:<10} calm {statistics.median(calm):6.1f} ms  attacked {statistics.median(attacked):6.1f} ms "
        f"(longest {max(calm):6.0f}, {max(attacked):6.0f})  {times:.2f} times  n {len(calm)}, {len(attacked)}",
        flush=True,
    )
    return times


async def measure(url: str, seconds: float) -> list[float]:
    """Milliseconds of the turns of one applicant who asks all the time."""
    ask, begin = ask_pandu(url), time.monotonic()
    found: list[float] = []
    async with aiohttp.ClientSession(headers={"Accept-Encoding": "identity"}) as session:
        for question in itertools.cycle(DIALOGUE):
            if time.monotonic() - begin > seconds:
                return found
            asked = time.perf_counter()
            await ask(session, "applicant", question)
            found.append((time.perf_counter() - asked) * 1000)
    raise AssertionError


async def attack(kind: str, url: str) -> Counter[str]:
    """Until it is stopped."""
    answers: Counter[str] = Counter()
    made = calls(kind)
    asyncio.get_running_loop().add_signal_handler(15, asyncio.current_task().cancel)  # type: ignore[union-attr]

    async def one(session: aiohttp.ClientSession) -> None:
        while True:
            method, path, headers, form = next(made)
            try:
                async with session.request(method, url + path, headers=headers, data=form, allow_redirects=False) as it:
                    await it.read()
                    answers[str(it.status)] += 1
            except (aiohttp.ClientError, TimeoutError, OSError) as error:
                answers[type(error).__name__] += 1
                await asyncio.sleep(0.1)

    connector = aiohttp.TCPConnector(limit=CONNECTIONS)
    try:
        async with aiohttp.ClientSession(connector=connector, timeout=aiohttp.ClientTimeout(total=120)) as session:
            await asyncio.gather(*(one(session) for _ in range(CONNECTIONS)))
    except asyncio.CancelledError:
        pass
    return answers


if __name__ == "__main__":
    sys.exit(main())
