"""A line wherever something takes longer than three seconds: which step it is, and about how long it still takes.

On a terminal one line is renewed every second; elsewhere a step that takes long is one line, said once. This file needs
nothing but a Python: scripts/bootstrap runs it before anything is installed (`bot/progress.py K N NAME SECONDS`).
"""

from __future__ import annotations

import os
import signal
import sys
import threading
import time
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from typing import TextIO

PATIENCE = 3.0
"""Seconds that are nobody's business: what is over by then is not told."""
LOOK = 1.0
"""Seconds between two looks."""
_AGAIN = "\r\x1b[K"  # to the beginning of the line, and what stands there is gone


class Progress:
    """The steps of one piece of work, by name with the seconds each typically takes (two cores).

    Steps may run side by side: told is the one that began first; what is left counts it and those not begun. All
    methods may be called from any thread.
    """

    def __init__(
        self, steps: Mapping[str, float], out: TextIO | None = None, clock: Callable[[], float] = time.monotonic
    ) -> None:
        self._typical = dict(steps)
        self._out = out
        self._clock = clock
        self._begun: dict[str, float] = {}
        self._over: set[str] = set()
        self._told: set[str] = set()
        self._drawn = False
        self._lock = threading.RLock()
        self._ticking: threading.Thread | None = None

    @contextmanager
    def step(self, name: str) -> Iterator[None]:
        """A step, from here to the end of the block. Where that fails, everything is over."""
        self.begin(name)
        try:
            yield
        except BaseException:
            self.stop()
            raise
        self.end(name)

    def begin(self, name: str) -> None:
        """A step begins; one that was not foreseen counts with the others from now on."""
        with self._lock:
            self._typical.setdefault(name, 0.0)
            self._begun.setdefault(name, self._clock())
            if self._ticking is None and self._out is not None:
                self._ticking = threading.Thread(target=self._tick, name="progress", daemon=True)
                self._ticking.start()

    def more(self, name: str, seconds: float) -> None:
        """It turns out that a step takes so many seconds more."""
        with self._lock:
            self._typical[name] = self._typical.get(name, 0.0) + seconds

    def skip(self, name: str) -> None:
        """A step that is not needed this time."""
        with self._lock:
            self._typical.pop(name, None)

    def end(self, name: str) -> None:
        """A step is over."""
        with self._lock:
            self._over.add(name)
            self._wipe()
            if name in self._told:
                self._write(f"  {name}: done in {self._clock() - self._begun[name]:.0f} s\n")

    def stop(self) -> None:
        """Nothing goes on any more; no line stays half-told."""
        with self._lock:
            self._over.update(self._begun)
            self._wipe()

    def say(self, line: str) -> None:
        """Something else to read, on a line of its own."""
        with self._lock:
            self._wipe()
            self._write(f"{line}\n")

    def look(self) -> bool:
        """Tell what has taken long, and renew the line; whether anything runs. Called every second."""
        with self._lock:
            running = [name for name in self._begun if name not in self._over]
            late = [name for name in running if self._clock() - self._begun[name] >= PATIENCE]
            if late and self._terminal():
                self._told.add(late[0])
                self._write(f"{_AGAIN}  {self.line(late[0])}"[: self._width()])
                self._drawn = True
            elif late and late[0] not in self._told:
                self._told.add(late[0])
                self._write(f"  {self.line(late[0])}\n")
            return bool(running)

    def line(self, name: str) -> str:
        """The line about a running step."""
        for_it = self._clock() - self._begun[name]
        to_come = sum(seconds for other, seconds in self._typical.items() if other not in self._begun)
        left = max(self._typical[name] - for_it, 0.0) + to_come
        rest = f"about {left:.0f} s left" if left >= 1 else "longer than usual"
        which = min(len(self._over) + 1, len(self._typical))
        return f"[{which}/{len(self._typical)}] {name}: {for_it:.0f} s, {rest}"

    def _tick(self) -> None:
        while True:
            time.sleep(LOOK)
            with self._lock:
                if not self.look():
                    self._ticking = None
                    return

    def _terminal(self) -> bool:
        return self._out is not None and self._out.isatty() and os.environ.get("TERM", "") != "dumb"

    def _width(self) -> int:
        try:
            return os.get_terminal_size(self._out.fileno() if self._out else 1).columns + len(_AGAIN) - 1
        except (OSError, ValueError):
            return 80

    def _wipe(self) -> None:
        if self._drawn:
            self._write(_AGAIN)
            self._drawn = False

    def _write(self, text: str) -> None:
        if self._out is not None:
            self._out.write(text)
            self._out.flush()


def main(step: int, of: int, name: str, seconds: float) -> None:
    """Tell of one of several steps that another program does, until that program (our parent) ends, or ends us."""
    parent = os.getppid()
    earlier = [f"step {number}" for number in range(1, step)]
    later = [f"step {number}" for number in range(step + 1, of + 1)]
    progress = Progress({**dict.fromkeys(earlier, 0.0), name: seconds, **dict.fromkeys(later, 0.0)}, sys.stderr)
    for one in earlier:
        with progress.step(one):
            pass
    ended = threading.Event()
    signal.signal(signal.SIGTERM, lambda *_: ended.set())
    progress.begin(name)
    while os.getppid() == parent and not ended.wait(LOOK):
        pass
    progress.stop()


if __name__ == "__main__":
    main(int(sys.argv[1]), int(sys.argv[2]), sys.argv[3], float(sys.argv[4]))
