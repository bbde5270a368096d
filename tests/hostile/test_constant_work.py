"""Guessing tells nothing by how long it takes: the same work is done whether or not something exists.

Work is counted, not timed, as times on a busy machine say nothing.
"""

from __future__ import annotations

import hashlib
from collections import Counter
from collections.abc import AsyncIterator
from contextlib import nullcontext
from datetime import timedelta
from typing import Any

import pytest
from sqlalchemy import event, text, update
from sqlalchemy.ext.asyncio import AsyncSession

from bot.applications import access
from bot.applications.models import ClaimCode
from bot.applications.numbers import new_claim_code, new_number
from bot.applications.service import NewApplication, Register, add
from bot.conversations.models import Conversation
from bot.officers import passwords, signing_in
from bot.officers.signing_in import Try
from bot.officers.tries import SignInError
from tests.applications.conftest import Clock, clock, register
from tests.helpers.claiming import claimed, code_on_paper
from tests.helpers.hiring import hire

__all__ = ["clock", "register"]


class Work:
    """What was done since the last `take`: SQL statements, slow hashes."""

    def __init__(self) -> None:
        self.done: Counter[str] = Counter()

    def take(self) -> Counter[str]:
        done, self.done = self.done, Counter()
        return done


@pytest.fixture
async def work(session: AsyncSession, monkeypatch: pytest.MonkeyPatch) -> AsyncIterator[Work]:
    work = Work()
    scrypt, verify = hashlib.scrypt, passwords._verify

    def counted_scrypt(*arguments: Any, **more: Any) -> bytes:
        work.done["scrypt"] += 1
        return scrypt(*arguments, **more)

    def counted_verify(*arguments: Any) -> bool:
        work.done["argon2"] += 1
        return verify(*arguments)

    def statement(_conn: Any, _cursor: Any, sql: str, *_: Any) -> None:
        work.done[" ".join(sql.split())[:60]] += 1

    monkeypatch.setattr(hashlib, "scrypt", counted_scrypt)
    monkeypatch.setattr(passwords, "_verify", counted_verify)
    engine = (await session.connection()).sync_engine
    event.listen(engine, "before_cursor_execute", statement)
    yield work
    event.remove(engine, "before_cursor_execute", statement)


async def conversation(session: AsyncSession, address: str) -> int:
    person = Conversation(channel="telegram", address=address)
    session.add(person)
    await session.flush()
    return person.id


async def test_claim_codes_unknown_used_and_expired(register: Register, clock: Clock, work: Work) -> None:
    session = register.session
    owner, guesser = await conversation(session, "1"), await conversation(session, "2")
    application = (await add(register, NewApplication("magetan-perluasan", reference="T/1"), "sari")).application
    used = await code_on_paper(register, application.id)
    assert (await claimed(register, owner, used)).outcome == "linked"
    expired = await code_on_paper(register, application.id)
    await session.execute(
        update(ClaimCode).where(ClaimCode.used_at.is_(None)).values(expires_at=clock() - timedelta(1))
    )
    work.take()
    seen = []
    for code in (new_claim_code(), used, expired):
        assert (await claimed(register, guesser, code)).outcome == "refused"
        seen.append(work.take())
    assert seen[0] == seen[1] == seen[2]
    assert seen[0]["scrypt"] == 1


async def test_application_numbers_unknown_and_foreign(register: Register, work: Work) -> None:
    guesser = await conversation(register.session, "3")
    application = (await add(register, NewApplication("magetan-perluasan", reference="T/2"), "sari")).application
    work.take()
    seen = []
    for number in (new_number(), application.number):
        assert (await access.look(register, guesser, number)).outcome == "refused"
        seen.append(work.take())
    assert seen[0] == seen[1]


async def test_sign_in_unknown_disabled_and_wrong(session: AsyncSession, clock: Clock, work: Work) -> None:
    active, gone = await hire(session, "aktif-sekali"), await hire(session, "sudah-pergi")
    await session.execute(text("update officers set disabled_at = now() where id = :id"), {"id": gone.id})
    await session.flush()
    work.take()
    seen = []
    for username in (active.username, gone.username, "tidak-ada"):
        with pytest.raises(SignInError, match="tidak cocok"):
            attempt = Try(username, "bukan-kata-sandinya", "10.0.0.1")
            await signing_in.sign_in(lambda: nullcontext(session), attempt, clock())
        await session.flush()
        seen.append(work.take())
    assert seen[0] == seen[1] == seen[2]
    assert seen[0]["argon2"] == 1
