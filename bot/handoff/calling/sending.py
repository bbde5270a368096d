"""A call on its way to one browser: still of use, still meant for this officer, then to the browser's push service."""

from __future__ import annotations

import json
from datetime import datetime
from typing import TYPE_CHECKING, Any

import structlog
from sqlalchemy import delete, select
from sqlalchemy.ext.asyncio import AsyncSession

from bot import webpush
from bot.conversations.jobs import RetryLater, defer
from bot.conversations.models import Conversation
from bot.handoff.calling.calls import LASTS
from bot.handoff.calling.people import called_at
from bot.handoff.models import Handoff
from bot.officers.models import Officer, PushSubscription
from bot.storage.shared_keys import shared_key

if TYPE_CHECKING:
    from bot.conversations.runtime import Runtime

log = structlog.get_logger(__name__)
PATIENCE = 20.0  # seconds between tries where the service names none
Said = dict[str, Any]


async def signer(session: AsyncSession, public_url: str) -> webpush.Signer:
    """With our one key towards push services, made by the first who asks."""
    contact = public_url if public_url.startswith("https://") else "mailto:pandu@localhost"
    return webpush.Signer(await shared_key(session, "vapid", webpush.new_secret), contact)


async def call_device(
    runtime: Runtime, subscription: int, said: Said, handoff: int, mark: int, until: datetime, now: datetime
) -> None:
    """Raises RetryLater when the push service wants patience; what is of no use any more is dropped."""
    services = runtime.settings.push_services
    async with runtime.database.session() as session:
        device = await _device(session, subscription, said["kind"], handoff, mark)
        if device is not None and said["kind"] != "emergency":
            at = await _called_at(session, subscription, handoff, now, runtime.settings.timezone)
            if at is None:
                return
            if at > now:  # closed meanwhile, or another holiday: when the office opens
                given: dict[str, Any] = {"subscription": subscription, "said": said, "handoff": handoff, "mark": mark}
                later = (at + LASTS[said["kind"]]).isoformat()
                await defer(runtime.jobs, session, "call_device", at=at, until=later, **given)
                return
        own = await signer(session, runtime.settings.public_url)
    left = int((until - now).total_seconds())
    if device is None or left <= 0 or not webpush.is_known(device.endpoint, services):
        return
    taken = await post(device, said, own, left, now)
    if taken.gone:
        async with runtime.database.session() as session:
            await session.execute(delete(PushSubscription).where(PushSubscription.id == subscription))
    elif taken.again is not None:
        raise RetryLater(taken.again or PATIENCE)
    if taken.status >= 300:
        log.warning("a push service refused a call", status=taken.status)


async def _called_at(
    session: AsyncSession, subscription: int, handoff: int, now: datetime, timezone: str
) -> datetime | None:
    query = select(Officer).join(PushSubscription, PushSubscription.officer_id == Officer.id)
    officer = (await session.scalars(query.where(PushSubscription.id == subscription))).one()
    office = select(Conversation.office).join(Handoff, Handoff.conversation_id == Conversation.id)
    asked = await session.scalar(office.where(Handoff.id == handoff))
    return await called_at(session, officer.office or asked or "", now, timezone)


async def post(device: webpush.Device, said: Said, own: webpush.Signer, seconds: int, now: datetime) -> webpush.Taken:
    content = json.dumps(said, ensure_ascii=False).encode()
    high = said["kind"] == "emergency"
    return await webpush.send(
        device, content, own, seconds=seconds, topic=said["tag"], urgency="high" if high else "normal", now=now
    )


async def _device(
    session: AsyncSession, subscription: int, kind: str, handoff: int, mark: int
) -> webpush.Device | None:
    """The browser, if what it is called for is still so and its officer may still see it; else None."""
    query = (
        select(PushSubscription, Officer)
        .join(Officer, Officer.id == PushSubscription.officer_id)
        .where(PushSubscription.id == subscription, Officer.disabled_at.is_(None))
    )
    found = (await session.execute(query)).one_or_none()
    about = await session.get(Handoff, handoff)
    if found is None or about is None or about.closed_at is not None:
        return None
    to, officer = found
    conversation = await session.get_one(Conversation, about.conversation_id)
    if kind == "answered":
        meant = about.officer_id == officer.id and about.read_up_to < mark
    else:
        meant = about.owned_at is None and abs(about.queued_at.timestamp() * 1000 - mark) <= 1
    if not meant or not officer.sight.of(conversation.office):
        return None
    return webpush.Device(to.endpoint, to.p256dh, to.auth)
