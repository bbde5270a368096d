"""Browsers that take notifications: an officer's own choice, on each device, until the officer signs out there."""

from __future__ import annotations

from collections.abc import Collection

from sqlalchemy import delete, select, update
from sqlalchemy.ext.asyncio import AsyncSession

from bot import webpush
from bot.audit.service import note
from bot.officers.models import CALL_KINDS, PushSubscription
from bot.officers.service import OfficerError
from bot.officers.signing_in import Signed
from bot.storage.encrypted import hashes_of

MOST = 10
UNKNOWN_SERVICE = "Layanan notifikasi peramban ini tidak dikenal. Hubungi tim teknis (PANDU_PUSH_SERVICES)."
NO_KEYS = "Peramban ini tidak memberi kunci notifikasi yang sah."
NO_KIND = "Pilih paling sedikit satu jenis panggilan, atau matikan notifikasi."


async def switch_on(
    session: AsyncSession, signed: Signed, device: webpush.Device, kinds: Collection[str], services: str
) -> None:
    """This browser is notified of `kinds` from now on; before it may have been somebody else's. Raises OfficerError."""
    if not webpush.is_known(device.endpoint, services):
        raise OfficerError(UNKNOWN_SERVICE)
    try:
        webpush.check(device)
    except webpush.BadDevice:
        raise OfficerError(NO_KEYS) from None
    chosen = [kind for kind in CALL_KINDS if kind in kinds]
    if not chosen:
        raise OfficerError(NO_KIND)
    await _forget(session, device.endpoint)
    session.add(
        PushSubscription(
            officer_id=signed.officer.id,
            session_id=signed.session.id,
            endpoint=device.endpoint,
            p256dh=device.p256dh,
            auth=device.auth,
            kinds=chosen,
        )
    )
    await session.flush()
    newest = select(PushSubscription.id).where(PushSubscription.officer_id == signed.officer.id)
    kept = newest.order_by(PushSubscription.id.desc()).limit(MOST)
    theirs = delete(PushSubscription).where(PushSubscription.officer_id == signed.officer.id)
    await session.execute(theirs.where(PushSubscription.id.not_in(kept)))
    await note(session, signed.actor, "officer.calls-on", "officer", signed.officer.id, kinds=chosen)


async def switch_off(session: AsyncSession, signed: Signed, endpoint: str) -> None:
    if await _forget(session, endpoint):
        await note(session, signed.actor, "officer.calls-off", "officer", signed.officer.id)


async def meet(session: AsyncSession, signed: Signed, endpoint: str) -> list[str] | None:
    """The kinds that this browser is notified of, now in this session; None for nothing.

    A browser that somebody else left subscribed is forgotten: whoever sits here now is not to read their calls.
    """
    query = select(PushSubscription).where(PushSubscription.endpoint_hash.in_(hashes_of(endpoint)))
    found = (await session.scalars(query)).one_or_none()
    if found is None:
        return None
    if found.officer_id != signed.officer.id:
        await session.delete(found)
        return None
    same = update(PushSubscription).where(PushSubscription.id == found.id)
    await session.execute(same.values(session_id=signed.session.id))
    return list(found.kinds)


async def own(session: AsyncSession, signed: Signed, endpoint: str) -> webpush.Device | None:
    """This browser, if the officer is notified on it."""
    same = PushSubscription.endpoint_hash.in_(hashes_of(endpoint)), PushSubscription.officer_id == signed.officer.id
    found = (await session.scalars(select(PushSubscription).where(*same))).one_or_none()
    return webpush.Device(found.endpoint, found.p256dh, found.auth) if found else None


async def _forget(session: AsyncSession, endpoint: str) -> bool:
    same = delete(PushSubscription).where(PushSubscription.endpoint_hash.in_(hashes_of(endpoint)))
    return (await session.execute(same.returning(PushSubscription.id))).first() is not None
