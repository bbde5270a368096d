"""Calls to officers in tests: browsers of a push service of our own, people who wait, jobs done at a chosen time."""

from __future__ import annotations

import secrets
from collections.abc import Collection
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Any

import httpx
from sqlalchemy import text

from bot.conversations.jobs import RetryLater
from bot.conversations.models import Conversation, Incoming
from bot.conversations.runtime import Runtime
from bot.handoff.calling.sending import call_device
from bot.handoff.models import Kind
from bot.handoff.ownership.service import request_person
from tests.peers.push_service import Browser, PushService

NAME, SAID = "Nurhayati Zqrahasia", "kata Zqrahasia saya"
"""What no call may hold."""
ALL = ("new", "answered", "emergency")
_JOBS = text("""delete from procrastinate_jobs where task_name = 'call_device' and status = 'todo'
    returning id, args""")


@dataclass
class Calls:
    """`service` delivers to its browsers, each named by the word in its address."""

    runtime: Runtime
    service: PushService

    async def switch_on(self, client: httpx.AsyncClient, name: str, kinds: Collection[str] = ALL) -> Browser:
        browser = self.service.subscribe(name)
        device = browser.device
        form = {"endpoint": device.endpoint, "p256dh": device.p256dh, "auth": device.auth, "kinds": list(kinds)}
        answer = await client.post("/console/account/devices", data=form)
        assert answer.status_code == 200, answer.text
        return browser

    async def waiting(self, office: str = "kudus", service: str = "", kind: Kind = "requested") -> int:
        """Somebody who waits for a person."""
        async with self.runtime.database.session() as session:
            person = Conversation(
                channel="simulator", address=secrets.token_hex(6), profile_name=NAME, office=office, owner="bot"
            )
            session.add(person)
            await session.flush()
            await self._say(session, person.id)
            await request_person(session, person.id, SAID, kind=kind, office=office, service=service)
            return person.id

    async def says(self, conversation: int) -> None:
        async with self.runtime.database.session() as session:
            await self._say(session, conversation)

    async def _say(self, session: Any, conversation: int) -> None:
        session.add(
            Incoming(
                conversation_id=conversation,
                channel="simulator",
                provider_id=secrets.token_hex(6),
                kind="text",
                text=SAID,
                handled_at=datetime.now(UTC),
                outcome="for_officer",
            )
        )
        await session.flush()

    async def scheduled(self) -> list[datetime]:
        """Until when the calls that are held back wait."""
        query = "select scheduled_at from procrastinate_jobs where task_name = 'call_device' and status = 'todo'"
        async with self.runtime.database.session() as session:
            return sorted(one for one in await session.scalars(text(query)) if one is not None)

    async def deliver(self, now: datetime) -> list[RetryLater]:
        """Does the jobs of calls as if it were `now`; what is to be tried again stays, and is returned."""
        later: list[RetryLater] = []
        async with self.runtime.database.session() as session:
            jobs = sorted((await session.execute(_JOBS)).all())
        for _, given in jobs:
            until = datetime.fromisoformat(given["until"])
            try:
                await call_device(self.runtime, **(given | {"until": until, "now": now}))
            except RetryLater as again:
                later.append(again)
                await self.runtime.jobs.tasks["call_device"].configure().defer_async(**given)
        return later
