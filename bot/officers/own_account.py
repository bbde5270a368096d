"""Officers' own accounts: the password is asked for again, and cannot be guessed at there."""

from __future__ import annotations

from datetime import datetime

from bot.audit.service import note
from bot.officers import passwords
from bot.officers.models import Officer
from bot.officers.service import OfficerError, by_id, set_password
from bot.officers.signing_in import BUSY, Signed
from bot.officers.tries import Sessions, TooManyTries, give_back, inside, take
from bot.slowly import TooBusy


async def change_password(sessions: Sessions, signed: Signed, old: str, new: str, now: datetime) -> None:
    """Ends the officer's other sessions. Raises OfficerError, TooManyTries."""
    proved = await _prove(sessions, signed, old, now, "Kata sandi lama tidak cocok.")
    if old == new:
        raise OfficerError("Kata sandi baru harus berbeda dari yang lama.")
    if wrong := passwords.problem(new, proved.username):
        raise OfficerError(wrong)
    chosen = await passwords.hashed(new)
    async with sessions() as session:
        await set_password(session, await by_id(session, proved.id), chosen, signed.session.id)


async def turn_totp_on(
    sessions: Sessions, signed: Signed, secret: str, code: str, password: str, now: datetime
) -> None:
    """Once a code proves that the app has the secret. Raises OfficerError, TooManyTries."""
    proved = await _prove(sessions, signed, password, now)
    step = passwords.totp_step(secret, code, now) if passwords.is_totp_secret(secret) else None
    if step is None:
        raise OfficerError("Kode tidak cocok. Periksa jam ponsel Anda, lalu coba kode berikutnya.")
    async with sessions() as session:
        officer = await by_id(session, proved.id)
        officer.totp_secret, officer.totp_last_step = secret, step
        await note(session, signed.actor, "officer.totp-on", "officer", officer.id)


async def turn_totp_off(sessions: Sessions, signed: Signed, password: str, now: datetime) -> None:
    """Raises OfficerError, TooManyTries."""
    proved = await _prove(sessions, signed, password, now)
    async with sessions() as session:
        officer = await by_id(session, proved.id)
        officer.totp_secret = officer.totp_last_step = None
        await note(session, signed.actor, "officer.totp-off", "officer", officer.id)


async def _prove(
    sessions: Sessions, signed: Signed, password: str, now: datetime, wrong: str = "Kata sandi tidak cocok."
) -> Officer:
    """The account, when this is its password."""
    limits = inside(signed.officer.id)
    try:
        async with passwords.place(signed.actor, known=True):
            async with sessions() as session:
                taken = await take(session, limits, now)
                officer = await by_id(session, signed.officer.id)
            right = await passwords.is_right(password, officer.password_hash)
    except TooBusy:
        raise TooManyTries(BUSY) from None
    async with sessions() as session:
        if right:
            await give_back(session, limits, taken)
        else:
            await note(session, signed.actor, "officer.refused", "officer", officer.id, why="inside")
    if not right:
        raise OfficerError(wrong)
    return officer
