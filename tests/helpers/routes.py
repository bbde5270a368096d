"""All addresses of the web process."""

from __future__ import annotations

from fastapi import FastAPI
from fastapi.routing import iter_route_contexts


def addresses(app: FastAPI) -> set[str]:
    """ "GET /health/live" and so on, with the prefixes of included routers."""
    return {
        f"{method} {context.path}"
        for context in iter_route_contexts(app.router.routes)
        for method in context.methods or ()
        if method != "HEAD"
    }
