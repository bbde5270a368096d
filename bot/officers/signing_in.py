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
from bot.callers import address_block
from bot.conversations.walls import Sight
from bot.officers import passwords
from bot.officers.browsers import accounts, cookie_of, new_browser, number_of
from bot.officers.models import ROLES, Officer, OfficerSession, PushSubscription, Role
from bot.officers.tries import (
    Sessions,
    SignInError,
    TooManyTries,
    at_the_code,
    at_the_door,
    give_back,
    take,
)
from bot.slowly import TooBusy

LASTS = timedelta(hours=12)
IDLE = timedelta(hours=2)
FOR_THE_CODE = timedelta(minutes=5)
_SEEN_EVERY = timedelta(minutes=1)  # how often the time of the last request is written

WRONG = "Nama pengguna atau kata sandi tidak cocok."
BUSY = "Sedang banyak yang masuk. Tunggu sebentar, lalu coba lagi."


@dataclass(frozen=True, slots=True)
class Signed:
    """Who is signed in, and with which session."""

    officer: Officer
    session: OfficerSession

    @property
    def actor(self) -> str:
        return f"officer:{self.officer.id}"

    @property
    def sight(self) -> Sight:
        """Which offices' people this person sees."""
        return self.officer.sight

    def may(self, role: Role) -> bool:
        """Whether the officer's role is `role` or more."""
        return ROLES.index(self.officer.role) >= ROLES.index(role)


@dataclass(frozen=True, slots=True)
class Try:
    """What came with a sign-in. `address` is the client's IP address, `device` the cookie of a known browser."""

    username: str
    password: str
    address: str
    browser: str = ""
    device: str = ""


@dataclass(frozen=True, slots=True)
class Entered:
    """`token` for the session's cookie; `device` for the browser's, "" while a one-time code is still needed."""

    token: str
    username: str
    device: str = ""

    @property
    def needs_code(self) -> bool:
        return not self.device


async def sign_in(sessions: Sessions, given: Try, now: datetime) -> Entered:
    """Raises SignInError. The try is counted before the password is looked at, which no transaction waits for."""
    username = given.username.strip().lower()[:80]
    query = select(Officer).where(Officer.username == username, Officer.disabled_at.is_(None))
    try:
        browser = accounts.browser({cookie_of(username): given.device})
        async with passwords.place(browser or address_block(given.address), known=bool(browser)):
            async with sessions() as session:
                officer = (await session.execute(query)).scalar_one_or_none()
                limits = at_the_door(username, given.address, number_of(officer, given.device))
                taken = await take(session, limits, now)
            right = await passwords.is_right(given.password, officer.password_hash if officer else None)
            renewed = await _renewed(officer, given.password) if right and officer else ""
    except TooBusy:
        raise TooManyTries(BUSY) from None
    if not right or officer is None:
        async with sessions() as session:
            await note(session, "system", "officer.refused", "officer", officer.id if officer else None, why="password")
        raise SignInError(WRONG)
    async with sessions() as session:
        same = query.where(Officer.password_hash == officer.password_hash).with_for_update()
        entering = (await session.execute(same)).scalar_one_or_none()
        if entering is None:  # changed or disabled meanwhile
            raise SignInError(WRONG)
        entering.password_hash = renewed or entering.password_hash
        await give_back(session, limits, taken)
        return await _enter(session, entering, given.browser, now)


async def confirm(sessions: Sessions, token: str, code: str, now: datetime) -> Entered:
    """The second step, with a new token (the one before the code is worthless then). Raises SignInError."""
    async with sessions() as session:
        found = await _found(session, token, now, confirmed=False)
        if found is None:
            raise SignInError("Waktu untuk kode sudah habis. Silakan masuk lagi.")
        officer, opened = found.officer, found.session
        limits = at_the_code(officer.username)
        taken = await take(session, limits, now)
        step = passwords.totp_step(officer.totp_secret or "", code, now) if officer.totp_secret else None
        used = select(Officer.totp_last_step).where(Officer.id == officer.id).with_for_update()
        last = (await session.execute(used)).scalar_one_or_none()
        if step is not None and (last is None or step > last):
            officer.totp_last_step = step
            renewed = secrets.token_urlsafe(32)
            opened.token_hash, opened.confirmed, opened.expires_at = _hash(renewed), True, now + LASTS
            await give_back(session, limits, taken)
            await _welcome(session, officer, now)
            return Entered(renewed, officer.username, new_browser(officer))
        await note(session, "system", "officer.refused", "officer", officer.id, why="code")
    raise SignInError("Kode tidak cocok atau sudah dipakai. Tunggu kode berikutnya di ponsel Anda.")


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
    await session.execute(delete(PushSubscription).where(PushSubscription.session_id == signed.session.id))
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


async def _renewed(officer: Officer, password: str) -> str:
    """The same password's hash as it is made today; "" where it is made so already."""
    return await passwords.hashed(password) if passwords.is_outdated(officer.password_hash) else ""


async def _enter(session: AsyncSession, officer: Officer, browser: str, now: datetime) -> Entered:
    needs_code = officer.totp_secret is not None
    token = secrets.token_urlsafe(32)
    session.add(
        OfficerSession(
            token_hash=_hash(token),
            officer_id=officer.id,
            confirmed=not needs_code,
            browser=browser[:200],
            created_at=now,
            seen_at=now,
            expires_at=now + (FOR_THE_CODE if needs_code else LASTS),
        )
    )
    if needs_code:
        return Entered(token, officer.username)
    await _welcome(session, officer, now)
    return Entered(token, officer.username, new_browser(officer))


async def _welcome(session: AsyncSession, officer: Officer, now: datetime) -> None:
    officer.last_seen_at = now
    accounts.heard_of(officer)
    await note(session, f"officer:{officer.id}", "officer.signed-in", "officer", officer.id)


def _hash(token: str) -> str:
    return hashlib.sha256(token.encode()).hexdigest()
