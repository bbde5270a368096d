"""Leftovers of an earlier version, started by this one; dumps of other versions; and back again by one version.

tests/upgrade/ was made by the version before migration 0015 itself (tests/upgrade/make_fixture.py).
"""

from __future__ import annotations

import json
import lzma
import os
import re
import shutil
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import httpx
import psycopg
import pytest

from bot.processes.postgres import programs_folder, running_url
from bot.settings import ROOT
from bot.storage.migrate import head
from tests.helpers.system import Person, Running, system

BEFORE = ROOT / "tests" / "upgrade"
MADE_BY = "0014_publications"
FACTS: dict[str, str] = json.loads((BEFORE / "facts.json").read_text("utf-8"))
PANDU = str(Path(sys.executable).with_name("pandu"))
ITS_OWN = re.compile(r"(?:procrastinate|alembic)_\w+")  # tables of the queue and of the migrations


def pandu(folder: Path, *arguments: str) -> subprocess.CompletedProcess[str]:
    environment = {key: value for key, value in os.environ.items() if not key.startswith("PANDU_")}
    environment["PANDU_DATA_DIR"] = str(folder)
    return subprocess.run(
        [PANDU, *arguments], cwd=ROOT, env=environment, capture_output=True, text=True, timeout=60, check=False
    )


@pytest.fixture(scope="module")
def dump(test_folder: Path) -> Path:
    file = test_folder / "before.dump"
    file.write_bytes(lzma.decompress((BEFORE / "before.dump.xz").read_bytes()))
    return file


@pytest.fixture(scope="module")
def folder(test_folder: Path, dump: Path) -> Path:
    """A data folder as the earlier version left it."""
    made = test_folder / "upgraded"
    shutil.copytree(BEFORE / "secrets", made / "secrets")
    shutil.copytree(BEFORE / "files", made / "files")
    done = pandu(made, "database", "restore", str(dump), "--older")
    assert (done.returncode, done.stderr) == (0, "")
    return made


@pytest.fixture(scope="module")
def upgraded(folder: Path) -> Iterator[Running]:
    with system(folder) as running:
        yield running


def database(running: Running) -> psycopg.Connection:
    url = running_url(running.folder)
    assert url
    return psycopg.connect(url, autocommit=True)


def rows_of(dump: Path) -> dict[str, int]:
    """How many rows the dump has of each table of ours."""
    command = [str(programs_folder() / "pg_restore"), "--data-only", "--file=-", str(dump)]
    lines = subprocess.run(command, capture_output=True, text=True, check=True).stdout.splitlines()
    counts: dict[str, int] = {}
    table = ""
    for line in lines:
        if found := re.match(r"COPY public\.(\w+) ", line):
            table = found[1]
        elif line == "\\.":
            table = ""
        elif table:
            counts[table] = counts.get(table, 0) + 1
    return {name: count for name, count in counts.items() if not ITS_OWN.fullmatch(name)}


def bubbles(running: Running, name: str) -> list[dict[str, object]]:
    answer = httpx.get(f"{running.url}/api/simulator/{name}/messages", timeout=60)
    return list(answer.json()["messages"])


def test_no_row_is_lost(upgraded: Running, dump: Path) -> None:
    before = rows_of(dump)
    assert before["incoming_messages"] >= 6 and before["applications"] == 6 and before["complaints"] == 1
    with database(upgraded) as connection:
        assert connection.execute("select version_num from alembic_version").fetchall() == [(head(),)]
        for table, count in before.items():
            (now,) = connection.execute(f"select count(*) from {table}").fetchone() or (0,)  # type: ignore[call-overload]
            assert now >= count, table


def test_chats_and_guides_go_on(upgraded: Running) -> None:
    asked = [one["text"] for one in bubbles(upgraded, "ani-contoh") if one["direction"] == "in"]
    assert asked == ["apa saja syarat izin perluasan di magetan?"]
    asks = Person(upgraded.url, "ani-contoh")
    asks.says("berapa biaya izin perluasan di magetan?")
    assert "tidak dikenakan biaya" in asks.heard().lower()
    assert "Saya bukan OSS" not in asks.heard(), "an old acquaintance"
    walks = Person(upgraded.url, "bima-contoh")
    walks.says("lanjutkan")
    assert walks.heard().startswith("Kita lanjutkan: Mengurus Izin Perluasan"), walks.heard()


def test_an_application_and_its_receipt_are_its_owners(upgraded: Running) -> None:
    owns = Person(upgraded.url, "dewi-contoh")
    owns.says(FACTS["number"])
    assert "Akta tidak terbaca" in owns.heard()
    files = [one["file"] for one in bubbles(upgraded, "dewi-contoh") if one["file"]]
    assert isinstance(files[0], dict)
    assert httpx.get(f"{upgraded.url}{files[0]['url']}", timeout=60).content.startswith(b"%PDF")
    stranger = Person(upgraded.url)
    stranger.says(FACTS["number"])
    assert "Akta tidak terbaca" not in stranger.heard()


def test_a_report_goes_on_where_it_was(upgraded: Running) -> None:
    reports = Person(upgraded.url, "citra-contoh")
    reports.says("Selesai")
    assert reports.buttons() or "?" in reports.heard(), reports.heard()
    with database(upgraded) as connection:
        found = connection.execute("select status, step from complaints").fetchall()
    assert len(found) == 1 and found[0][0] == "drafting" and found[0][1] != "story", found


def test_an_officer_finds_the_draft(upgraded: Running) -> None:
    with httpx.Client(base_url=upgraded.url, headers={"Sec-Fetch-Site": "same-origin"}, timeout=30) as browser:
        given = {"username": "eka", "password": "gula jawa tiga kilo setengah"}
        assert browser.post("/console/sign-in", data=given).status_code == 303
        page = browser.get(FACTS["draft"])
        assert page.status_code == 200 and "Persyaratan" in page.text


def test_a_dump_of_another_version_is_refused(dump: Path, test_folder: Path) -> None:
    done = pandu(test_folder / "elsewhere", "database", "restore", str(dump))
    assert done.returncode == 1
    assert MADE_BY in done.stderr and head() in done.stderr and "--older" in done.stderr
    assert done.stderr.count("\n") == 1


def test_back_again_after_a_later_version(upgraded: Running, tmp_path: Path, test_folder: Path) -> None:
    """To this version, the one after is one whose migrations it does not know: it starts, and its dump is refused."""
    with database(upgraded) as connection:
        connection.execute("alter table conversations add column later text not null default 'x'")
        connection.execute("update alembic_version set version_num = '0999_later'")
    later = tmp_path / "later.dump"
    assert pandu(upgraded.folder, "database", "backup", str(later)).returncode == 0
    for option in ([], ["--older"]):
        done = pandu(test_folder / "elsewhere", "database", "restore", str(later), *option)
        assert done.returncode == 1
        assert "0999_later" in done.stderr and head() in done.stderr and "update this one" in done.stderr
    upgraded.stop()
    with system(upgraded.folder) as back:
        owns = Person(back.url, "dewi-contoh")
        owns.says(FACTS["number"])
        assert "Akta tidak terbaca" in owns.heard()
        newcomer = Person(back.url)
        newcomer.says("berapa biaya izin perluasan di magetan?")
        assert "tidak dikenakan biaya" in newcomer.heard().lower()
        assert "migrated by a newer Pandu" in back.output()
