"""Starting and training: one clear sentence when something is wrong."""

from __future__ import annotations

import socket
import subprocess
import sys
import tarfile
from pathlib import Path

from bot.dialogue.training import ENGINE_PYTHON, engine_environment
from bot.settings import ROOT
from engine.fingerprint import fingerprint, inputs


def run(*command: str, **environment: str) -> subprocess.CompletedProcess[str]:
    return subprocess.run(
        [str(ENGINE_PYTHON), "-m", *command],
        cwd=ROOT,
        env=engine_environment(**environment),
        capture_output=True,
        text=True,
        timeout=120,
        check=False,
    )


def test_a_broken_model_is_one_sentence(tmp_path: Path) -> None:
    broken = tmp_path / "broken.tar.gz"
    with tarfile.open(broken, "w:gz") as archive:
        archive.add(ROOT / "config.yml", "config.yml")
    for model in (broken, tmp_path / "missing.tar.gz"):
        ended = run("engine.serve", "--model", str(model), "--port", "1", PANDU_ENGINE_TOKEN="x")
        assert ended.returncode == 2
        assert str(model) in ended.stderr
        assert "Traceback" not in ended.stderr
        assert len(ended.stderr.splitlines()) == 1


def test_a_taken_port_is_one_sentence(model: Path) -> None:
    with socket.create_server(("127.0.0.1", 0)) as taken:
        port = str(taken.getsockname()[1])
        ended = run("engine.serve", "--model", str(model), "--port", port, PANDU_ENGINE_TOKEN="x")
    assert ended.returncode == 2
    assert port in ended.stderr
    assert len(ended.stderr.splitlines()) == 1


def test_no_token_no_engine(model: Path) -> None:
    ended = run("engine.serve", "--model", str(model), "--port", "1")
    assert ended.returncode == 2
    assert "PANDU_ENGINE_TOKEN" in ended.stderr


def test_both_pythons_compute_the_same_fingerprint() -> None:
    here = subprocess.run(
        [sys.executable, "-m", "engine.train", "--fingerprint"], cwd=ROOT, capture_output=True, text=True, check=True
    )
    assert run("engine.train", "--fingerprint").stdout == here.stdout == fingerprint() + "\n"


def test_the_fingerprint_follows_what_training_reads(tmp_path: Path) -> None:
    for path in inputs():
        copy = tmp_path / path.relative_to(ROOT)
        copy.parent.mkdir(parents=True, exist_ok=True)
        copy.write_bytes(path.read_bytes())
    unchanged = fingerprint(tmp_path)
    assert unchanged == fingerprint()
    (tmp_path / "engine" / "channel.py").write_text("# serves, does not train")
    assert fingerprint(tmp_path) == unchanged
    seen = {unchanged}
    for name in ("config.yml", "domain.yml", "nlu_data/rules.yml", "engine/intent_model.py", "engine/spelling.yml"):
        (tmp_path / name).write_text((tmp_path / name).read_text() + "\n# changed\n")
        seen.add(fingerprint(tmp_path))
    (tmp_path / "nlu_data" / "new.yml").write_text("")
    seen.add(fingerprint(tmp_path))
    assert len(seen) == 7


def test_an_up_to_date_model_is_not_trained_again(tmp_path: Path) -> None:
    old = [tmp_path / f"old{number}.tar.gz" for number in range(3)]
    for path in [*old, tmp_path / f"{fingerprint()}.tar.gz"]:
        path.write_bytes(b"")
    ended = run("engine.train", "--out", str(tmp_path))
    assert ended.returncode == 0
    assert ended.stdout.splitlines()[-1] == str(tmp_path / f"{fingerprint()}.tar.gz")
    assert len(list(tmp_path.iterdir())) == 2
