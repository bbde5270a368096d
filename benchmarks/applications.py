"""Applications at size: an import of 10,000 rows, a status among 100,000, and 10,000 pieces of news beside a chat.

The news go to WhatsApp numbers, so through the channel's pace, to a program that answers like Twilio.

`python -m benchmarks.applications MODELS` starts a Pandu of its own with the trained models of that folder.
"""

from __future__ import annotations

import asyncio
import csv
import json
import sys
import tempfile
import time
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

from sqlalchemy import select, text

from benchmarks.load import Measured, _session, _timed, ask_pandu, at_rate
from benchmarks.parts import ACCOUNT, AUTH
from benchmarks.systems import pandu, stand_in
from bot.applications.importing import import_rows
from bot.applications.models import ApplicationContact
from bot.applications.posting import register_of, wake
from bot.applications.reading import read
from bot.commands.common import with_runtime
from bot.settings import Settings

ROWS = 10_000
OTHERS = 90_000
EVENTS = 11  # of each of the others
LOOKS = 300
RATE = 5.0  # questions a second while news go out
SECONDS = 30.0

_FILL = """
with made as (
    insert into applications (number, office, service, procedure, reference, received_on, stage, stage_since, turn)
    select 'FILL-' || n, 'unnamed', 'verifikasi-iui-oss', 'utama', 'F/' || n, current_date - 30, 'kunjungan',
           now() - interval '5 days', 'office'
    from generate_series(1, :others) n returning id
)
insert into application_events (application_id, kind, stage, before, actor, happened_at)
select made.id, 'stage', 'kunjungan', 'kunjungan', 'benchmark', now() - interval '5 days'
from made, generate_series(1, :events)
"""
_SIZE = "select (select count(*) from applications), (select count(*) from application_events)"
_PEOPLE = """
with people as (
    insert into conversations (channel, address, introduced_at)
    select 'simulator', 'pemohon-' || n, now() from generate_series(1, :looks) n returning id, address
)
insert into application_links (application_id, conversation_id, how)
select a.id, p.id, 'code' from people p join applications a on a.reference = 'B/' || substr(p.address, 9)
"""
_ON_WHATSAPP = """
insert into conversations (channel, address, introduced_at)
select 'whatsapp', address, now() from unnest(cast(:addresses as text[])) address
"""
SENDER = "whatsapp:+14155238886"


def main(models: Path) -> int:
    with tempfile.TemporaryDirectory(prefix="pandu-bench-") as folder:
        Path(folder).chmod(0o755)
        with stand_in(Path(folder)) as twilio:
            account = {"TWILIO_ACCOUNT_SID": ACCOUNT, "TWILIO_AUTH_TOKEN": AUTH, "TWILIO_API_URL": twilio}
            with pandu(Path(folder), models, **account, WHATSAPP_SENDER=SENDER) as (system, _):
                settings = Settings(data_dir=Path(folder))
                result = asyncio.run(with_runtime(settings, _measure, system.url, Path(folder)))
    return int(result)


async def _measure(runtime: Any, url: str, folder: Path) -> int:
    found: dict[str, Any] = {"import_10000_new_s": await _import(runtime, _list(folder, "verifikasi"))}
    async with runtime.database.session() as session:
        await session.execute(text(_FILL), {"others": OTHERS, "events": EVENTS})
        await session.execute(text(_PEOPLE), {"looks": LOOKS})
        phones = select(ApplicationContact.value).where(ApplicationContact.kind == "phone")
        addresses = [f"whatsapp:{number}" for number in await session.scalars(phones)]
        await session.execute(text(_ON_WHATSAPP), {"addresses": addresses})
        found["applications"], found["events"] = (await session.execute(text(_SIZE))).one()
    found["import_again_unchanged_s"] = await _import(runtime, _list(folder, "verifikasi"))
    found["status_among_100000"] = (await _looks(url)).summary()
    ask = ask_pandu(url)
    found["replies_alone"] = (await at_rate(ask, RATE, SECONDS)).summary()
    found["import_10000_changed_s"] = await _import(runtime, _list(folder, "berita-acara"))
    before = await _posted(runtime)
    found["replies_while_news_go_out"] = (await at_rate(ask, RATE, SECONDS)).summary()
    found["news_per_second"] = round((await _posted(runtime) - before) / SECONDS, 1)
    alone, beside = found["replies_alone"]["p95_ms"], found["replies_while_news_go_out"]["p95_ms"]
    found["p95_ratio"] = round(beside / alone, 2)
    print(json.dumps(found, indent=2))
    return 0


async def _import(runtime: Any, path: Path) -> float:
    begin = time.perf_counter()
    async with runtime.database.session() as session:
        report = await import_rows(register_of(runtime, session), read(path), "benchmark")
        assert report.written, report.errors[:3]
        if report.news:
            await wake(runtime, session)
    return round(time.perf_counter() - begin, 1)


async def _looks(url: str) -> Measured:
    """One status after the other, each for another person."""
    ask, begin = ask_pandu(url), time.monotonic()
    async with _session() as session:
        latencies = [
            await _timed(ask, session, f"pemohon-{number}", "izin saya sampai mana") for number in range(1, LOOKS + 1)
        ]
    return Measured(len(latencies), time.monotonic() - begin, latencies)


async def _posted(runtime: Any) -> int:
    async with runtime.database.session() as session:
        query = text("select count(*) from application_news where posted_at is not null")
        return int((await session.execute(query)).scalar_one())


def _list(folder: Path, stage: str) -> Path:
    path = folder / f"{stage}.csv"
    day = datetime.now(UTC).date() - timedelta(days=10)
    with path.open("w", newline="") as file:
        writer = csv.writer(file)
        writer.writerow(["nomor", "layanan", "nama", "telepon", "tanggal_masuk", "tahap", "tanggal_tahap"])
        for number in range(1, ROWS + 1):
            phone = f"0812{number:08d}"
            writer.writerow([f"B/{number}", "magetan-perluasan", "Contoh", phone, day, stage, day])
    return path


if __name__ == "__main__":
    sys.exit(main(Path(sys.argv[1])))
