"""A newcomer's way: import the sample list, ask in the chat, move the application on, see the news arrive."""

from __future__ import annotations

import os
import subprocess
import sys
import time
from collections.abc import Iterator
from pathlib import Path

import httpx
import pytest

from bot.applications.numbers import claim_code_in, number_in
from bot.settings import ROOT
from tests.helpers.system import Person, Running, system


def pandu(running: Running, *arguments: str) -> str:
    """Output of the `pandu` command beside the running system."""
    environment = {key: value for key, value in os.environ.items() if not key.startswith("PANDU_")}
    done = subprocess.run(
        [str(Path(sys.executable).with_name("pandu")), *arguments],
        cwd=ROOT,
        env=environment | {"PANDU_DATA_DIR": str(running.folder)},
        capture_output=True,
        text=True,
        timeout=60,
        check=False,
    )
    assert done.returncode == 0, done.stdout + done.stderr
    return done.stdout


def heard(running: Running, person: Person) -> list[str]:
    """Everything that stands in the chat."""
    messages = httpx.get(f"{running.url}/api/simulator/{person.name}/messages", timeout=60).json()["messages"]
    return [one["text"] for one in messages if one["direction"] == "out"]


@pytest.fixture(scope="module")
def running(test_folder: Path) -> Iterator[Running]:
    """A system of its own: with a register, questions about a status are answered differently."""
    with system(test_folder / "applications") as running:
        yield running


def test_from_the_sample_list_to_the_news(running: Running, tmp_path: Path) -> None:
    assert "6 new" in pandu(running, "applications", "import", "docs/contoh-permohonan.csv")
    assert "6 unchanged" in pandu(running, "applications", "import", "docs/contoh-permohonan.csv")
    number = number_in(pandu(running, "applications", "list", "--office", "magetan", "--stage", "verifikasi"))
    assert number
    said = pandu(running, "applications", "receipt", number, "--out", str(tmp_path / "r.pdf"))
    code = claim_code_in(said)
    assert code
    person = Person(running.url)
    person.says("sampai mana izin saya?")
    assert "kode klaim" in person.heard()
    person.says(code)
    assert "Berhasil" in person.heard() and "Tahap: Verifikasi teknis" in person.heard()
    person.says(number)
    assert "Menunggu: Dinas Perindustrian" in person.heard()
    moved = pandu(running, "applications", "advance", number, "perbaikan", "--reason", "Akta tidak terbaca")
    assert "The news goes to 1 conversation" in moved
    deadline = time.monotonic() + 20
    while not any("Kabar permohonan" in text for text in heard(running, person)):
        assert time.monotonic() < deadline, "the news did not arrive"
        time.sleep(0.2)
    assert any("Keterangan petugas: Akta tidak terbaca" in text for text in heard(running, person))
    person.says("kok lama")
    assert "Menunggu: Anda" in person.heard()
    person.taps("Riwayat")
    assert "Perbaikan (Akta tidak terbaca)" in person.heard()
    stranger = Person(running.url)
    stranger.says(number)
    assert "tidak dapat saya buka" in stranger.heard() and "Akta" not in stranger.heard()
