"""A person's data through the whole system: the notice, the copy, and being forgotten, working memory included."""

from __future__ import annotations

import re
import time

import httpx
import psycopg

from bot.processes.postgres import running_url
from tests.helpers.system import Person, Running

STORY = "petugas loket Kenarirahasia meminta uang rokok"


def _rows(running: Running, needle: str) -> set[str]:
    """Tables in which `needle` stands."""
    url = running_url(running.folder)
    assert url
    with psycopg.connect(url) as connection:
        tables = connection.execute("select table_name from information_schema.tables where table_schema = 'public'")
        return {
            name
            for (name,) in tables.fetchall()
            if connection.execute(f'select 1 from "{name}" t where t::text like %s limit 1', [f"%{needle}%"]).fetchone()  # type: ignore[arg-type]
        }


def test_the_notice_the_copy_and_being_forgotten(running: Running) -> None:
    person = Person(running.url)
    person.says("halo")
    assert "/privasi" in person.heard()
    person.says("apa syarat izin industri di kudus?")
    person.says(STORY)
    assert {"incoming_messages", "rasa_trackers"} <= _rows(running, "Kenarirahasia")

    person.says("data saya")
    link = re.search(r"http://\S+/data/\S+", person.heard())
    assert link
    assert "Kenarirahasia" not in httpx.get(link[0], timeout=60).text
    copy = httpx.post(link[0], data={"bentuk": "json"}, timeout=60).json()
    assert [one["versi"] for one in copy["pemberitahuan"]] == ["1"]
    assert STORY in [one["isi"] for one in copy["pesan"]]
    assert {"nama": "office", "nilai": "kudus"} in copy["ingatan"]

    person.says("hapus data saya")
    assert "Yang tetap ada" in person.heard()
    person.taps("Ya, hapus semuanya")
    assert "Penghapusan dimulai" in person.heard()
    deadline = time.monotonic() + 20
    while (
        not (messages := httpx.get(person.url, timeout=60).json()["messages"])
        or "sudah dihapus" not in messages[-1]["text"]
    ):
        assert time.monotonic() < deadline
        time.sleep(0.1)
    assert len(messages) == 1
    assert _rows(running, "Kenarirahasia") == set()
    person.says("halo")
    assert "/privasi" in person.heard()  # a new person
