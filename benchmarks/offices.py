"""Many offices in one knowledge: how long an answer takes, what it holds in memory, how long it is made.

    python -m benchmarks.offices [--offices 500] [--services 10]

Every office has invented services, of the shape that the console publishes. The same questions are asked of the
knowledge in `knowledge/` with one such office and with all of them, by turns, so that both are measured under one load.
"""

from __future__ import annotations

import argparse
import gc
import json
import random
import time
from collections.abc import Callable, Sequence
from itertools import islice
from typing import Any

import psutil

from bot.answers import finding
from bot.answers.context import Context
from bot.answers.indexes import index_of, prepare
from bot.hearing import listen
from bot.knowledge.entries import merge
from bot.knowledge.load import of_files
from bot.knowledge.models import Knowledge
from bot.knowledge.publications import Key
from bot.knowledge.regions import Region, all_regions
from bot.standards.entries import entries_of
from bot.standards.work import Channeled, Way, Work, WorkLine, actor_of, slug

TRADES = (
    ("Izin Reklame", "pemasangan reklame"),
    ("Izin Praktik Perawat", "praktik perawat"),
    ("Izin Apotek", "pendirian apotek"),
    ("Izin Depot Air Minum", "depot air minum"),
    ("Izin Trayek Angkutan", "trayek angkutan"),
    ("Izin Penelitian", "penelitian lapangan"),
    ("Izin Lembaga Kursus", "lembaga kursus"),
    ("Izin Praktik Bidan", "praktik bidan"),
    ("Izin Laik Sehat", "laik sehat rumah makan"),
    ("Izin Pemakaian Lapangan", "pemakaian lapangan kota"),
)
_NEEDED = (
    "Fotokopi KTP pemohon",
    "Nomor Induk Berusaha",
    "Surat permohonan bermeterai",
    "Denah lokasi",
    "Pas foto berwarna",
    "Surat rekomendasi organisasi",
    "Bukti pembayaran pajak daerah",
    "Fotokopi ijazah",
)
_STEPS = (
    "Pemohon mengisi formulir di loket",
    "Petugas memeriksa kelengkapan berkas",
    "Tim teknis meninjau lokasi",
    "Kepala Dinas menandatangani izin",
    "Pemohon mengambil izin",
)
_ASKED = (
    "apa saja syarat {trade} di {place}",
    "berapa lama {trade} {place}",
    "biaya {trade} di {place} berapa ya",
    "cara mengurus {trade} di {place}",
    "nomor telepon pengaduan {place}",
    "{trade} {place} perlu denah gak",
)
_EVERYWHERE = ("apa itu nib", "otp oss gak masuk masuk", "berapa lama {trade}", "cara daftar oss", "syaratnya apa ya")


def entries(office: Region, services: int, chance: random.Random) -> dict[Key, dict[str, Any] | None]:
    """What an office would have published."""
    found: dict[Key, dict[str, Any] | None] = {}
    for number, (title, about) in enumerate(islice(TRADES, services)):
        needed = chance.sample(_NEEDED, 6)
        days = f"{chance.randint(2, 30)} hari kerja"
        lines = [*needed, *_STEPS, days, "Tidak dipungut biaya", title]
        source = f"{title}\n" + "\n".join(lines) + "\n0298-555321"
        work = Work(
            title=f"{title} {office.title}",
            label=title,
            aliases=about,
            kind=title.lower().replace(" ", "-"),
            office=office.id if number else "",
            office_name=f"DPMPTSP {office.title}",
            office_region=office.title,
            office_aliases=office.title.lower(),
            requirements=[_line(one) for one in needed],
            ways=[Way(title=title, label="Langkah-langkah", steps=[_step(one) for one in _STEPS])],
            duration=[_line(days)],
            cost=[_line("Tidak dipungut biaya")],
            product=[_line(title)],
            complaints=[Channeled(kind="phone", label="Telepon", value="0298-555321")],
        )
        draft = 1000 * (1 + list(all_regions()).index(office.id)) + number
        found |= entries_of(work, source, draft, of_files())
    return found


def _line(text: str) -> WorkLine:
    return WorkLine(printed=text, text=text)


def _step(text: str) -> WorkLine:
    actor, label, inferred = actor_of(text)
    return WorkLine(printed=text, text=text, actor=actor, actor_label=label, inferred=inferred)


def nation(offices: int, services: int) -> Knowledge:
    """The files' knowledge with invented services of `offices` regencies and cities."""
    chance = random.Random(7)
    contents: dict[Key, dict[str, Any] | None] = {}
    for office in places(offices):
        contents |= entries(office, services, chance)
    wrong: list[str] = []
    known = merge(of_files(), contents, lambda key, problem: wrong.append(f"{key}: {problem}"))
    assert not wrong, wrong[0]
    return known


def places(count: int) -> list[Region]:
    """The one that questions are about is the last: with many offices it is a part of its own."""
    held = {one.region for one in of_files().offices.values()}
    places = [
        one
        for one in all_regions().values()
        if slug(one.title) == one.id and one.kind != "provinsi" and one.title not in held
    ]
    first = places.index(next(one for one in places if one.id == "kabupaten-semarang"))
    return [*places[first:], *places[:first]][:count][::-1]


def questions(count: int, seed: int = 11) -> list[str]:
    """About the one office that both hold, and about none."""
    chance = random.Random(seed)
    place = places(1)[0].title
    patterns = [*_ASKED * 2, *_EVERYWHERE]
    return [chance.choice(patterns).format(trade=chance.choice(TRADES)[1], place=place) for _ in range(count)]


def answered(knowledge: Knowledge, text: str) -> float:
    """Milliseconds from the text to the passages that answer it."""
    begin = time.perf_counter()
    finding.find(knowledge, listen(knowledge, text), Context())
    return (time.perf_counter() - begin) * 1000


def measured(few: Knowledge, many: Knowledge, asked: Sequence[str]) -> dict[str, float]:
    """Milliseconds an answer, with one office and with all; each question of both before the next."""
    for text in asked[:20]:
        answered(few, text), answered(many, text)
    times = [(answered(few, text), answered(many, text)) for text in asked]
    one, all_ = (sorted(column) for column in zip(*times, strict=True))
    found = {
        name: values[int(share * (len(values) - 1))]
        for name, values, share in (
            ("one_p50_ms", one, 0.5),
            ("one_p95_ms", one, 0.95),
            ("all_p50_ms", all_, 0.5),
            ("all_p95_ms", all_, 0.95),
        )
    }
    return found | {"p95_ratio": found["all_p95_ms"] / found["one_p95_ms"]}


def run(offices: int, services: int, asked: int) -> dict[str, float]:
    """All figures."""
    few = nation(1, services)
    base, seconds_few = _grown(lambda: index_of(few))
    begin = time.perf_counter()
    many = nation(offices, services)
    read = time.perf_counter() - begin
    grown, seconds = _grown(lambda: prepare(many))
    new = [entries(one, services, random.Random(3)) for one in places(offices + 3)[:3]]
    begin = time.process_time()
    for one in new:
        prepare(merge(many, one))
    taken = (time.process_time() - begin) / len(new)
    figures = {
        "offices": offices,
        "publication_cpu_s": taken,
        "services": len(many.services),
        "passages_one": len(index_of(few).passages),
        "passages_all": len(index_of(many).passages),
        "read_s": read,
        "index_one_s": seconds_few,
        "index_all_s": seconds,
        "index_one_mb": base,
        "index_all_mb": grown,
        "process_mb": psutil.Process().memory_info().rss / 2**20,
    }
    return {key: round(value, 2) for key, value in (figures | measured(few, many, questions(asked))).items()}


def _grown(build: Callable[[], object]) -> tuple[float, float]:
    """Megabytes and seconds that `build` takes."""
    gc.collect()
    before, begin = psutil.Process().memory_info().rss, time.perf_counter()
    build()
    seconds = time.perf_counter() - begin
    gc.collect()
    return (psutil.Process().memory_info().rss - before) / 2**20, seconds


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--offices", type=int, default=500)
    parser.add_argument("--services", type=int, default=10)
    parser.add_argument("--asked", type=int, default=300)
    options = parser.parse_args()
    print(json.dumps(run(options.offices, options.services, options.asked), indent=2))


if __name__ == "__main__":
    main()
