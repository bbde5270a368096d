"""Passwords, slowly (argon2id), outside of transactions and never in the way of messages; one-time codes (TOTP).

One at a time, in a thread that gives way to all others: however many sign-ins come, an applicant's turn goes first.
"""

from __future__ import annotations

import asyncio
import hmac
import secrets
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import dataclass
from datetime import datetime

import pyotp
from argon2 import PasswordHasher
from argon2.exceptions import InvalidHashError, VerificationError

from bot.slowly import TooBusy, giving_way, outside
from bot.waiting import Line

SHORTEST, LONGEST = 10, 200
STEP = 30  # seconds that a TOTP code lasts
WAITING, WAITING_EACH = 60, 4  # for their turn: altogether, from one place; as many known browsers apart from them
AT_ONCE, PATIENCE = 2, 20.0  # whose tries are under way, of strangers and of known browsers; seconds that one waits

_hasher = PasswordHasher(parallelism=1)  # RFC 9106 (64 MiB, 3 passes), in one lane: it may not take every processor
_UNKNOWN = _hasher.hash(secrets.token_urlsafe(16))  # checked when there is no such user: as slow as a wrong password


_thread = giving_way("passwords")  # each check takes 64 MiB


class _Place:
    """Who may try now, and who waits for it."""

    def __init__(self) -> None:
        self.line = Line(WAITING, WAITING_EACH)
        self.under_way = 0

    def admit(self) -> None:
        while self.under_way < AT_ONCE and self.line.call():
            self.under_way += 1


_places = {False: _Place(), True: _Place()}  # by whether the browser is known


@dataclass(frozen=True, slots=True)
class Made:
    """A password, and what is kept of it."""

    password: str
    hash: str


def problem(password: str, username: str) -> str:
    """Why this cannot be a password, for the officer to read; "" when it can."""
    if len(password) < SHORTEST:
        return f"Kata sandi paling sedikit {SHORTEST} huruf atau angka."
    if len(password) > LONGEST:
        return f"Kata sandi paling banyak {LONGEST} huruf atau angka."
    if username.lower() in password.lower() or len(set(password)) < 5:
        return "Kata sandi terlalu mudah ditebak: pakai beberapa kata yang tidak berhubungan."
    return ""


async def make_password() -> Made:
    """A password for the first sign-in: to be read out and typed once."""
    password = "-".join(secrets.token_hex(2) for _ in range(4))
    return Made(password, await hashed(password))


@asynccontextmanager
async def place(where: str, *, known: bool) -> AsyncIterator[None]:
    """One's turn among those whose password is checked; `where`: where they come from, `known`: a browser that we know,
    which strangers do not keep waiting. Raises TooBusy."""
    here = _places[known]
    turn = here.line.join(where)
    if turn is None:
        raise TooBusy
    here.admit()
    try:
        try:
            async with asyncio.timeout(PATIENCE):
                called = await turn
        except TimeoutError:
            called = False
        if not called:
            raise TooBusy
        yield
    finally:
        here.line.leave(where, turn)
        if turn.done() and not turn.cancelled() and turn.result():
            here.under_way -= 1
            here.admit()


async def hashed(password: str) -> str:
    outside()
    return await asyncio.get_running_loop().run_in_executor(_thread, _hasher.hash, password)


async def is_right(password: str, password_hash: str | None) -> bool:
    """Whether the password fits; takes the same time when there is no hash to compare with."""
    outside()
    run = asyncio.get_running_loop().run_in_executor
    return await run(_thread, _verify, password[: LONGEST + 1], password_hash)


def is_outdated(password_hash: str) -> bool:
    return _hasher.check_needs_rehash(password_hash)


def _verify(password: str, password_hash: str | None) -> bool:
    try:
        return _hasher.verify(password_hash or _UNKNOWN, password) and password_hash is not None
    except (VerificationError, InvalidHashError):
        return False


def new_totp_secret() -> str:
    return pyotp.random_base32()


def is_totp_secret(secret: str) -> bool:
    """Whether a secret that came back from a page is one."""
    try:
        return 16 <= len(secret) <= 64 and bool(pyotp.TOTP(secret))
    except ValueError:
        return False


def totp_address(secret: str, username: str) -> str:
    """The otpauth:// address that an authenticator app reads as a QR code."""
    return pyotp.TOTP(secret).provisioning_uri(name=username, issuer_name="Pandu")


def totp_step(secret: str, code: str, now: datetime) -> int | None:
    """The time step that a code belongs to (now, one before or after); None for a wrong code."""
    code = "".join(code.split())
    totp = pyotp.TOTP(secret)
    current = int(now.timestamp()) // STEP
    for step in (current, current - 1, current + 1):
        if hmac.compare_digest(totp.at(step * STEP).encode(), code.encode()):
            return step
    return None
