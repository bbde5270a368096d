"""An office's pages on a port, as browsers need them."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager

import uvicorn

from tests.helpers.open_office import Office
from tests.helpers.system import free_port
from tests.helpers.until import until


@asynccontextmanager
async def listening(office: Office) -> AsyncIterator[str]:
    """Its address, while it serves."""
    port = free_port()
    server = uvicorn.Server(uvicorn.Config(office.app, port=port, log_level="warning", timeout_graceful_shutdown=1))
    serving = asyncio.create_task(server.serve())

    async def started() -> bool:
        return server.started

    await until(started, 120)  # the machine may be busy with other tests
    yield f"http://127.0.0.1:{port}"
    server.should_exit = True
    await serving
