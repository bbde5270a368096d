"""A tenth of the process's time for everybody who has not shown who they are, however many they are.

Applicants' messages come through webhooks and do not pass here. Who signs in, opens a link or tries a key waits until
there is time for strangers again: in turns by address block, so that one who calls a thousand times does not stand
before all others. Who was recognised once (an officer's session, an API key) passes from then on. What is done
for strangers uses database connections of its own (`bot.storage.database.guest`).

Files that everybody is given alike (style sheets, pictures) have a share of their own, so that the page for signing in
does not wait for them behind a flood of sign-ins, nor the other way round. So has an officer's browser, known by its
cookie: strangers do not keep it waiting, wherever they are.

What carries messages is signed. An address block whose last such calls were refused, and that brought nothing right for
a day, is a stranger's as well, with the smallest share: forged webhooks cost their form and their signature, too.
"""

from __future__ import annotations

import asyncio
import hashlib
import re
import time
from collections import OrderedDict
from collections.abc import Callable, Coroutine, Generator, Mapping
from typing import Any

from starlette.requests import cookie_parser
from starlette.responses import PlainTextResponse
from starlette.types import ASGIApp, Message, Receive, Scope, Send

from bot.callers import RECOGNISE, address_block
from bot.refusals import refuse
from bot.storage.database import guest
from bot.waiting import Line

SHARE = 0.1  # of the process's time
FILES, BROWSERS, WEBHOOKS = 0.2, 0.2, 0.1  # of this share: files, known browsers, where webhooks are forged
BURST = 0.1  # seconds of it that may be used at once, after a calm; as much for each part
AROUND = 0.0002  # seconds of each call that the server itself takes, before and after what is measured
PER_BLOCK, ALTOGETHER = 256, 1024  # who may wait: holding a call costs less than refusing it, which is asked again
PATIENCE = 20.0  # seconds
FORGED, RIGHT = 600.0, 86_400.0  # seconds for which a block is remembered for a forged and for a right webhook
MOST_OWED = 0.3  # seconds that one call takes off the budget at most: the next one waits for some seconds, not minutes
FIRST_GUESS = 0.005  # seconds that a call takes, until some were measured
REMEMBERED, FORGOTTEN_AFTER = 10_000, 600.0  # callers that were recognised, and seconds until they are asked again
CROWDED = "Terlalu banyak permintaan. Tunggu sebentar, lalu coba lagi."


class Gate:
    """A part of the share: who may use it now, and who waits for it."""

    def __init__(self, part: float, timer: Callable[[], float], spent: Callable[[], float]) -> None:
        self.part = part
        self.timer, self.spent = timer, spent
        self.guess = FIRST_GUESS
        self.line = Line(ALTOGETHER, PER_BLOCK)
        self._left = BURST
        self._counted = timer()
        self._next: asyncio.TimerHandle | None = None

    async def admitted(self, block: str) -> bool:
        """Wait for one's turn. False where too many wait, or too long."""
        if not self.line and self._budget() > 0:
            self._left -= self.guess
            return True
        turn = self.line.join(block)
        if turn is None:
            return False
        self.wake()
        try:
            async with asyncio.timeout(PATIENCE):
                return await turn
        except TimeoutError:
            return False
        finally:
            self.line.leave(block, turn)

    def wake(self) -> None:
        """Let in whose turn it is, and come again when there is time for the next."""
        if self._next is not None:
            self._next.cancel()
            self._next = None
        while self.line and self._budget() > 0 and self.line.call():
            self._left -= self.guess
        if self.line:
            wait = max(0.001, -self._left / (SHARE * self.part))
            self._next = asyncio.get_running_loop().call_later(wait, self.wake)

    def _budget(self) -> float:
        now = self.timer()
        self._left = min(BURST, self._left + (now - self._counted) * SHARE * self.part)
        self._counted = now
        return self._left

    async def measured(self, work: Coroutine[Any, Any, None]) -> None:
        """Do it, and take from the budget what it really used of this thread, waiting not counted."""
        used = AROUND

        def add(seconds: float) -> None:
            nonlocal used
            used += seconds

        guess = self.guess
        try:
            await _Metered(work, self.spent, add)
        finally:
            self._left -= min(used, MOST_OWED) - guess
            self.guess += (min(used, MOST_OWED) - self.guess) / 20


class Doorway:
    """ASGI middleware. `past`: a pattern of paths that do not pass here; `cookie`: by which somebody is recognised;
    `timer` tells the time, `spent` the processor time of this thread (what others do on the machine is no stranger's);
    `signed`: a pattern of those paths whose callers sign what they send, so that a refusal says something of them;
    `files`: a pattern of paths of files that are the same for everybody; `browser`: the number of a known browser, by
    the cookies that are shown, "" for any other."""

    def __init__(
        self,
        app: ASGIApp,
        past: str,
        cookie: str,
        timer: Callable[[], float] = time.perf_counter,
        spent: Callable[[], float] = time.thread_time,
        signed: str = r"/webhooks/",
        files: str = r"(?!)",
        browser: Callable[[Mapping[str, str]], str] = lambda _: "",
    ) -> None:
        self.app = app
        self.past, self.signed, self.files = re.compile(past), re.compile(signed), re.compile(files)
        self.cookie = cookie.encode() + b"="
        self.timer = timer
        self.browser = browser
        self.calls, self.pictures = Gate(1 - FILES - BROWSERS - WEBHOOKS, timer, spent), Gate(FILES, timer, spent)
        self.browsers, self.forgers = Gate(BROWSERS, timer, spent), Gate(WEBHOOKS, timer, spent)
        self._recognised: OrderedDict[bytes, float] = OrderedDict()
        self._forged: OrderedDict[str, float] = OrderedDict()
        self._right: OrderedDict[str, float] = OrderedDict()

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        if scope["type"] != "http":
            await self.app(scope, receive, send)
            return
        block = address_block(scope["client"][0] if scope.get("client") else "")
        if self.signed.match(scope["path"]):
            send = self._noting(block, send)
        forged = self.signed.match(scope["path"]) is not None and self._forges(block)
        if self.past.match(scope["path"]) and not forged:
            await self.app(scope, receive, send)
            return
        shown = _shown(scope, self.cookie)
        if shown is not None and self._recognised.get(shown, 0.0) > self.timer():
            await self.app(scope, receive, send)
            return
        known = "" if forged else self.browser(_cookies(scope))
        gate = self.pictures if self.files.match(scope["path"]) else self.calls
        gate = self.forgers if forged else self.browsers if known else gate
        if not await gate.admitted(known or block):
            refuse("web", "too many strangers")
            answer = PlainTextResponse(CROWDED, 429, {"Retry-After": "20", "Connection": "close"})
            await answer(scope, receive, send)
            return
        if shown is not None:
            scope[RECOGNISE] = lambda: self._recognise(shown)
        before = guest.set(True)
        try:
            await gate.measured(self.app(scope, receive, send))  # type: ignore[arg-type]  # it is a coroutine
        finally:
            guest.reset(before)

    def _recognise(self, shown: bytes) -> None:
        _remember(self._recognised, shown, self.timer() + FORGOTTEN_AFTER)

    def _forges(self, block: str) -> bool:
        now = self.timer()
        return self._forged.get(block, 0.0) > now and self._right.get(block, 0.0) <= now

    def _noting(self, block: str, send: Send) -> Send:
        """Remembers whether the block's webhook was refused or taken."""

        async def noted(message: Message) -> None:
            if message["type"] == "http.response.start":
                if message["status"] in _REFUSED:
                    _remember(self._forged, block, self.timer() + FORGED)
                elif message["status"] < 300:
                    _remember(self._right, block, self.timer() + RIGHT)
            await send(message)

        return noted


_REFUSED = (400, 403, 404, 405, 413)


def _remember[Key](known: OrderedDict[Key, float], key: Key, until: float) -> None:
    known[key] = until
    known.move_to_end(key)
    if len(known) > REMEMBERED:
        known.popitem(last=False)


def _shown(scope: Scope, cookie: bytes) -> bytes | None:
    """A hash of what a caller shows to be recognised by; None where there is nothing."""
    shown = [value for name, value in scope["headers"] if name == b"authorization"]
    cookies = b";".join(value for name, value in scope["headers"] if name == b"cookie")
    shown += [one for one in map(bytes.strip, cookies.split(b";")) if one.startswith(cookie)]
    return hashlib.sha256(b"\0".join(shown)).digest() if shown else None


def _cookies(scope: Scope) -> dict[str, str]:
    shown = b";".join(value for name, value in scope["headers"] if name == b"cookie")
    return cookie_parser(shown.decode("latin-1")) if shown else {}


class _Metered:
    """An awaitable that tells `add` the seconds of each step of a coroutine."""

    def __init__(self, work: Coroutine[Any, Any, None], spent: Callable[[], float], add: Callable[[float], None]):
        self.work, self.spent, self.add = work, spent, add

    def __await__(self) -> Generator[Any, Any, None]:
        thrown: BaseException | None = None
        while True:
            begin = self.spent()
            try:
                waits_for = self.work.send(None) if thrown is None else self.work.throw(thrown)
            except StopIteration:
                return
            finally:
                self.add(self.spent() - begin)
            thrown = None
            try:
                yield waits_for
            except BaseException as error:  # cancelled: the work is told, and may still clean up
                thrown = error
