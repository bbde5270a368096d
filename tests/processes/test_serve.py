"""`pandu serve` as a process: what it needs, that it recovers, and that it leaves nothing behind."""

from __future__ import annotations

import asyncio
import os
import signal
import socket
import sys
from collections.abc import AsyncIterator
from contextlib import suppress
from dataclasses import dataclass
from pathlib import Path

import httpx
import psutil
import psycopg
import pytest

from bot.processes.checks import free_port
from bot.processes.postgres import running_url
from bot.settings import ROOT
from tests.helpers.cluster import lay_down
from tests.helpers.system import READY_SECONDS, is_engine
from tests.helpers.until import until


@dataclass
class Served:
    process: asyncio.subprocess.Process
    port: int
    output: Path

    async def ready(self) -> bool:
        assert self.process.returncode is None, self.output.read_text()
        try:
            async with httpx.AsyncClient(timeout=60) as client:
                return (await client.get(f"http://127.0.0.1:{self.port}/health/ready")).status_code == 200
        except httpx.HTTPError:
            return False

    def children(self) -> list[psutil.Process]:
        """All processes that belong to it: the engine and the database (in sessions of their own) with theirs."""
        return psutil.Process(self.process.pid).children(recursive=True)

    def servers(self) -> list[psutil.Process]:
        """Those of the database; the postmaster's own children come and go meanwhile."""
        found = []
        for child in self.children():
            with suppress(psutil.NoSuchProcess):
                found += [child] if child.name() == "postgres" else []
        return found

    def engine(self) -> psutil.Process:
        return next(child for child in self.children() if is_engine(child))

    async def ended(self) -> int:
        async with asyncio.timeout(30):
            return await self.process.wait()


def environment(folder: Path, port: int, **more: str) -> dict[str, str]:
    kept = {name: value for name, value in os.environ.items() if not name.startswith("PANDU_")}
    return kept | {"PANDU_DATA_DIR": str(folder / "data"), "PANDU_PORT": str(port)} | more


async def start(folder: Path, *command: str, port: int = 0, **more: str) -> Served:
    port = port or free_port()
    output = folder / "output"
    with output.open("ab") as file:
        process = await asyncio.create_subprocess_exec(
            *(sys.executable, *command), cwd=ROOT, env=environment(folder, port, **more), stdout=file, stderr=file
        )
    return Served(process, port, output)


@pytest.fixture
async def served(tmp_path: Path) -> AsyncIterator[Served]:
    """Ready, with a dummy engine."""
    lay_down(tmp_path / "data")
    served = await start(tmp_path, "-m", "tests.processes.serve_with_dummy", str(tmp_path))
    try:
        await until(served.ready, READY_SECONDS)
        yield served
    finally:
        if served.process.returncode is None:
            served.process.send_signal(signal.SIGTERM)
            await served.ended()


async def test_a_signal_ends_everything_in_time(served: Served) -> None:
    children = served.children()
    names = {child.name() for child in children}
    assert "postgres" in names

    async def told() -> bool:
        return f"http://127.0.0.1:{served.port}/simulator" in served.output.read_text()

    await until(told, 30)  # said a moment after the first answer of /health/ready
    served.process.send_signal(signal.SIGINT)
    assert await served.ended() == 0, "within the limit of ended()"
    assert not [child for child in children if child.is_running()]
    text = served.output.read_text()
    assert "pandu chat" in text
    assert "Traceback" not in text


async def test_a_signal_in_the_middle_of_the_first_start(tmp_path: Path) -> None:
    served = await start(tmp_path, "-m", "tests.processes.serve_with_dummy", str(tmp_path))

    async def making() -> bool:
        return "Making the database" in served.output.read_text()

    await until(making)
    served.process.terminate()
    assert await served.ended() == 0
    data = str(tmp_path / "data" / "postgresql")
    assert not [process for process in psutil.process_iter(["cmdline"]) if data in (process.info["cmdline"] or ())]
    assert running_url(tmp_path / "data") is None
    assert "Traceback" not in served.output.read_text()


async def test_who_writes_while_the_model_is_trained_is_answered_when_it_is(tmp_path: Path) -> None:
    trained = tmp_path / "trained"
    served = await start(tmp_path, "-m", "tests.processes.serve_with_dummy", str(tmp_path), DUMMY_TRAINED=str(trained))
    address = f"http://127.0.0.1:{served.port}"
    messages = f"{address}/api/simulator/siti/messages"
    try:
        async with httpx.AsyncClient(timeout=60) as client:

            async def all_but_the_engine() -> bool:
                assert served.process.returncode is None, served.output.read_text()
                with suppress(httpx.HTTPError):
                    answer = await client.get(f"{address}/health/ready")
                    assert answer.status_code == 503
                    parts = answer.json()
                    return bool(parts["database"] and parts["worker"] and not parts["engine"])
                return False

            async def kept() -> bool:
                return bool((await client.get(messages)).json()["messages"])

            async def answered() -> bool:
                said = (await client.get(messages)).json()["messages"]
                return any(one["text"].endswith("jawaban: halo") for one in said)

            await until(all_but_the_engine, READY_SECONDS)
            assert (await client.get(f"{address}/console/sign-in")).status_code == 200
            asking = asyncio.create_task(client.post(messages, json={"text": "halo"}))
            await until(kept)
            assert not await answered()
            assert f"Open: {address}" in served.output.read_text()
            trained.touch()
            await until(served.ready, READY_SECONDS)
            await until(answered)
            assert (await asking).status_code in (200, 504), "504: that the answer follows"
    finally:
        if served.process.returncode is None:
            served.process.terminate()
            assert await served.ended() == 0


async def test_data_and_secrets_outlive_a_restart(served: Served, tmp_path: Path) -> None:
    token = tmp_path / "data" / "secrets" / "engine_token"
    assert token.stat().st_mode & 0o777 == 0o600
    before = token.read_text()
    url = running_url(tmp_path / "data")
    assert url is not None
    async with await psycopg.AsyncConnection.connect(url) as connection:
        await connection.execute("insert into conversations (channel, address) values ('simulator', 'siti')")
    served.process.kill()  # no chance to tidy up
    await served.ended()
    again = await start(tmp_path, "-m", "tests.processes.serve_with_dummy", str(tmp_path), port=served.port)
    try:
        await until(again.ready, READY_SECONDS)
        assert token.read_text() == before
        async with await psycopg.AsyncConnection.connect(url) as connection:
            found = await connection.execute("select address from conversations")
            assert await found.fetchall() == [("siti",)]
    finally:
        again.process.terminate()
        assert await again.ended() == 0


async def test_a_killed_engine_comes_back(served: Served) -> None:
    first = served.engine()
    first.kill()

    async def back() -> bool:
        engines = [child for child in served.children() if is_engine(child)]
        return bool(engines) and engines[0].pid != first.pid and await served.ready()

    await until(back, 30)


async def test_a_killed_database_comes_back(served: Served) -> None:
    (server,) = [one for one in psutil.Process(served.process.pid).children() if one.name() == "postgres"]
    server.kill()

    async def back() -> bool:
        servers = served.servers()
        return bool(servers) and server not in servers and await served.ready()

    await until(back, 30)


async def test_three_roles_on_three_machines(tmp_path: Path, database_url: str) -> None:
    ports = {"engine": free_port(), "web": free_port(), "worker": free_port()}
    common = {
        "PANDU_ENGINE_TOKEN": "one-for-all",
        "PANDU_DATA_KEYS": "b25lIGtleSBmb3IgYWxsIG1hY2hpbmVzIG9mIG9uZSE=",
        "PANDU_ENGINE_URL": f"http://127.0.0.1:{ports['engine']}",
        "PANDU_ACTIONS_URL": f"http://127.0.0.1:{ports['web']}/actions?token=one-for-all",
    }
    running: dict[str, Served] = {}
    try:
        for role, port in ports.items():
            folder = tmp_path / role
            folder.mkdir()
            command = ("-m", "tests.processes.serve_with_dummy", str(folder), role)
            given = {} if role == "engine" else {"PANDU_DATABASE_URL": database_url}
            running[role] = await start(folder, *command, port=port, **common, **given)
        await until(running["web"].ready, READY_SECONDS)
        assert not [role for role in ports if (tmp_path / role / "data" / "postgresql").exists()]
        engine = running["engine"].engine()
    finally:
        for served in running.values():
            served.process.terminate()
        codes = [await served.ended() for served in running.values()]
    assert codes == [0, 0, 0]
    assert not engine.is_running()


async def test_a_broken_model_ends_with_one_sentence(tmp_path: Path) -> None:
    served = await start(tmp_path, "-m", "tests.processes.serve_with_dummy", str(tmp_path), DUMMY="broken")
    assert await served.ended() == 1
    last = served.output.read_text().splitlines()[-1]
    assert last.startswith("Pandu cannot run: The dialogue engine does not start: ")
    assert "cannot be loaded: not a gzip file" in last


async def test_a_taken_port_ends_with_one_sentence(tmp_path: Path) -> None:
    with socket.create_server(("127.0.0.1", 0)) as other:
        port = other.getsockname()[1]
        served = await start(tmp_path, "-m", "bot.commands.main", "serve", port=port)
        assert await served.ended() == 1
    said = served.output.read_text()
    assert said.startswith(f"Pandu cannot run: Port {port} on 127.0.0.1 is taken by another program: ")
    assert said.count("\n") == 1
    assert not (tmp_path / "data" / "postgresql").exists()


@pytest.mark.parametrize(
    ("arguments", "settings", "sentence"),
    [
        ((), {"PANDU_DATA_DIR": "/proc/nowhere"}, "The folder /proc/nowhere cannot be written"),
        ((), {"PANDU_HOST": "192.0.2.1"}, "cannot listen on 192.0.2.1"),
        ((), {"PANDU_PORT": "http"}, "A setting is wrong. PANDU_PORT"),
        (("--role", "worker"), {}, "--role worker needs PANDU_DATABASE_URL, PANDU_ENGINE_URL, PANDU_ENGINE_TOKEN"),
        (("--role", "engine"), {}, "--role engine needs PANDU_ACTIONS_URL, PANDU_ENGINE_TOKEN"),
        ((), {"PANDU_ENGINE_URL": "http://127.0.0.1:9"}, "PANDU_ENGINE_URL needs PANDU_ENGINE_TOKEN"),
        (
            (),
            {
                "PANDU_ENGINE_URL": "http://127.0.0.1:9",
                "PANDU_ENGINE_TOKEN": "x",
                "PANDU_DATABASE_URL": "postgresql://pandu:rahasia@127.0.0.1:9/pandu",
            },
            "The database cannot be used (connection failed",
        ),
    ],
)
async def test_what_is_missing_is_one_sentence(
    tmp_path: Path, arguments: tuple[str, ...], settings: dict[str, str], sentence: str
) -> None:
    served = await start(tmp_path, "-m", "bot.commands.main", "serve", *arguments, **settings)
    assert await served.ended() == 1
    said = served.output.read_text()
    last = said.splitlines()[-1]
    assert sentence in last
    told = [line for line in said.splitlines() if not line.startswith("  [")]  # a slow machine tells what takes long
    assert told == [last]
