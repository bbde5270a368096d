"""The keeper of the dialogue engine: starts it, watches it, starts it again.

The engine holds nothing that must survive (its memory of a conversation lies in PostgreSQL), so killing one that hangs
costs at most the turns it was working on, and those are jobs that are tried again.
"""

from __future__ import annotations

import asyncio
import os
import signal
import sys
import time
from collections.abc import Awaitable, Callable, Sequence
from contextlib import suppress
from dataclasses import dataclass
from pathlib import Path

import structlog

from bot.errors import CannotRun

log = structlog.get_logger()

# Started through this, a process is ended by the kernel when the one that started it dies, however that happens.
_TETHER = (
    "import ctypes, os, sys\n"
    "ctypes.CDLL(None).prctl(1, 15)\n"  # PR_SET_PDEATHSIG, SIGTERM
    "if os.getppid() != int(sys.argv[1]): sys.exit(1)\n"
    "os.execv(sys.argv[2], sys.argv[2:])\n"
)
LOG_BYTES = 10_000_000


@dataclass(frozen=True, slots=True)
class Timing:
    """Seconds, except `attempts`: starts in a row that may fail before the first success."""

    start: float = 120.0  # until the first good answer
    look: float = 0.1  # between two looks while starting
    watch: float = 3.0  # between two looks while running
    hang: float = 20.0  # without a good answer: killed
    stop: float = 2.5  # from SIGTERM to SIGKILL
    first_wait: float = 0.5  # before the first restart; doubled each time
    longest_wait: float = 30.0
    attempts: int = 2


class Supervisor:
    """Runs `command` until cancelled. `healthy` asks it whether it works; `ready` is set while it does."""

    def __init__(
        self,
        command: Sequence[str],
        *,
        environment: dict[str, str],
        folder: Path,
        log_file: Path,
        healthy: Callable[[], Awaitable[bool]],
        timing: Timing | None = None,
    ) -> None:
        self.command = list(command)
        self.environment = environment
        self.folder = folder
        self.log_file = log_file
        self.healthy = healthy
        self.timing = timing or Timing()
        self.ready = asyncio.Event()
        self.starts = 0
        self._process: asyncio.subprocess.Process | None = None

    @property
    def pid(self) -> int | None:
        return self._process.pid if self._process and self._process.returncode is None else None

    async def run(self) -> None:
        """Raises CannotRun when the engine never came up in `attempts` starts; a later fault is retried for ever."""
        failures = 0
        ever_ready = False
        try:
            while True:
                await self._launch()
                came_up = await self._until_ready()
                if came_up:
                    failures, ever_ready = 0, True
                    self.ready.set()
                    await self._until_sick()
                    self.ready.clear()
                code = await self._end()
                failures += 1
                if not ever_ready and failures >= self.timing.attempts:
                    raise CannotRun(
                        f"The dialogue engine does not start: {self._last_words()} (all of it: {self.log_file})"
                    )
                wait = min(self.timing.first_wait * 2 ** (failures - 1), self.timing.longest_wait)
                log.warning("engine ended, starting it again", code=code, wait=wait, starts=self.starts)
                await asyncio.sleep(wait)
        finally:
            self.ready.clear()
            await asyncio.shield(self._end())

    def kill(self) -> None:
        """End it at once."""
        if self._process is not None and self._process.returncode is None:
            self._process.kill()

    async def _launch(self) -> None:
        rotate(self.log_file)
        tethered = [sys.executable, "-S", "-E", "-c", _TETHER, str(os.getpid()), *self.command]
        with self.log_file.open("ab") as output:
            self._process = await asyncio.create_subprocess_exec(
                *tethered,
                stdin=asyncio.subprocess.DEVNULL,
                stdout=output,
                stderr=output,
                cwd=self.folder,
                env=self.environment,
                start_new_session=True,  # a Ctrl-C in the terminal is for us to handle
            )
        self.starts += 1

    async def _until_ready(self) -> bool:
        deadline = time.monotonic() + self.timing.start
        while time.monotonic() < deadline and self.pid is not None:
            if await self.healthy():
                return True
            await self._exited_within(self.timing.look)
        return False

    async def _until_sick(self) -> None:
        """Return when the process has ended, or has not answered well for `hang` seconds."""
        bad_since = 0.0  # of looks, not of clocks: while we ourselves were kept busy, nobody looked
        while not await self._exited_within(self.timing.watch):
            if await self.healthy():
                bad_since = 0.0
            elif not bad_since:
                bad_since = time.monotonic()
            elif time.monotonic() - bad_since > self.timing.hang:
                log.warning("engine does not answer", seconds=round(time.monotonic() - bad_since))
                return
            rotate(self.log_file)

    async def _exited_within(self, seconds: float) -> bool:
        if self._process is not None:
            with suppress(TimeoutError):
                await asyncio.wait_for(self._process.wait(), seconds)
        return self.pid is None

    async def _end(self) -> int | None:
        if self._process is None:
            return None
        if self._process.returncode is None:
            with suppress(ProcessLookupError):
                self._process.send_signal(signal.SIGTERM)
            if not await self._exited_within(self.timing.stop):
                with suppress(ProcessLookupError):
                    self._process.kill()
                await self._process.wait()
        return self._process.returncode

    def _last_words(self) -> str:
        with suppress(OSError):
            lines = self.log_file.read_bytes()[-8000:].decode(errors="replace").splitlines()
            said = [line.strip() for line in lines if line.strip()]
            if said:
                return said[-1][:300].rstrip(".")
        return "it gives no reason"


def rotate(path: Path, limit: int = LOG_BYTES) -> None:
    """Keep one older log file beside a long one. The writer appends, so it goes on at the file's new beginning."""
    with suppress(OSError):
        if path.stat().st_size > limit:
            path.with_suffix(".log.1").write_bytes(path.read_bytes())
            os.truncate(path, 0)
