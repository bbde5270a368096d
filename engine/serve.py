"""Serve one trained model: `python -m engine.serve --model FILE --port N [--host 127.0.0.1]`.

Environment: PANDU_ENGINE_TOKEN (needed), PANDU_ACTIONS_URL (where actions run). The port answers once the model is
loaded; SIGTERM and SIGINT end the process with code 0 after running turns. A broken model or a taken port is one line
on stderr and exit code 2.
"""

from __future__ import annotations

import argparse
import gc
import os
import socket
import sys
import time
from pathlib import Path
from typing import Any, NoReturn, Optional, Sequence

# Before NumPy: two OpenMP threads on two busy cores make a sentence vector five times slower, not faster.
os.environ.setdefault("OMP_NUM_THREADS", "1")
os.environ.setdefault("OPENBLAS_NUM_THREADS", "1")
# Rasa reports usage and crashes to the outside unless told not to.
os.environ["RASA_TELEMETRY_ENABLED"] = "false"
os.environ.setdefault("SQLALCHEMY_SILENCE_UBER_WARNING", "1")

DEFAULT_ACTIONS_URL = "http://127.0.0.1:8000/actions"


def main(arguments: Optional[Sequence[str]] = None) -> None:
    """Run until a signal comes. What it writes is for us alone."""
    os.umask(0o077)
    options = _options(arguments)
    started = time.monotonic()
    if not os.environ.get("PANDU_ENGINE_TOKEN"):
        _fail("PANDU_ENGINE_TOKEN is not set")
    if not options.model.is_file():
        _fail(f"no model at {options.model}")
    listening = _bind(options.host, options.port)
    app = _app(options.model)
    _calm_collector()
    print(f"engine: model loaded in {time.monotonic() - started:.1f} s, port {options.port}", flush=True)
    app.run(sock=listening, access_log=False, motd=False, debug=False)
    print("engine: stopped", flush=True)


def _options(arguments: Optional[Sequence[str]]) -> argparse.Namespace:
    parser = argparse.ArgumentParser(prog="engine.serve", description="Serve one trained model.")
    parser.add_argument("--model", type=Path, required=True)
    parser.add_argument("--port", type=int, required=True)
    parser.add_argument("--host", default="127.0.0.1")
    return parser.parse_args(arguments)


def _bind(host: str, port: int) -> socket.socket:
    listening = socket.socket(socket.AF_INET6 if ":" in host else socket.AF_INET, socket.SOCK_STREAM)
    listening.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
    try:
        listening.bind((host, port))
    except OSError as error:
        _fail(f"cannot use {host}:{port}: {error.strerror}")
    return listening


def _app(model: Path) -> Any:
    """Return the Sanic application with the loaded agent."""
    from engine import lean_imports, quiet

    quiet.hush()
    lean_imports.install()
    from rasa.core.channels import channel
    from sanic import Sanic

    from engine import patches
    from engine.action_endpoint import KeepAliveEndpoint
    from engine.channel import PanduInput, refuse_large_bodies
    from engine.processor import PanduAgent

    patches.apply()
    actions = KeepAliveEndpoint(os.environ.get("PANDU_ACTIONS_URL", DEFAULT_ACTIONS_URL))
    agent = PanduAgent(action_endpoint=actions)
    try:
        agent.load_model(model)
    except Exception as error:
        _fail(f"the model {model} cannot be loaded: {error}")

    app = Sanic("pandu_engine", configure_logging=False)
    app.ctx.agent = agent
    app.config.KEEP_ALIVE_TIMEOUT = 30
    refuse_large_bodies(app)
    channel.register([PanduInput.from_credentials(None)], app, route="/webhooks/")

    async def close(_app: Any, _loop: Any) -> None:
        await actions.close()

    app.register_listener(close, "after_server_stop")
    return app


def _calm_collector() -> None:
    """Model and libraries stay for good: the garbage collector need not walk through them again and again."""
    gc.collect()
    gc.freeze()
    gc.set_threshold(20_000, 20, 50)


def _fail(reason: str) -> NoReturn:
    print(f"engine: {reason}", file=sys.stderr, flush=True)
    raise SystemExit(2)


if __name__ == "__main__":
    main()
