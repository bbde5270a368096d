"""Starting, stopping, dying and coming back."""

from __future__ import annotations

import signal
import time
from pathlib import Path

import httpx
import psutil
import pytest

from tests.helpers.system import Person, Running, is_engine, start, system, wait_until_ready


def engine_of(running: Running) -> psutil.Process:
    children = psutil.Process(running.process.pid).children(recursive=True)
    return next(child for child in children if is_engine(child))


def members(running: Running) -> list[psutil.Process]:
    root = psutil.Process(running.process.pid)
    return [root, *root.children(recursive=True)]


@pytest.fixture(scope="module")
def folder(test_folder: Path) -> Path:
    return test_folder / "life"


def test_a_guide_goes_on_after_everything_was_killed(folder: Path) -> None:
    """SIGKILL in the middle of a guide; the next start has the progress, and no process is left behind."""
    with system(folder) as running:
        person = Person(running.url, "ibu-tani")
        person.says("panduan perluasan magetan")
        while not any(title.startswith("Lanjut") for title in person.buttons()):
            person.taps(person.buttons()[0])
        person.taps("Lanjut")
        person.taps("Lanjut")
        assert "Langkah 2 dari 5" in person.heard()
        left = members(running)
        running.stop(signal.SIGKILL)
    with system(folder) as again:
        person = Person(again.url, "ibu-tani")
        person.says("lanjutkan")
        assert "Langkah 2 dari 5" in person.heard()
        _, alive = psutil.wait_procs(left, timeout=10)
        assert alive == []
        everyone = members(again)
        assert again.stop(signal.SIGTERM) < 10
        assert again.process.returncode == 0
        _, alive = psutil.wait_procs(everyone, timeout=2)
        assert alive == []


def test_a_killed_engine_comes_back_and_the_message_is_answered(folder: Path) -> None:
    with system(folder) as running:
        person = Person(running.url)
        person.says("halo")
        engine_of(running).kill()
        person.url = person.url  # the same conversation goes on
        begin = time.monotonic()
        answer = httpx.post(person.url, json={"text": "berapa lama izin perluasan di magetan"}, timeout=60)
        if answer.status_code == 504:  # it took longer than a call waits; the answer stands in the history
            history = httpx.get(person.url, timeout=30)
            while "5 hari untuk izin perluasan" not in history.text and time.monotonic() - begin < 90:
                wait_until_ready(running)
                history = httpx.get(person.url, timeout=30)
            assert history.text.count("5 hari untuk izin perluasan") == 1
        else:
            assert "5 hari untuk izin perluasan" in answer.text
        assert wait_until_ready(running) < 60


def test_a_taken_port_is_told_in_one_sentence(folder: Path, pandu_url: str) -> None:
    port = pandu_url.rsplit(":", 1)[1]
    running = start(folder, PORT=port)
    assert running.process.wait(30) != 0
    last = running.output().strip().splitlines()[-1]
    assert port in last
    assert "Traceback" not in last


def test_a_broken_model_is_told_in_one_sentence(test_folder: Path) -> None:
    folder = test_folder / "broken-model"
    running = start(folder)
    running.stop(signal.SIGTERM)
    for model in (folder / "models").glob("*.tar.gz"):
        model.write_bytes(b"not a model")
    running = start(folder)
    assert running.process.wait(120) != 0
    last = running.output().strip().splitlines()[-1]
    assert "model" in last.lower()
