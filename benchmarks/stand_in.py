"""Twilio's answers, for load only: `python -m benchmarks.stand_in PORT`. Takes every message and menu at once."""

from __future__ import annotations

import itertools
import sys

from aiohttp import web


def make() -> web.Application:
    numbers = itertools.count(1)

    async def message(_: web.Request) -> web.Response:
        return web.json_response({"sid": f"SM{next(numbers):032x}", "status": "queued"}, status=201)

    async def content(request: web.Request) -> web.Response:
        body = await request.json()
        return web.json_response(body | {"sid": f"HX{next(numbers):032x}"}, status=201)

    async def health(_: web.Request) -> web.Response:
        return web.json_response({"status": "ok"})

    app = web.Application()
    app.router.add_post("/2010-04-01/Accounts/{account}/Messages.json", message)
    app.router.add_post("/v1/Content", content)
    app.router.add_get("/health", health)
    return app


if __name__ == "__main__":
    web.run_app(make(), host="127.0.0.1", port=int(sys.argv[1]), print=None, access_log=None)
