"""Is it alive, is it ready, how is it doing."""

from __future__ import annotations

from contextlib import suppress

from fastapi import APIRouter, Response
from fastapi.responses import JSONResponse
from prometheus_client import CONTENT_TYPE_LATEST, generate_latest
from sqlalchemy import text

from bot.conversations.backlog import measure
from bot.conversations.jobs import STALLED_AFTER
from bot.conversations.runtime import Runtime
from bot.metrics import up
from bot.storage.database import DATABASE_ERRORS

_ALIVE = text(
    "select exists(select from procrastinate_workers where last_heartbeat > now() - make_interval(secs => :seconds))"
    " as alive"
)


async def check(runtime: Runtime) -> dict[str, bool]:
    """Which of database, worker and engine are up."""
    try:
        worker = bool((await runtime.database.run(_ALIVE, {"seconds": STALLED_AFTER}))[0].alive)
        database = True
    except (*DATABASE_ERRORS, OSError):
        database = worker = False
    return {"database": database, "worker": worker, "engine": await runtime.engine.healthy()}


def health_routes(runtime: Runtime) -> APIRouter:
    router = APIRouter(tags=["health"])

    @router.get("/health/live")
    async def live() -> dict[str, str]:
        """200 as long as the web process answers."""
        return {"status": "ok"}

    @router.get("/health/ready")
    async def ready() -> JSONResponse:
        """200 only when database, engine and worker are up; 503 with the same body otherwise."""
        parts = await check(runtime)
        return JSONResponse(
            {"status": "ok" if all(parts.values()) else "unavailable", **parts}, 200 if all(parts.values()) else 503
        )

    @router.get("/metrics")
    async def metrics() -> Response:
        """Prometheus metrics: this process's counters, and what waits in the database, the same from every process."""
        parts = await check(runtime)
        for part, works in parts.items():
            up.labels(part).set(works)
        if parts["database"]:
            with suppress(*DATABASE_ERRORS, OSError):  # gone this moment
                await measure(runtime)
        return Response(generate_latest(), media_type=CONTENT_TYPE_LATEST)

    return router
