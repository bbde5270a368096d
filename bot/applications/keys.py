"""Keys of other systems. A key is shown once; only its hash is kept (a quick one: the key is long and random)."""

from __future__ import annotations

import hashlib
import secrets
from collections.abc import Sequence
from datetime import timedelta

from sqlalchemy import select, update
from sqlalchemy.dialects.postgresql import insert

from bot.applications.errors import Conflict, NotFound
from bot.applications.models import ApiKey
from bot.applications.service import Register

PREFIX = "pdk_"
_USED_EVERY = timedelta(minutes=1)  # how often the time of the last use is written


async def make(register: Register, name: str, office: str = "") -> str:
    """A new key; this is the only time that it can be read. Raises Conflict for a name in use, NotFound."""
    if office and office not in register.knowledge.offices:
        known = ", ".join(sorted(register.knowledge.offices))
        raise NotFound(f"there is no office {office}; there are: {known}", f"tidak ada kantor {office}; ada: {known}")
    key = PREFIX + secrets.token_urlsafe(32)
    values = insert(ApiKey).values(name=name[:60], hash=_hash(key), office=office)
    stored = await register.session.execute(values.on_conflict_do_nothing().returning(ApiKey.id))
    if stored.first() is None:
        raise Conflict(f"there is a key named {name} already", f"sudah ada kunci bernama {name}")
    return key


async def holder(register: Register, key: str) -> ApiKey | None:
    """Whose key this is; None for one that is unknown or revoked."""
    if not key.startswith(PREFIX) or len(key) > 100:
        return None
    query = select(ApiKey).where(ApiKey.hash == _hash(key), ApiKey.revoked_at.is_(None))
    found = (await register.session.execute(query)).scalar_one_or_none()
    now = register.now()
    if found and (found.last_used_at is None or now - found.last_used_at > _USED_EVERY):
        found.last_used_at = now
    return found


async def revoke(register: Register, name: str) -> None:
    """Ends a key. Raises NotFound."""
    statement = update(ApiKey).where(ApiKey.name == name, ApiKey.revoked_at.is_(None))
    done = await register.session.execute(statement.values(revoked_at=register.now()).returning(ApiKey.id))
    if done.first() is None:
        raise NotFound(f"there is no key in use named {name}", f"tidak ada kunci aktif bernama {name}")


async def listed(register: Register) -> Sequence[ApiKey]:
    return (await register.session.scalars(select(ApiKey).order_by(ApiKey.id))).all()


def _hash(key: str) -> str:
    return hashlib.sha256(key.encode()).hexdigest()
