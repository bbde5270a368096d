"""Claim codes and their hashes, which are slow on purpose: made outside of transactions, and counted by who asks."""

from __future__ import annotations

import hashlib
from dataclasses import dataclass

from bot.applications.errors import Busy
from bot.applications.numbers import new_claim_code
from bot.slowly import Slow

AN_HOUR = 20  # hashes for one conversation
_slow = Slow("claim codes", most=60, each=4)


@dataclass(frozen=True, slots=True)
class Made:
    """A new code, and what is kept of it."""

    code: str
    hash: str


async def hashed(code: str, conversation_id: int) -> str:
    """For a code that was said in a conversation. Raises TooBusy."""
    return await _slow.run(f"conversation:{conversation_id}", _hash, code, an_hour=AN_HOUR)


async def made_in(conversation_id: int) -> Made:
    """A new one for a conversation that asks. Raises TooBusy."""
    code = new_claim_code()
    return Made(code, await hashed(code, conversation_id))


async def made(who: str, count: int = 1) -> list[Made]:
    """New ones for the office, one after the other. Raises TooBusy."""
    codes = [new_claim_code() for _ in range(count)]
    return [Made(code, await _slow.run(who, _hash, code)) for code in codes]


def there[T](made: T | None) -> T:
    """What was made beside the transaction. Raises Busy where nothing could be."""
    if made is None:
        raise Busy
    return made


def _hash(code: str) -> str:
    """Slow, as a code has only 51 bits; with a fixed salt, because the code alone must find its row."""
    return hashlib.scrypt(code.encode(), salt=b"pandu claim code", n=2**14, r=8, p=1, dklen=32).hex()
