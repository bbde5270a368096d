"""Tries at passwords and codes: each is written down before it is made, so that a hundred at once are counted, too.

A try that was right is taken back. Whoever signed in with a browser before is told apart from strangers
(bot/officers/browsers.py): strangers who guess at an officer's password do not lock the officer out.
"""

from __future__ import annotations

import hashlib
from collections.abc import Callable, Sequence
from contextlib import AbstractAsyncContextManager
from dataclasses import dataclass
from datetime import datetime, timedelta

from sqlalchemy import delete, func, select, text
from sqlalchemy.ext.asyncio import AsyncSession

from bot.callers import address_block
from bot.officers.models import SignInFailure

PAUSE = timedelta(minutes=15)
PER_USER = 5  # wrong tries within PAUSE: of one user in one browser or from one place, at a code, inside a session
PER_USER_ANYWHERE = 20  # by strangers, wherever they are
PER_PLACE = 30  # from one address block, at any users

Sessions = Callable[[], AbstractAsyncContextManager[AsyncSession]]
"""Opens a transaction that is committed at its end (`Desk.session`)."""


class SignInError(Exception):
    """Why somebody is not signed in, in Indonesian."""


class TooManyTries(SignInError):
    """Wrong too often; nothing is compared any more until the pause is over."""

    def __init__(self, said: str = "") -> None:
        minutes = PAUSE // timedelta(minutes=1)
        super().__init__(said or f"Terlalu banyak percobaan. Tunggu {minutes} menit, lalu coba lagi.")


@dataclass(frozen=True, slots=True)
class Limit:
    """At most `most` tries of `who` within PAUSE."""

    who: str
    most: int


def at_the_door(username: str, address: str, device: str) -> list[Limit]:
    """The first one is the user's own: it ends when the user gets in."""
    if device:
        return [Limit(_trace("device", f"{username} {device}"), PER_USER)]
    block = address_block(address)
    return [
        Limit(_trace("user", f"{username} {block}"), PER_USER),
        Limit(_trace("user", username), PER_USER_ANYWHERE),
        Limit(_trace("address", block), PER_PLACE),
    ]


def at_the_code(username: str) -> list[Limit]:
    return [Limit(_trace("code", username), PER_USER)]


def inside(officer_id: int) -> list[Limit]:
    """Of somebody who is signed in and says the password again."""
    return [Limit(_trace("inside", str(officer_id)), PER_USER)]


async def take(session: AsyncSession, limits: Sequence[Limit], now: datetime) -> list[int]:
    """Count a try as a wrong one. Returns what `give_back` wants. Raises TooManyTries: then it may not be made.

    Those at the same limit come one after the other until the transaction ends: keep it short.
    """
    for who in sorted(limit.who for limit in limits):
        await session.execute(text("select pg_advisory_xact_lock(hashtextextended(:who, 0))"), {"who": who})
    query = (
        select(SignInFailure.who, func.count())
        .where(SignInFailure.who.in_([limit.who for limit in limits]), SignInFailure.at > now - PAUSE)
        .group_by(SignInFailure.who)
    )
    counted = dict((await session.execute(query)).all())
    if any(counted.get(limit.who, 0) >= limit.most for limit in limits):
        raise TooManyTries
    await session.execute(delete(SignInFailure).where(SignInFailure.at < now - 4 * PAUSE))
    rows = [SignInFailure(who=limit.who, at=now) for limit in limits]
    session.add_all(rows)
    await session.flush()
    return [row.id for row in rows]


async def give_back(session: AsyncSession, limits: Sequence[Limit], taken: Sequence[int]) -> None:
    """It was right: the try did not count, and those before at the user's own limit no longer do."""
    mine = SignInFailure.who == limits[0].who
    await session.execute(delete(SignInFailure).where(mine | SignInFailure.id.in_(taken)))


def _trace(kind: str, value: str) -> str:
    return kind + ":" + hashlib.sha256(value.encode()).hexdigest()[:32]
