"""Answers to requests that the web process cannot take: without repeating it, and without a 500."""

from __future__ import annotations

import json

import psycopg
from fastapi import FastAPI, Request, Response
from fastapi.exceptions import RequestValidationError
from sqlalchemy.exc import DataError
from sqlalchemy.exc import TimeoutError as NoConnection

from bot.refusals import refuse

UNSTORABLE = "a value cannot be stored: it is out of range, or holds a character that no text has"


def answer_errors(app: FastAPI) -> None:
    """422 for a body of the wrong shape, and for a value that PostgreSQL cannot hold (a NUL, a number out of range).

    FastAPI's own answer repeats what was sent, which is nobody's business in a log of the caller, and fails where that
    is no UTF-8 (half a surrogate pair) or no JSON (NaN).
    """

    @app.exception_handler(RequestValidationError)
    async def wrong_shape(_: Request, error: RequestValidationError) -> Response:
        problems = [{"loc": one["loc"], "msg": one["msg"], "type": one["type"]} for one in error.errors()]
        refuse("web", "wrong shape")
        return _json(422, problems)

    @app.exception_handler(psycopg.DataError)
    @app.exception_handler(DataError)
    async def unstorable(_: Request, __: Exception) -> Response:
        refuse("web", "unstorable value")
        return _json(422, UNSTORABLE)

    @app.exception_handler(NoConnection)
    async def crowded(_: Request, __: Exception) -> Response:
        refuse("web", "no connection free")
        return _json(503, "too much is asked at this moment; try again soon")


def _json(status: int, detail: object) -> Response:
    """ASCII only: what is no text is escaped."""
    return Response(json.dumps({"detail": detail}, default=str), status, media_type="application/json")
