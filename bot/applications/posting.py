"""The jobs of news: hand what waits to the outbox, evenly and below what the slowest channel can send; watch promises.

The rest of the channel, and of a small machine, stays free for the replies to people who are chatting.
"""

from __future__ import annotations

import asyncio
from typing import TYPE_CHECKING
from zoneinfo import ZoneInfo

import structlog
from sqlalchemy import select, text
from sqlalchemy.ext.asyncio import AsyncSession

from bot.applications import news, promises, uploads
from bot.applications.models import Application, ApplicationEvent, ApplicationNews
from bot.applications.service import Register, set_due, stage_of
from bot.conversations import outbox
from bot.conversations.jobs import defer
from bot.conversations.optout import wants_news
from bot.knowledge.load import get_knowledge

if TYPE_CHECKING:
    from bot.conversations.runtime import Runtime

log = structlog.get_logger()

LOCK = "post_news"
PORTION = 200  # applications that are counted anew at once
SHARE = 0.7  # of the slowest channel's messages a second
MOST_PER_SECOND = 15.0  # one piece of news costs about as much work as a reply


def register_of(runtime: Runtime, session: AsyncSession) -> Register:
    return Register(session, get_knowledge(), ZoneInfo(runtime.settings.timezone))


async def tell_officers(session: AsyncSession) -> None:
    """Open pages of the console look again once the session's transaction is committed."""
    await session.execute(text("select pg_notify('pandu_events', '{\"cases\": \"applications\"}')"))


async def wake(runtime: Runtime, session: AsyncSession) -> None:
    """Have the waiting news posted once the session's transaction is committed."""
    await defer(runtime.jobs, session, "post_news", lock=LOCK)


async def queue_held(runtime: Runtime, events: list[list[int]], kind: str) -> None:
    """News that was held back while its act could be taken back; of events that are still there."""
    async with runtime.database.session() as session:
        query = select(ApplicationEvent.application_id, ApplicationEvent.id).where(
            ApplicationEvent.id.in_([event for _, event in events])
        )
        there = [(application, event) for application, event in await session.execute(query)]
        if await news.queue_for(register_of(runtime, session), there, kind):
            await wake(runtime, session)


async def recount(runtime: Runtime, office: str) -> None:
    """The office's calendar has changed: the last days of its promises are counted anew."""
    last = 0
    while True:  # in portions: no lock is held for long
        async with runtime.database.session() as session:
            query = select(Application).where(
                Application.office == office, Application.due_on.is_not(None), Application.id > last
            )
            found = (await session.scalars(query.order_by(Application.id).limit(PORTION).with_for_update())).all()
            for one in found:
                await set_due(register_of(runtime, session), one)
        if len(found) < PORTION:
            return
        last = found[-1].id


async def post(runtime: Runtime) -> None:
    """Post until nothing waits."""
    pace = _per_second(runtime)
    batch = max(1, int(pace / 5))
    while True:
        async with runtime.database.session() as session:
            register = register_of(runtime, session)
            found = await news.waiting(session, batch)
            for one, application, muted in found:
                await _post(runtime, register, one, application, muted)
        if len(found) < batch:
            return
        await asyncio.sleep(batch / pace)


async def watch(runtime: Runtime) -> None:
    """Queue reminders within office hours of a working day, and write officers' warnings."""
    async with runtime.database.session() as session:
        register = register_of(runtime, session)
        await uploads.forget(register)
        warned = await promises.warn(register)
        if warned:
            await tell_officers(session)
        reminded = await promises.remind(register)
        await wake(runtime, session)
    log.info("promises watched", warnings=warned, reminders=reminded)


async def _post(
    runtime: Runtime, register: Register, one: ApplicationNews, application: Application, muted: bool
) -> None:
    """One piece of news; a fault of ours with one does not hold up the others."""
    try:
        async with register.session.begin_nested():
            muted = muted or not await wants_news(register.session, one.conversation_id)
            message = None if muted else await news.message(register, one, application)
            if message is None:
                await news.done(register.session, one.id, register, None, "muted" if muted else "overtaken")
                return
            outgoing = await outbox.say(
                runtime,
                register.session,
                one.conversation_id,
                message.text,
                "system",
                message.buttons,
                message.template,
            )
            await _licence_read(runtime, register, one, application)
            await news.done(register.session, one.id, register, outgoing, "")
    except Exception:
        log.exception("news not posted", news=one.id)
        await news.done(register.session, one.id, register, None, "error")


async def _licence_read(runtime: Runtime, register: Register, one: ApplicationNews, application: Application) -> None:
    """Who has just read that the licence is issued may be asked how it went."""
    issued = one.kind == "stage" and stage_of(register.knowledge, application).end == "approved"
    if issued and runtime.after_licence is not None:
        of = (application.id, application.office, application.service)
        await runtime.after_licence(register.session, one.conversation_id, *of)


def _per_second(runtime: Runtime) -> float:
    rates = [channel.messages_per_second for channel in runtime.channels.values()]
    return min(MOST_PER_SECOND, SHARE * min(rates, default=1.0))
