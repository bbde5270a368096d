"""Places where no secret and nothing personal may stand: logs, process lists, metrics, the public schema."""

from __future__ import annotations

import httpx
import psutil

from tests.helpers.system import Running


def leaks(running: Running, *words: str) -> list[str]:
    """ "where: word" for every word found, also with what the running system made for itself (the engine's token)."""
    searched = {str(path): path.read_text(errors="replace") for path in sorted((running.folder / "logs").glob("*"))}
    searched["output"] = running.output()
    for process in psutil.Process(running.process.pid).children(recursive=True):
        searched[f"process {process.pid}"] = " ".join(process.cmdline())
    for path in ("/metrics", "/openapi.json", "/health/ready", "/privasi"):
        searched[path] = httpx.get(running.url + path, timeout=10).text
    made = [path.read_text().strip() for path in (running.folder / "secrets").iterdir() if path.is_file()]
    assert len(searched) >= 7 and made
    return [f"{where}: {word}" for where, text in searched.items() for word in (*words, *made) if word in text]
