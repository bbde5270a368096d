"""POST /actions: the engine asks, the actions answer, in this process with the capabilities at hand."""

from __future__ import annotations

import hmac
import re
from collections.abc import Awaitable, Callable
from typing import Any

import structlog
from rasa_sdk.executor import ActionExecutor
from rasa_sdk.interfaces import ActionExecutionRejection, ActionNotFoundException
from starlette.requests import Request
from starlette.responses import JSONResponse, Response
from starlette.routing import Route

from bot.refusals import refuse

log = structlog.get_logger()
PATH = "/actions"
Answer = Callable[[Request], Awaitable[Response]]


def action_route(answer: Answer) -> Route:
    return Route(PATH, answer, methods=["POST"], include_in_schema=False)


def action_answer(executor: ActionExecutor, token: str) -> Answer:
    """For the engine only: `token` comes in the query, as Rasa's action endpoint has no headers of its own."""

    async def actions(request: Request) -> Response:
        """Rasa's custom action call (rasa-sdk's webhook contract). 403 without the engine's token."""
        given = request.query_params.get("token", "")
        if not token or not hmac.compare_digest(given.encode("utf-8", "replace"), token.encode()):
            refuse("actions", "wrong token" if given else "missing token")
            return JSONResponse({"detail": "forbidden"}, 403)
        try:
            call: Any = await request.json()
        except (ValueError, RecursionError):
            call = None
        if not _is_call(call):
            refuse("actions", "malformed")
            return JSONResponse({"detail": "malformed"}, 400)
        name = call.get("next_action")
        try:
            result = await executor.run(call)
        except ActionExecutionRejection as error:
            return JSONResponse({"error": str(error), "action_name": error.action_name}, 400)
        except ActionNotFoundException as error:
            return JSONResponse({"error": str(error), "action_name": error.action_name}, 404)
        except Exception:
            log.exception("action failed", action=name)
            return JSONResponse({"error": "action failed", "action_name": name}, 500)
        if result is None:
            return JSONResponse({"error": "no action named", "action_name": name}, 400)
        return JSONResponse(result.model_dump() if hasattr(result, "model_dump") else result)

    return actions


def _is_call(call: Any) -> bool:
    """Whether this has the shape of Rasa's call; what the action reads in it is the engine's business."""
    if not isinstance(call, dict):
        return False
    name = call.get("next_action") or ""
    if not isinstance(name, str) or re.fullmatch(r"\w*", name, re.ASCII) is None:
        return False
    tracker = call.get("tracker", {"sender_id": ""})
    return isinstance(tracker, dict) and isinstance(tracker.get("sender_id"), str)
