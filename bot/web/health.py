"""Is it alive, is it ready, how is it doing."""

from __future__ import annotations

from fastapi import APIRouter, Response
from fastapi.responses import JSONResponse
from prometheus_client import CONTENT_TYPE_LATEST, generate_latest
from sqlalchemy import text
from sqlalchemy.exc import SQLAlchemyError

from bot.conversations.jobs import STALLED_AFTER
from bot.conversations.watch import measure
from bot.runtime import Runtime

_ALIVE = text(
    "select exists(select from procrastinate_workers where last_heartbeat > now() - make_interval(secs => :seconds))"
)


async def check(runtime: Runtime) -> dict[str, bool]:
    """Which of database, worker and engine are up."""
    try:
        async with runtime.database.session() as session:
            worker = bool((await session.execute(_ALIVE, {"seconds": STALLED_AFTER})).scalar_one())
        database = True
    except (SQLAlchemyError, OSError):
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
        """Prometheus metrics."""
        await measure(runtime.database)
        return Response(generate_latest(), media_type=CONTENT_TYPE_LATEST)

    return router
