"""An engine to parse with, for measuring: the configured one, or one started for as long as it is needed."""

from __future__ import annotations

import asyncio
import secrets
import socket
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager, suppress
from pathlib import Path
from typing import IO, Any

import httpx

from bot.dialogue.training import ENGINE_PYTHON, SECONDS, STARTING, engine_environment, ensure_model
from bot.errors import CannotRun
from bot.progress import Progress
from bot.settings import ROOT, get_settings

BATCH = 20
"""Texts in one request; with MAX_TEXT below the engine's limit of 64 kB even where each character takes 3 bytes."""
MAX_TEXT = 1_000
"""Characters of a text that are sent; a sentence vector reads fewer."""
START_SECONDS = 120.0

Parse = Callable[[Sequence[str]], list[dict[str, Any]]]


@contextmanager
def parsing_engine() -> Iterator[Parse]:
    """Yield a function from texts to `understood` objects. Raises CannotRun."""
    settings = get_settings()
    if settings.engine_url:
        with _client(settings.engine_urls[0], settings.engine_token.get_secret_value()) as client:
            yield _parse_with(client)
        return
    progress = Progress(SECONDS, sys.stderr)
    with model_engine(asyncio.run(ensure_model(settings.data_dir.resolve(), progress)), progress) as parse:
        yield parse


@contextmanager
def model_engine(model: Path, progress: Progress | None = None) -> Iterator[Parse]:
    """The same, with an engine of its own for one model; its start is told of. Raises CannotRun."""
    progress = progress or Progress({})
    with tempfile.TemporaryFile() as output:
        token, port = secrets.token_urlsafe(24), _free_port()
        process = _start(model, port, token, output)
        try:
            with _client(f"http://127.0.0.1:{port}", token) as client:
                with progress.step(STARTING):
                    _wait(client, process, output)
                yield _parse_with(client)
        finally:
            process.terminate()
            with suppress(subprocess.TimeoutExpired):
                process.wait(10)
            process.kill()
            process.wait()


def _start(model: Path, port: int, token: str, output: IO[bytes]) -> subprocess.Popen[bytes]:
    return subprocess.Popen(  # noqa: S603
        [str(ENGINE_PYTHON), "-m", "engine.serve", "--model", str(model), "--port", str(port)],
        cwd=ROOT,
        env=engine_environment(PANDU_ENGINE_TOKEN=token),
        stdin=subprocess.DEVNULL,
        stdout=output,
        stderr=output,
    )


def _wait(client: httpx.Client, process: subprocess.Popen[bytes], output: IO[bytes]) -> None:
    deadline = time.monotonic() + START_SECONDS
    while time.monotonic() < deadline:
        if process.poll() is not None:
            output.seek(0)
            raise CannotRun(f"The dialogue engine does not start: {output.read().decode(errors='replace')[-300:]}")
        with suppress(httpx.TransportError):
            if client.get("/webhooks/pandu/").status_code == 200:
                return
        time.sleep(0.1)
    raise CannotRun(f"The dialogue engine did not start within {START_SECONDS:.0f} s.")


def _client(url: str, token: str) -> httpx.Client:
    return httpx.Client(base_url=url, headers={"Authorization": f"Bearer {token}"}, timeout=60, trust_env=False)


def _parse_with(client: httpx.Client) -> Parse:
    def parse(texts: Sequence[str]) -> list[dict[str, Any]]:
        understood: list[dict[str, Any]] = []
        for start in range(0, len(texts), BATCH):
            batch = [text[:MAX_TEXT] for text in texts[start : start + BATCH]]
            try:
                answer = client.post("/webhooks/pandu/parse", json={"texts": batch})
                answer.raise_for_status()
            except httpx.HTTPError as error:
                raise CannotRun(f"The dialogue engine does not answer: {error}") from error
            understood += answer.json()["understood"]
        return understood

    return parse


def _free_port() -> int:
    with socket.socket() as listening:
        listening.bind(("127.0.0.1", 0))
        port: int = listening.getsockname()[1]
        return port
