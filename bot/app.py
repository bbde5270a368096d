"""The composition root: the only place that knows every part, and wires them."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from functools import partial
from importlib.metadata import version
from zoneinfo import ZoneInfo

from fastapi import FastAPI
from fastapi.middleware.gzip import GZipMiddleware
from fastapi.responses import RedirectResponse
from sqlalchemy.ext.asyncio import AsyncSession

from actions import ActionServices, build_executor
from actions.standing import Ahead
from actions.welcome import first_notice
from bot import refusals
from bot.answers.indexes import prepare
from bot.applications.api import routes as application_api
from bot.applications.reading import MAX_BYTES
from bot.applications.service import utc_now
from bot.channels.all import ALL, advise_technicians
from bot.channels.base import Receipt, TakesCalls
from bot.channels.kind import Wires
from bot.complaints.api import routes as complaint_api
from bot.complaints.files import copy_kept
from bot.complaints.incoming import take_files
from bot.console.access import COOKIE
from bot.console.routes import add_console
from bot.conversations import inbox, progress
from bot.conversations.runtime import Runtime
from bot.dialogue.client import Engine
from bot.handoff.answering.replying import MAX_FILES
from bot.handoff.calling.groups import Groups
from bot.handoff.people import OfficersDesk
from bot.knowledge.answer_notes import Notes
from bot.knowledge.live import Prepare, keep_fresh, nothing
from bot.messages import IncomingMessage, Reply
from bot.officers.browsers import accounts, keep_hearing
from bot.privacy.erase import queue
from bot.privacy.routes import data_routes
from bot.settings import Settings
from bot.simulator.api import simulator_api
from bot.simulator.page import simulator_pages
from bot.standards.files import MOST_BYTES
from bot.storage.database import Database
from bot.storage.events import Events
from bot.storage.refusals import keep_sharing
from bot.survey.service import hear_occasions
from bot.tasks import make_jobs
from bot.web.actions import action_answer, action_route
from bot.web.doorway import Doorway
from bot.web.errors import answer_errors
from bot.web.files import file_routes
from bot.web.headers import SafeHeaders
from bot.web.health import health_routes
from bot.web.limits import BodyLimit
from bot.web.routes import make_ready
from bot.web.straight import Straight

PAST_THE_DOOR = r"/(webhooks/|actions$|health/|metrics$|api/simulator/)"
"""What carries messages, and what machines inside ask: it does not wait behind strangers (bot/web/doorway.py)."""

FILES_FOR_ALL = r"/(console|simulator)/static/|/console/(app\.webmanifest|service-worker\.js|offline)$"


def build_runtime(
    settings: Settings, database_url: str, engine_url: str, engine_token: str, *, receiving: bool = True
) -> Runtime:
    """Everything a web or worker process needs, with the channels that are configured. Connects to nothing yet.

    `receiving` is false in a process that only sends (a worker on its own): it neither polls nor sets webhooks.
    """
    runtime = Runtime(
        settings=settings,
        database=Database(database_url),
        jobs=make_jobs(database_url),
        engine=Engine(engine_url, engine_token),
        events=Events(database_url),
    )

    async def receive(message: IncomingMessage) -> bool:
        return await inbox.store(runtime, message) is not None

    async def record(receipt: Receipt) -> None:
        await progress.record(runtime, receipt)

    officers = OfficersDesk(settings, runtime.database)

    async def in_danger(session: AsyncSession, conversation_id: int, said: str, reason: str) -> Reply:
        stands = await officers.ask(session, conversation_id, reason, kind="emergency")
        return Reply(f"{said}\n\n{stands.text}", stands.buttons) if stands else Reply(said)

    runtime.people = officers
    runtime.notice = partial(first_notice, runtime.privacy_url)
    runtime.take_files = take_files(settings, in_danger)
    runtime.file_kept = copy_kept(runtime.database, settings.files_dir)
    hear_occasions(runtime)
    wires = Wires(settings, runtime.database, receive, record, receiving, Groups(runtime.database))
    for kind in ALL.values():
        if kind.is_on(settings):
            runtime.add_channel(kind.connect(wires))
    return runtime


@asynccontextmanager
async def at_work(runtime: Runtime, prepare: Prepare = nothing) -> AsyncIterator[None]:
    """Connections open, news heard, what was published known, channels started; all closed again at the end."""
    looked, zone = asyncio.Event(), ZoneInfo(runtime.settings.timezone)
    async with runtime.jobs.open_async():
        tasks = [
            asyncio.create_task(runtime.events.listen(), name="events"),
            asyncio.create_task(
                keep_fresh(runtime.database, runtime.events, zone, prepare=prepare, looked=looked), name="knowledge"
            ),
        ]
        try:
            await looked.wait()  # nobody is told "not held" about an office that is
            for channel in runtime.channels.values():
                await channel.start()
            try:
                yield
            finally:
                for channel in runtime.channels.values():
                    await channel.stop()
        finally:
            for task in tasks:
                task.cancel()
            await asyncio.gather(*tasks, return_exceptions=True)
            await runtime.engine.close()


def create_app(settings: Settings, runtime: Runtime) -> FastAPI:
    """The web process: webhooks, the engine's actions, simulator, console, health."""

    @asynccontextmanager
    async def lifespan(app: FastAPI) -> AsyncIterator[None]:
        make_ready(app)
        async with at_work(runtime, prepare):
            kept = [
                asyncio.create_task(keep_sharing(runtime.database), name="refusals"),
                asyncio.create_task(keep_hearing(runtime.database), name="accounts"),
            ]
            try:
                yield
            finally:
                for task in kept:
                    task.cancel()
                await asyncio.gather(*kept, return_exceptions=True)

    refusals.alarm.limit = settings.refusal_alarm
    advise_technicians()
    app = FastAPI(title="Pandu", version=version("pandu"), lifespan=lifespan, docs_url=None, redoc_url=None)
    answer_errors(app)
    # What carries messages comes first: a request looks at every route before its own, and the console has a hundred.
    webhooks = [one.router() for one in runtime.channels.values() if isinstance(one, TakesCalls)]
    for router in webhooks:
        app.include_router(router)
    if settings.simulator_on:
        app.include_router(simulator_api(runtime))
    app.include_router(health_routes(runtime))
    ahead = Ahead(runtime.database.run, utc_now)
    runtime.while_thinking = ahead.looking
    services = ActionServices(
        knowledge=None,
        settings=settings,
        session=runtime.database.session,
        request_person=OfficersDesk(settings, runtime.database).ask,
        read=ahead.read,
        erase_later=partial(queue, runtime.jobs),
        classification=runtime.classification,
        untold=Notes(runtime.database).untold,
    )
    answer = action_answer(build_executor(services), settings.engine_token.get_secret_value())
    actions = action_route(answer)
    app.router.routes.append(actions)
    app.add_middleware(GZipMiddleware, minimum_size=1500, compresslevel=4)
    app.add_middleware(Straight, routes=[actions, *(route for one in webhooks for route in one.routes)])
    app.add_middleware(BodyLimit, limit=settings.max_body_bytes, larger=_larger_bodies(settings))
    app.add_middleware(Doorway, past=PAST_THE_DOOR, cookie=COOKIE, files=FILES_FOR_ALL, browser=accounts.browser)
    app.add_middleware(SafeHeaders)  # the outermost
    app.state.runtime = runtime
    app.include_router(application_api)
    app.include_router(complaint_api)
    app.include_router(file_routes(runtime))
    app.include_router(simulator_pages(settings))
    app.include_router(data_routes(settings, runtime.database))
    add_console(app, runtime)
    if settings.simulator_on:

        @app.get("/", include_in_schema=False)
        async def home() -> RedirectResponse:
            return RedirectResponse("/simulator")

    return app


def _larger_bodies(settings: Settings) -> dict[str, int]:
    """Where officers send files: patterns of paths, and how many bytes a body may have there."""
    around = 100_000  # a form besides its files
    return {
        "/console/applications/import": MAX_BYTES + around,
        "/console/knowledge/drafts": MOST_BYTES + 2_000_000,
        r"/console/knowledge/drafts/\d+": 2_000_000,
        r"/console/conversations/\d+/reply": MAX_FILES * settings.max_attachment_bytes + around,
    }
