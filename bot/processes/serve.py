"""`pandu serve`: everything one machine runs, started together, watched, and stopped in order."""

from __future__ import annotations

import asyncio
import os
import signal
import socket
import sys
import time
from collections.abc import Awaitable, Callable, Coroutine
from contextlib import suppress
from importlib import import_module
from typing import TYPE_CHECKING, Any

import structlog
from prometheus_client import start_http_server

from bot.dialogue.client import Engine
from bot.dialogue.training import ENGINE_PYTHON, SECONDS, STARTING, engine_environment, ensure_model
from bot.errors import CannotRun
from bot.processes.checks import bind, check_privacy, disk_has_room
from bot.processes.completed import Role, completed
from bot.processes.database import migrated
from bot.processes.engine import Supervisor
from bot.processes.logs import mask, set_up_logs
from bot.processes.memory import calm_collector, hush_collector
from bot.processes.postgres import EmbeddedPostgres
from bot.processes.web_server import web_server
from bot.progress import Progress
from bot.settings import ROOT, Settings
from bot.storage.folders import PRIVATE, close_to_others, make_folder
from bot.storage.urls import DatabaseUrls, urls_of

if TYPE_CHECKING:
    import uvicorn

    from bot.conversations.runtime import Runtime

log = structlog.get_logger()

DATABASE = {"Starting the database": 3.0}
OPENING = {"Opening pages and channels": 6.0}
"""Steps of a start, and how many seconds they typically take on two cores; side by side with the engine's."""
WORKER_SECONDS = 4.0  # for running turns to finish
WEB_SECONDS = 2.0  # for open requests to finish
SAME_SIGNAL = 0.5  # make passes on a SIGTERM that its whole process group may have received
ALL_SECONDS = 9.0  # for everything; then what is left is killed


def serve(settings: Settings, role: Role = "all") -> int:
    """Run until SIGINT or SIGTERM; returns the exit code. What cannot run is told in one sentence on standard error."""
    import uvloop

    set_up_logs(settings.log_level)
    try:
        with asyncio.Runner(loop_factory=uvloop.new_event_loop) as runner:
            runner.run(Service(settings, role).run())
    except CannotRun as error:
        print(f"Pandu cannot run: {error}", file=sys.stderr, flush=True)
        return 1
    except Exception as error:
        log.exception("stopped by a fault of its own")
        print(f"Pandu stopped by a fault of its own: {type(error).__name__}: {mask(str(error))}", file=sys.stderr)
        return 1
    return 0


class Service:
    """The processes and tasks of one `pandu serve`."""

    def __init__(self, settings: Settings, role: Role) -> None:
        self.settings = settings.model_copy(update={"data_dir": settings.data_dir.resolve()})
        self.role = role
        self.has_web = role in ("all", "web")
        self.has_worker = role in ("all", "worker")
        self.has_engine = role == "engine" or (role == "all" and not settings.engine_url)
        own_database = role != "engine" and not settings.database_url
        self.progress = Progress(
            (SECONDS if self.has_engine else {})
            | (DATABASE if own_database else {})
            | (OPENING if role != "engine" else {}),
            sys.stdout,
        )
        self.say = self.progress.say
        self.begin = time.monotonic()
        self.postgres: EmbeddedPostgres | None = None
        self.urls = DatabaseUrls(settings.database_url, settings.database_url)
        self.starting: asyncio.Task[str] | None = None
        self.engine: Supervisor | None = None
        self.web: uvicorn.Server | None = None
        self.runtime: Runtime | None = None
        self.listener: socket.socket | None = None
        self.tasks: dict[str, asyncio.Task[Any]] = {}
        self.stopping = asyncio.Event()
        self.signalled = 0.0

    async def run(self) -> None:
        """Start, serve, and stop on a signal. Raises CannotRun."""
        loop = asyncio.get_running_loop()
        for sent in (signal.SIGINT, signal.SIGTERM):
            loop.add_signal_handler(sent, self._signalled)
        work = asyncio.create_task(self._start_and_watch())
        stop = asyncio.create_task(self.stopping.wait())
        try:
            await asyncio.wait({work, stop}, return_when=asyncio.FIRST_COMPLETED)
            if work.done():
                work.result()
        finally:
            work.cancel()
            stop.cancel()
            with suppress(asyncio.CancelledError, Exception):
                await work
            await self._stop()

    def _signalled(self) -> None:
        now = time.monotonic()
        if not self.stopping.is_set():
            self.say("Stopping ... (Ctrl-C again stops at once)")
            self.signalled = now
            self.stopping.set()
        elif now - self.signalled > SAME_SIGNAL:
            self._kill()
            os._exit(130)

    # --- start ---

    async def _start_and_watch(self) -> None:
        hush_collector()
        os.umask(PRIVATE)
        make_folder(self.settings.data_dir)
        close_to_others(self.settings.data_dir)
        make_folder(self.settings.data_dir / "logs")
        disk_has_room(self.settings.data_dir)
        if self.role in ("all", "web", "engine"):
            self.listener = bind(self.settings.host, self.settings.port)
        self.settings = completed(self.settings, self.role)
        if self.has_engine:
            self._task("engine", self._keep_engine())
        if self.role != "engine":
            if not self.settings.database_url:
                with self.progress.step(*DATABASE):
                    await self._or_failure(self._start_database())
            with self.progress.step(*OPENING):
                await self._start_application()
            if self.has_web and self.has_engine and self.engine is None:
                self.say(f"Open: {self._own_address()}. What is written now is kept, and answered after the training.")
        await self._until_ready()
        calm_collector()
        self._announce()
        await self._watch()

    async def _start_database(self) -> None:
        self.postgres = EmbeddedPostgres(self.settings.data_dir)
        if not (self.postgres.pgdata / "PG_VERSION").exists():
            self.say(f"Making the database in {self.postgres.pgdata} ...")
        url = await self._start_postgres(self.postgres)
        self.urls = urls_of(url)
        self.settings = self.settings.model_copy(update={"database_url": self.urls.app})
        self._task("database", self._keep_database(self.postgres))

    async def _keep_database(self, postgres: EmbeddedPostgres) -> None:
        """Start the embedded server again when it dies."""
        while True:
            await asyncio.sleep(1)
            if not postgres.alive and not self.stopping.is_set():
                log.error("PostgreSQL ended, starting it again", log=str(postgres.log))
                await self._start_postgres(postgres)

    async def _start_postgres(self, postgres: EmbeddedPostgres) -> str:
        """In a thread, which goes on when we are cancelled: stopping waits for it."""
        self.starting = asyncio.create_task(asyncio.to_thread(postgres.start))
        return await asyncio.shield(self.starting)

    async def _keep_engine(self) -> None:
        """The engine, once there is a model; web, channels and worker do not wait for it."""
        settings = self.settings
        model = await ensure_model(settings.data_dir, self.progress)
        self.progress.begin(STARTING)
        token = settings.engine_token.get_secret_value()
        command = [str(ENGINE_PYTHON), "-m", "engine.serve", "--model", str(model)]
        if self.role == "engine":
            command += ["--host", settings.host, "--port", str(settings.port)]
            if self.listener is not None:
                self.listener.close()  # it only proved that the port is free
        else:
            command += ["--port", settings.engine_url.rsplit(":", 1)[1]]
        environment = engine_environment(
            PANDU_ENGINE_TOKEN=token,
            PANDU_ACTIONS_URL=settings.actions_url or f"{self._own_address()}/actions?token={token}",
            PANDU_LOG_LEVEL=settings.log_level,
        )
        client = Engine(settings.engine_url, token)
        self.engine = Supervisor(
            command,
            environment=environment,
            folder=ROOT,
            log_file=settings.data_dir / "logs" / "engine.log",
            healthy=client.healthy,
        )
        try:
            await self.engine.run()
        finally:
            await client.close()

    def _own_address(self) -> str:
        return self.settings.local_url

    async def _start_application(self) -> None:
        settings = self.settings
        await self._or_failure(asyncio.to_thread(import_module, "bot.app"))  # seconds in which the others go on
        migration = asyncio.create_task(migrated(self.urls))
        try:
            await asyncio.sleep(0)
            from bot.app import build_runtime, create_app
            from bot.privacy.again import erase_again

            check_privacy(settings)
            token = settings.engine_token.get_secret_value()
            self.runtime = build_runtime(
                settings, settings.database_url, settings.engine_url, token, receiving=self.has_web
            )
            app = create_app(settings, self.runtime) if self.has_web else None
            await self._or_failure(migration)
            await self._or_failure(erase_again(self.runtime.database, settings))
        finally:
            migration.cancel()
        if app is not None:
            self.web = web_server(app)
            self._task("web", self._serve_web(self.web))
            while not self.web.started:
                await self._or_failure(asyncio.sleep(0.02))
        if self.has_worker:
            if not self.has_web and settings.metrics_port:
                start_http_server(settings.metrics_port, settings.host)
            self._task("worker", self._keep_worker(self.runtime))

    async def _serve_web(self, server: uvicorn.Server) -> None:
        await server.serve(sockets=[self.listener] if self.listener else None)
        if not self.stopping.is_set():
            raise CannotRun("The web process ended: the lines above say why.")

    async def _keep_worker(self, runtime: Runtime) -> None:
        """Run the worker; when the database goes away, try again until it is back."""
        from bot.app import at_work
        from bot.conversations.jobs import give_back, run_worker

        if self.has_web and self.postgres is not None:  # just started by us: whoever worked before is dead
            await give_back(runtime.jobs)

        async def work() -> None:
            await run_worker(runtime, runtime.settings.worker_concurrency)

        if self.has_web:  # whose lifespan opens queue and channels
            await _again_and_again(work)
            return
        async with at_work(runtime):
            await _again_and_again(work)

    async def _until_ready(self) -> None:
        if self.has_engine:
            while not (self.engine and self.engine.ready.is_set()):
                await self._or_failure(asyncio.sleep(0.05))
            self.progress.end(STARTING)
        if self.runtime is not None and self.has_web and self.has_worker:
            from bot.web.health import check

            while not all((await check(self.runtime)).values()):
                await self._or_failure(asyncio.sleep(0.05))

    # --- while running ---

    def _task(self, name: str, work: Coroutine[Any, Any, None]) -> None:
        self.tasks[name] = asyncio.create_task(work, name=name)

    async def _or_failure(self, waited: Awaitable[Any]) -> None:
        """Wait for it, unless one of our tasks fails first: then raise that."""
        waiter = asyncio.ensure_future(waited)
        try:
            await asyncio.wait({waiter, *self.tasks.values()}, return_when=asyncio.FIRST_COMPLETED)
            for task in self.tasks.values():
                if task.done():
                    task.result()
            waiter.result()
        finally:
            waiter.cancel()

    async def _watch(self) -> None:
        await self._or_failure(asyncio.Event().wait())

    def _announce(self) -> None:
        from bot.processes.welcome import welcome

        for line in welcome(self.settings, self.role, self._own_address(), time.monotonic() - self.begin):
            self.say(line)

    # --- stop ---

    async def _stop(self) -> None:
        """Worker first (its turns still need web and engine), then web, then engine and database."""
        self.stopping.set()
        self.progress.stop()
        deadline = asyncio.get_running_loop().call_later(ALL_SECONDS, self._give_up)
        await self._cancel("worker", WORKER_SECONDS)
        if self.web is not None:
            self.web.should_exit = True
            await self._cancel("web", WEB_SECONDS)
        if self.runtime is not None:
            with suppress(Exception):
                await asyncio.wait_for(self.runtime.database.close(), 1)
        await asyncio.gather(self._cancel("engine", 4), self._stop_database())
        if self.listener is not None:
            self.listener.close()
        deadline.cancel()

    async def _cancel(self, name: str, seconds: float) -> None:
        task = self.tasks.get(name)
        if task is None:
            return
        if name != "web":
            task.cancel()
        done, _ = await asyncio.wait({task}, timeout=seconds)
        if not done:
            log.warning("does not stop in time", part=name, seconds=seconds)
            task.cancel()
            await asyncio.wait({task}, timeout=0.5)

    async def _stop_database(self) -> None:
        await self._cancel("database", 3)
        if self.starting is not None:
            await asyncio.wait({self.starting})
        if self.postgres is not None:
            await asyncio.to_thread(self.postgres.stop)

    def _give_up(self) -> None:
        log.error("stopping took too long, the rest is killed")
        self._kill()
        os._exit(0 if self.stopping.is_set() else 1)

    def _kill(self) -> None:
        if self.engine is not None:
            self.engine.kill()
        if self.postgres is not None:
            self.postgres.kill()


async def _again_and_again(work: Callable[[], Awaitable[None]]) -> None:
    wait = 0.5
    while True:
        begin = time.monotonic()
        try:
            await work()
        except Exception:
            log.exception("worker ended, starting it again")
        wait = 0.5 if time.monotonic() - begin > 60 else min(wait * 2, 10)
        await asyncio.sleep(wait)
