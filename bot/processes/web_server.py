"""The web server of a process, whose signals are ours."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    import uvicorn


def web_server(app: Any) -> uvicorn.Server:
    """A server for an ASGI application; imported when one is wanted."""
    import uvicorn

    from bot.web.patience import PatientProtocol

    class Server(uvicorn.Server):
        def capture_signals(self) -> Any:
            """Signals are ours: web stops after the worker."""
            from contextlib import nullcontext

            return nullcontext()

    config = uvicorn.Config(
        app,
        http=PatientProtocol,
        log_config=None,
        access_log=False,
        timeout_graceful_shutdown=1,
        timeout_keep_alive=75,
        server_header=False,
    )
    return Server(config)
