"""Signing in and staying signed in. Sessions live in the database and can be ended there."""

from __future__ import annotations

import hashlib
import secrets
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta

from sqlalchemy import delete, func, select, update
from sqlalchemy.ext.asyncio import AsyncSession
from sqlalchemy.sql import ColumnElement

from bot.audit.service import note
from bot.officers import passwords
from bot.officers.models import ROLES, Officer, OfficerSession, Role, SignInFailure

LASTS = timedelta(hours=12)
IDLE = timedelta(hours=2)
FOR_THE_CODE = timedelta(minutes=5)
PAUSE = timedelta(minutes=15)
PER_USER, PER_ADDRESS = 5, 30  # wrong tries within PAUSE
_SEEN_EVERY = timedelta(minutes=1)  # how often the time of the last request is written

WRONG = "Nama pengguna atau kata sandi tidak cocok."


class SignInError(Exception):
    """Why somebody is not signed in, in Indonesian."""


class TooManyTries(SignInError):
    """Wrong too often; nothing is compared any more until the pause is over."""


@dataclass(frozen=True, slots=True)
class Signed:
    """Who is signed in, and with which session."""

    officer: Officer
    session: OfficerSession

    @property
    def actor(self) -> str:
        return f"officer:{self.officer.id}"

    def may(self, role: Role) -> bool:
        """Whether the officer's role is `role` or more."""
        return ROLES.index(self.officer.role) >= ROLES.index(role)


@dataclass(frozen=True, slots=True)
class Try:
    """What came with a sign-in. `address` is the client's IP address."""

    username: str
    password: str
    address: str
    browser: str = ""


async def sign_in(session: AsyncSession, given: Try, now: datetime) -> tuple[str, bool]:
    """Returns the token for the cookie and whether a one-time code is still needed. Raises SignInError.

    A failure is written down in the caller's transaction, which therefore has to be committed.
    """
    username = given.username.strip().lower()[:80]
    traces = [_trace("user", username), _trace("address", given.address)]
    await _not_too_often(session, traces, now)
    query = select(Officer).where(Officer.username == username, Officer.disabled_at.is_(None))
    officer = (await session.execute(query)).scalar_one_or_none()
    if not await passwords.is_right(given.password, officer.password_hash if officer else None) or officer is None:
        await _failed(session, traces, now)
        await note(session, "system", "officer.refused", "officer", officer.id if officer else None, why="password")
        raise SignInError(WRONG)
    if passwords.is_outdated(officer.password_hash):
        officer.password_hash = await passwords.hashed(given.password)
    needs_code = officer.totp_secret is not None
    token = secrets.token_urlsafe(32)
    session.add(
        OfficerSession(
            token_hash=_hash(token),
            officer_id=officer.id,
            confirmed=not needs_code,
            browser=given.browser[:200],
            created_at=now,
            seen_at=now,
            expires_at=now + (FOR_THE_CODE if needs_code else LASTS),
        )
    )
    if not needs_code:
        await _welcome(session, officer, traces[0], now)
    return token, needs_code


async def confirm(session: AsyncSession, token: str, code: str, now: datetime) -> str:
    """The second step. Returns a new token (the one before the code is worthless then). Raises SignInError."""
    found = await _found(session, token, now, confirmed=False)
    if found is None:
        raise SignInError("Waktu untuk kode sudah habis. Silakan masuk lagi.")
    officer, opened = found.officer, found.session
    trace = _trace("user", officer.username)
    await _not_too_often(session, [trace], now)
    step = passwords.totp_step(officer.totp_secret or "", code, now) if officer.totp_secret else None
    used = select(Officer.totp_last_step).where(Officer.id == officer.id).with_for_update()
    last = (await session.execute(used)).scalar_one_or_none()
    if step is None or (last is not None and step <= last):
        await _failed(session, [trace], now)
        await note(session, "system", "officer.refused", "officer", officer.id, why="code")
        raise SignInError("Kode tidak cocok atau sudah dipakai. Tunggu kode berikutnya di ponsel Anda.")
    officer.totp_last_step = step
    renewed = secrets.token_urlsafe(32)
    opened.token_hash, opened.confirmed, opened.expires_at = _hash(renewed), True, now + LASTS
    await _welcome(session, officer, trace, now)
    return renewed


async def by_token(session: AsyncSession, token: str, now: datetime) -> Signed | None:
    """Who holds this token; None when it is unknown, ended, idle for too long or not yet confirmed."""
    found = await _found(session, token, now, confirmed=True)
    if found is not None and now - found.session.seen_at > _SEEN_EVERY:
        found.session.seen_at = found.officer.last_seen_at = now
    return found


async def waits_for_code(session: AsyncSession, token: str, now: datetime) -> bool:
    return await _found(session, token, now, confirmed=False) is not None


async def sign_out(session: AsyncSession, signed: Signed) -> None:
    await session.execute(
        update(OfficerSession).where(OfficerSession.id == signed.session.id).values(revoked_at=func.now())
    )
    await note(session, signed.actor, "officer.signed-out", "officer", signed.officer.id)


async def open_sessions(session: AsyncSession, officer_id: int, now: datetime) -> Sequence[OfficerSession]:
    query = select(OfficerSession).where(OfficerSession.officer_id == officer_id, *_alive(now, confirmed=True))
    return (await session.scalars(query.order_by(OfficerSession.seen_at.desc()))).all()


async def _found(session: AsyncSession, token: str, now: datetime, *, confirmed: bool) -> Signed | None:
    if not token or len(token) > 100:
        return None
    query = (
        select(Officer, OfficerSession)
        .join(OfficerSession, OfficerSession.officer_id == Officer.id)
        .where(OfficerSession.token_hash == _hash(token), Officer.disabled_at.is_(None))
        .where(*_alive(now, confirmed=confirmed))
    )
    row = (await session.execute(query)).one_or_none()
    return Signed(row[0], row[1]) if row else None


def _alive(now: datetime, *, confirmed: bool) -> tuple[ColumnElement[bool], ...]:
    return (
        OfficerSession.confirmed.is_(confirmed),
        OfficerSession.revoked_at.is_(None),
        OfficerSession.expires_at > now,
        OfficerSession.seen_at > now - IDLE,
    )


async def _welcome(session: AsyncSession, officer: Officer, trace: str, now: datetime) -> None:
    officer.last_seen_at = now
    await session.execute(delete(SignInFailure).where(SignInFailure.who == trace))
    await note(session, f"officer:{officer.id}", "officer.signed-in", "officer", officer.id)


async def _not_too_often(session: AsyncSession, traces: list[str], now: datetime) -> None:
    query = (
        select(SignInFailure.who, func.count())
        .where(SignInFailure.who.in_(traces), SignInFailure.at > now - PAUSE)
        .group_by(SignInFailure.who)
    )
    for who, count in (await session.execute(query)).all():
        if count >= (PER_USER if who == traces[0] else PER_ADDRESS):
            minutes = int(PAUSE.total_seconds() // 60)
            raise TooManyTries(f"Terlalu banyak percobaan. Tunggu {minutes} menit, lalu coba lagi.")


async def _failed(session: AsyncSession, traces: list[str], now: datetime) -> None:
    session.add_all(SignInFailure(who=trace, at=now) for trace in traces)
    await session.execute(delete(SignInFailure).where(SignInFailure.at < now - 4 * PAUSE))


def _trace(kind: str, value: str) -> str:
    return kind + ":" + hashlib.sha256(value.encode()).hexdigest()[:32]


def _hash(token: str) -> str:
    return hashlib.sha256(token.encode()).hexdigest()
