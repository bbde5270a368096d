"""Is it alive, is it ready, how is it doing."""

from __future__ import annotations

import shutil
from contextlib import suppress
from pathlib import Path

from fastapi import APIRouter, Response
from fastapi.responses import JSONResponse
from prometheus_client import CONTENT_TYPE_LATEST, generate_latest
from sqlalchemy import text

from bot.conversations.backlog import measure
from bot.conversations.jobs import STALLED_AFTER
from bot.conversations.runtime import Runtime
from bot.conversations.troubles import troubles
from bot.metrics import up
from bot.storage.database import DATABASE_ERRORS

_ALIVE = text(
    "select exists(select from procrastinate_workers where last_heartbeat > now() - make_interval(secs => :seconds))"
    " as alive"
)


_AHEAD = text("""
select coalesce(extract(epoch from max(sent_at - received_at)), 0) as seconds from incoming_messages
where received_at > now() - interval '1 hour' and sent_at is not null
""")
LEAST_MEGABYTES = 50  # of free disk; below it neither files nor the embedded database can be relied on
CLOCK_SECONDS = 120.0  # by which a provider's clock may be ahead of ours


async def check(runtime: Runtime) -> dict[str, bool]:
    """Which of the things that every answer needs are there: database, worker, engine, room on the disk."""
    try:
        worker = bool((await runtime.database.run(_ALIVE, {"seconds": STALLED_AFTER}))[0].alive)
        database = True
    except (*DATABASE_ERRORS, OSError):
        database = worker = False
    return {
        "database": database,
        "worker": worker,
        "engine": await runtime.engine.healthy(),
        "disk": _free_megabytes(runtime.settings.data_dir) >= LEAST_MEGABYTES,
    }


async def problems(runtime: Runtime) -> dict[str, str]:
    """What keeps single channels from working, and a wrong clock: part -> what is wrong, in a word or code."""
    found = {name: problem for name, one in runtime.channels.items() if (problem := str(getattr(one, "problem", "")))}
    with suppress(*DATABASE_ERRORS, OSError):
        for trouble in await troubles(runtime):
            if trouble.advice:
                found.setdefault(trouble.channel, trouble.code)
        ahead = float((await runtime.database.run(_AHEAD))[0].seconds)
        if ahead > CLOCK_SECONDS:
            found["clock"] = f"{ahead:.0f} s slow"
    return found


def _free_megabytes(folder: Path) -> int:
    while not folder.exists() and folder != folder.parent:
        folder = folder.parent
    return shutil.disk_usage(folder).free // 1_000_000


def health_routes(runtime: Runtime) -> APIRouter:
    router = APIRouter(tags=["health"])

    @router.get("/health/live")
    async def live() -> dict[str, str]:
        """200 as long as the web process answers."""
        return {"status": "ok"}

    @router.get("/health/ready")
    async def ready() -> JSONResponse:
        """200 only when database, engine, worker and disk are there; 503 with the same body otherwise.

        A channel in trouble is named in `problems`, with "degraded": the others are served all the same.
        """
        parts = await check(runtime)
        wrong = await problems(runtime) if parts["database"] else {}
        status = ("degraded" if wrong else "ok") if all(parts.values()) else "unavailable"
        return JSONResponse({"status": status, **parts, "problems": wrong}, 503 if status == "unavailable" else 200)

    @router.get("/metrics")
    async def metrics() -> Response:
        """Prometheus metrics: this process's counters, and what waits in the database, the same from every process."""
        parts = await check(runtime)
        wrong = await problems(runtime) if parts["database"] else {}
        apart = {name: name not in wrong for name in (*runtime.channels, "clock")}
        for part, works in (parts | apart).items():
            up.labels(part).set(works)
        if parts["database"]:
            with suppress(*DATABASE_ERRORS, OSError):  # gone this moment
                await measure(runtime)
        return Response(generate_latest(), media_type=CONTENT_TYPE_LATEST)

    return router
