"""Officers for tests, with a password that needs no change and a quick hash: nobody's password to protect."""

from __future__ import annotations

from argon2 import PasswordHasher
from sqlalchemy.ext.asyncio import AsyncSession

from bot.officers import service
from bot.officers.models import Officer
from bot.officers.passwords import Made

PASSWORD = "jalan-kudus-hujan-sore"
_quick = PasswordHasher(time_cost=1, memory_cost=8, parallelism=1)


def made(password: str) -> Made:
    return Made(password, _quick.hash(password))


async def hire(
    session: AsyncSession, username: str, name: str = "Sari Contoh", role: str = "officer", password: str = PASSWORD
) -> Officer:
    officer = await service.add(session, username, name, role, "system", made(password))
    await service.set_password(session, officer, officer.password_hash)
    return officer
