"""Passwords, slowly (argon2id) and never on the event loop; one-time codes (TOTP, RFC 6238)."""

from __future__ import annotations

import asyncio
import hmac
import secrets
from datetime import datetime

import pyotp
from argon2 import PasswordHasher
from argon2.exceptions import InvalidHashError, VerificationError

SHORTEST, LONGEST = 10, 200
STEP = 30  # seconds that a TOTP code lasts

_hasher = PasswordHasher()  # the library's defaults follow RFC 9106 (64 MiB, 3 passes)
_UNKNOWN = _hasher.hash(secrets.token_urlsafe(16))  # checked when there is no such user: as slow as a wrong password
_few = asyncio.Semaphore(2)  # each check takes 64 MiB


def problem(password: str, username: str) -> str:
    """Why this cannot be a password, for the officer to read; "" when it can."""
    if len(password) < SHORTEST:
        return f"Kata sandi paling sedikit {SHORTEST} huruf atau angka."
    if len(password) > LONGEST:
        return f"Kata sandi paling banyak {LONGEST} huruf atau angka."
    if username.lower() in password.lower() or len(set(password)) < 5:
        return "Kata sandi terlalu mudah ditebak: pakai beberapa kata yang tidak berhubungan."
    return ""


def make_password() -> str:
    """A password for the first sign-in: to be read out and typed once."""
    return "-".join(secrets.token_hex(2) for _ in range(4))


async def hashed(password: str) -> str:
    async with _few:
        return await asyncio.to_thread(_hasher.hash, password)


async def is_right(password: str, password_hash: str | None) -> bool:
    """Whether the password fits; takes the same time when there is no hash to compare with."""
    async with _few:
        return await asyncio.to_thread(_verify, password[: LONGEST + 1], password_hash)


def is_outdated(password_hash: str) -> bool:
    return _hasher.check_needs_rehash(password_hash)


def _verify(password: str, password_hash: str | None) -> bool:
    try:
        return _hasher.verify(password_hash or _UNKNOWN, password) and password_hash is not None
    except (VerificationError, InvalidHashError):
        return False


def new_totp_secret() -> str:
    return pyotp.random_base32()


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
