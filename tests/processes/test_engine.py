"""The supervisor, with a small program in the engine's place."""

from __future__ import annotations

import asyncio
import os
import signal
import subprocess
import sys
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager, suppress
from pathlib import Path

import psutil
import pytest

from bot.dialogue.client import Engine
from bot.errors import CannotRun
from bot.processes.checks import free_port
from bot.processes.engine import Supervisor, Timing, rotate
from tests.helpers.until import until

DUMMY = Path(__file__).with_name("dummy_engine.py")
QUICK = Timing(start=20, look=0.02, watch=0.05, hang=0.5, stop=0.3, first_wait=0.02, longest_wait=0.1)


@asynccontextmanager
async def supervised(folder: Path, behaviour: str = "") -> AsyncIterator[tuple[Supervisor, asyncio.Task[None]]]:
    port = free_port()
    client = Engine(f"http://127.0.0.1:{port}", "token")
    supervisor = Supervisor(
        [sys.executable, str(DUMMY), "--port", str(port)],
        environment={"DUMMY": behaviour},
        folder=folder,
        log_file=folder / "engine.log",
        healthy=client.healthy,
        timing=QUICK,
    )
    task = asyncio.create_task(supervisor.run())
    try:
        yield supervisor, task
    finally:
        task.cancel()
        with suppress(asyncio.CancelledError, CannotRun):
            await task
        await client.close()


async def ready(supervisor: Supervisor) -> int:
    async with asyncio.timeout(20):
        await supervisor.ready.wait()
    assert supervisor.pid is not None
    return supervisor.pid


async def test_a_killed_engine_is_started_again(tmp_path: Path) -> None:
    async with supervised(tmp_path) as (supervisor, _):
        first = await ready(supervisor)
        os.kill(first, signal.SIGKILL)

        async def another() -> bool:
            return supervisor.ready.is_set() and supervisor.pid not in (None, first)

        await until(another)
        assert supervisor.starts == 2


async def test_an_engine_that_hangs_is_replaced(tmp_path: Path) -> None:
    async with supervised(tmp_path) as (supervisor, _):
        first = await ready(supervisor)
        os.kill(first, signal.SIGSTOP)

        async def another() -> bool:
            return supervisor.ready.is_set() and supervisor.pid not in (None, first)

        await until(another)
        assert not psutil.pid_exists(first)


async def test_a_broken_model_is_told_in_one_sentence(tmp_path: Path) -> None:
    async with supervised(tmp_path, "broken") as (supervisor, task):
        with pytest.raises(CannotRun, match=r"does not start: .*x\.tar\.gz cannot be loaded: not a gzip file") as told:
            async with asyncio.timeout(20):
                await task
        assert "\n" not in str(told.value)
        assert supervisor.starts == QUICK.attempts
        assert not supervisor.ready.is_set()


@pytest.mark.parametrize("behaviour", ["", "stubborn"])
async def test_cancelling_ends_the_engine(tmp_path: Path, behaviour: str) -> None:
    async with supervised(tmp_path, behaviour) as (supervisor, task):
        pid = await ready(supervisor)
        task.cancel()
        with pytest.raises(asyncio.CancelledError):
            await task
        assert not psutil.pid_exists(pid)


async def test_the_engine_does_not_outlive_a_killed_pandu(tmp_path: Path) -> None:
    code = (
        "import asyncio, sys; from pathlib import Path; from bot.processes.engine import Supervisor\n"
        "async def healthy(): return True\n"
        "async def main():\n"
        "    s = Supervisor(sys.argv[2:], environment={}, folder=Path(sys.argv[1]),"
        " log_file=Path(sys.argv[1]) / 'engine.log', healthy=healthy)\n"
        "    task = asyncio.create_task(s.run()); await s.ready.wait(); print(s.pid, flush=True); await task\n"
        "asyncio.run(main())"
    )
    command = [sys.executable, "-c", code, str(tmp_path), sys.executable, str(DUMMY), "--port", str(free_port())]
    parent = await asyncio.create_subprocess_exec(*command, stdout=subprocess.PIPE)
    assert parent.stdout is not None
    engine = psutil.Process(int(await parent.stdout.readline()))

    async def runs() -> bool:
        return engine.cmdline()[1:2] == [str(DUMMY)]

    await until(runs)  # the tether has become the program
    parent.kill()
    await parent.wait()
    gone, _ = await asyncio.to_thread(psutil.wait_procs, [engine], 10)
    assert gone


def test_a_long_log_is_put_aside(tmp_path: Path) -> None:
    log = tmp_path / "engine.log"
    with log.open("ab") as writer:
        writer.write(b"x" * 100)
        writer.flush()
        rotate(log, limit=1000)
        assert log.stat().st_size == 100
        rotate(log, limit=50)
        writer.write(b"new")
    assert log.read_bytes() == b"new"
    assert (tmp_path / "engine.log.1").stat().st_size == 100
