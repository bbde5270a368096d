"""The input channel `pandu`: one HTTP request is one turn of a conversation.

    POST /webhooks/pandu/turn   {"conversation", "text" or "payload", "metadata", "memory"}
                                -> {"messages", "understood", "memory"}
    POST /webhooks/pandu/parse  {"texts": [...]} -> {"understood": [...]}          no conversation, no action
    POST /webhooks/pandu/vectors  {"texts": [...]} -> {"vectors": [[384 numbers], ...]}     what a text means
    GET  /webhooks/pandu/       {"status": "ok", "model": name}

`memory` is text to be given back with the conversation's next turn, "" at first. The engine itself remembers nothing:
a turn that is sent again, as after a crash, is the same turn.

Errors are `{"error": "..."}` with 400 malformed, 401 no token, 403 wrong token, 413 too large, 422 a payload that may
not be sent, 503 the turn could not be finished and left no trace: send it again.
"""

from __future__ import annotations

import hmac
import json
import logging
import os
import re
import time
from typing import Any, Awaitable, Callable, Dict, List, NamedTuple, Optional, Text

from rasa.core.agent import Agent
from rasa.core.channels.channel import InputChannel, OutputChannel, UserMessage
from sanic import Blueprint, Sanic
from sanic.request import Request
from sanic.response import HTTPResponse
from sanic.response import json as json_response

from engine import vectors
from engine.payload import PayloadRefused, parse_payload
from engine.processor import ActionFailed

MAX_BODY = 512 * 1024
"""Bytes; a memory of 64,000 characters may take six times as much in JSON."""
MAX_TEXT = 2_000
"""Characters of a message that are read; nobody's question stands behind them."""
MAX_TEXTS = 200
"""Texts in one parse request."""

_FALLBACK = "nlu_fallback"
_POLITE = frozenset({"greet", "thanks", "goodbye"})
_CONVERSATION = re.compile(r"[A-Za-z0-9:._+\-]{1,128}")
_UNPRINTABLE = re.compile("[\x00-\x08\x0b\x0c\x0e-\x1f\x7f\ud800-\udfff]")
logger = logging.getLogger(__name__)


class BadRequest(Exception):
    """The request does not follow the contract; `status` is the answer's."""

    def __init__(self, status: int, reason: Text) -> None:
        super().__init__(reason)
        self.status = status


class Turn(NamedTuple):
    """A checked turn request; exactly one of text and payload is a string."""

    conversation: Text
    text: Optional[Text]
    payload: Optional[Text]
    metadata: Dict[Text, Any]
    memory: Text


class PanduOutput(OutputChannel):
    """Collects whole messages: text, buttons and sources together, as the action said them."""

    def __init__(self) -> None:
        self.messages: List[Dict[Text, Any]] = []

    @classmethod
    def name(cls) -> Text:
        """Return the name that responses may be written for."""
        return "pandu"

    async def send_response(self, recipient_id: Text, message: Dict[Text, Any]) -> None:
        """Keep one message of an action; a message without text says nothing and is dropped."""
        text = message.get("text")
        if text:
            custom = message.get("custom")
            said = custom if isinstance(custom, dict) else {}
            kept = {"text": text, "buttons": message.get("buttons") or [], "sources": said.get("sources", [])}
            self.messages.append(kept | ({"decision": said["decision"]} if said.get("decision") else {}))


class PanduInput(InputChannel):
    """Rasa's input channel; needs the token that the application sends."""

    def __init__(self, token: Text) -> None:
        if not token:
            raise ValueError("the engine needs a token: set PANDU_ENGINE_TOKEN")
        self._token = token.encode()

    @classmethod
    def name(cls) -> Text:
        """Return the channel's part of the address."""
        return "pandu"

    @classmethod
    def from_credentials(cls, credentials: Optional[Dict[Text, Any]]) -> PanduInput:
        """Return the channel; the token comes from the environment."""
        return cls(os.environ.get("PANDU_ENGINE_TOKEN", ""))

    def blueprint(self, on_new_message: Callable[[UserMessage], Awaitable[Any]]) -> Blueprint:
        """Return the routes of the module's docstring."""
        routes = Blueprint("pandu_webhook")

        @routes.get("/")
        async def health(request: Request) -> HTTPResponse:
            return json_response({"status": "ok", "model": request.app.ctx.agent.model_name})

        @routes.post("/turn")
        async def turn(request: Request) -> HTTPResponse:
            return await self._answer(request, _turn)

        @routes.post("/parse")
        async def parse(request: Request) -> HTTPResponse:
            return await self._answer(request, _parse_only)

        @routes.post("/vectors")
        async def meaning(request: Request) -> HTTPResponse:
            return await self._answer(request, _vectors)

        return routes

    async def _answer(
        self, request: Request, handle: Callable[[Agent, Any], Awaitable[Dict[Text, Any]]]
    ) -> HTTPResponse:
        try:
            self._check_token(request)
            return json_response(await handle(request.app.ctx.agent, _body(request)))
        except BadRequest as error:
            return json_response({"error": str(error)}, status=error.status)
        except ActionFailed as error:
            return json_response({"error": "action failed", "action": error.action}, status=503)
        except Exception:
            # the database is away, or a bug of ours: nothing was saved, so the turn may be tried again
            logger.exception("turn failed")
            return json_response({"error": "turn failed"}, status=503)

    def _check_token(self, request: Request) -> None:
        scheme, _, token = request.headers.get("Authorization", "").partition(" ")
        if scheme != "Bearer" or not token:
            raise BadRequest(401, "token missing")
        if not hmac.compare_digest(token.encode("utf-8", "replace"), self._token):
            raise BadRequest(403, "token wrong")


def refuse_large_bodies(app: Sanic) -> None:
    """Make Sanic stop reading a body over MAX_BODY and answer 413, and any other error of its own as JSON."""
    app.config.REQUEST_MAX_SIZE = MAX_BODY
    app.config.FALLBACK_ERROR_FORMAT = "json"


async def _turn(agent: Agent, body: Dict[Text, Any]) -> Dict[Text, Any]:
    began = time.perf_counter()
    request = _checked_turn(body)
    if request.payload is not None:
        shown, parse_data = request.payload, _payload_data(agent, request.payload)
    else:
        shown = clean(request.text or "")
        parse_data = await _understand(agent, shown)
    # actions read both through tracker.latest_message
    parse_data["metadata"] = request.metadata
    output = PanduOutput()
    message = UserMessage(
        text=shown,
        output_channel=output,
        sender_id=request.conversation,
        parse_data=parse_data,
        input_channel="pandu",
        message_id=request.metadata.get("message_id"),
        metadata=request.metadata,
    )
    answer = {"messages": output.messages, "understood": understood(parse_data)}
    try:
        answer["memory"] = await agent.handle_with_memory(message, request.memory)
    except ActionFailed as error:
        fields = {"trace": trace_of(request), "action": error.action, "cause": type(_root(error)).__name__}
        logger.error("%s: %s", error, _root(error), extra={"fields": fields})
        raise
    seconds = round(time.perf_counter() - began, 4)
    fields = {"trace": trace_of(request), "intent": answer["understood"]["intent"], "seconds": seconds}
    logger.info("turn", extra={"fields": fields})
    return answer


def trace_of(request: Turn) -> Text:
    """Return the message's name in every log (the application's bot/trace.py says how it is made)."""
    return f"c{request.conversation}m{request.metadata.get('message_id')}"


async def _parse_only(agent: Agent, body: Dict[Text, Any]) -> Dict[Text, Any]:
    found = [await _understand(agent, text) for text in _texts(body, MAX_TEXTS)]
    return {"understood": [{**understood(one), "answers": one["answers"]} for one in found]}


async def _vectors(agent: Agent, body: Dict[Text, Any]) -> Dict[Text, Any]:
    return {"vectors": vectors.centred(_texts(body, vectors.MAX_TEXTS))}


def _texts(body: Dict[Text, Any], most: int) -> List[Text]:
    texts = body.get("texts")
    if not isinstance(texts, list) or len(texts) > most or not all(isinstance(text, str) for text in texts):
        raise BadRequest(400, f"texts must be a list of at most {most} strings")
    return [clean(text) for text in texts]


def _body(request: Request) -> Dict[Text, Any]:
    if len(request.body) > MAX_BODY:
        raise BadRequest(413, "body too large")
    try:
        body = json.loads(request.body)
    except (ValueError, RecursionError) as error:
        raise BadRequest(400, "body is not JSON") from error
    if not isinstance(body, dict):
        raise BadRequest(400, "body must be an object")
    return body


def _checked_turn(body: Dict[Text, Any]) -> Turn:
    conversation = body.get("conversation")
    if not isinstance(conversation, str) or not _CONVERSATION.fullmatch(conversation):
        raise BadRequest(400, "conversation missing or malformed")
    text, payload = body.get("text"), body.get("payload")
    if (text is None) == (payload is None) or not isinstance(payload if text is None else text, str):
        raise BadRequest(400, "either text or payload must be a string")
    metadata = body.get("metadata") or {}
    if not isinstance(metadata, dict):
        raise BadRequest(400, "metadata must be an object")
    memory = body.get("memory")
    if not isinstance(memory, str):
        raise BadRequest(400, "memory must be a string")
    return Turn(conversation, text, payload, metadata, memory)


def clean(text: Text) -> Text:
    """Return at most MAX_TEXT characters without control characters and half surrogate pairs; lines stay lines."""
    return _UNPRINTABLE.sub(" ", text[: MAX_TEXT * 2]).strip()[:MAX_TEXT]


async def _understand(agent: Agent, text: Text) -> Dict[Text, Any]:
    # Rasa would take a typed "/restart" for an intent. People type a slash; only buttons carry payloads.
    data = await agent.parse_message(text.lstrip("/ \t\n") or " ")
    parts = data.get("parts", [])
    return {
        "text": text,
        "intent": _meant(data["intent"], parts),
        "parts": parts,
        "answers": data.get("answers", []),
        "entities": [{**entity, "value": entity.get("value")} for entity in data["entities"]],
        "intent_ranking": data.get("intent_ranking", [])[:6],
    }


def _meant(whole: Dict[Text, Any], parts: List[Dict[Text, Any]]) -> Dict[Text, Any]:
    """The first part, where two are sure and the whole is not, or where the whole is only polite."""
    unsure = whole["name"] == _FALLBACK and len(parts) > 1
    return parts[0] if parts and (unsure or whole["name"] in _POLITE) else whole


def _payload_data(agent: Agent, payload: Text) -> Dict[Text, Any]:
    try:
        intent, entities = parse_payload(payload, agent.domain.intents, agent.domain.entities)
    except PayloadRefused as error:
        raise BadRequest(422, str(error)) from error
    chosen = {"name": intent, "confidence": 1.0}
    return {"text": payload, "intent": chosen, "entities": entities, "intent_ranking": [chosen]}


def understood(parse_data: Dict[Text, Any]) -> Dict[Text, Any]:
    """Return the contract's `understood` object. The ranking never holds the fallback: it lists what was likely."""
    intent = parse_data["intent"]
    ranking = [entry for entry in parse_data["intent_ranking"] if entry["name"] != _FALLBACK]
    return {
        "intent": intent["name"] or _FALLBACK,
        "confidence": intent["confidence"],
        "entities": [{"entity": entry["entity"], "value": entry["value"]} for entry in parse_data["entities"]],
        "ranking": [{"name": entry["name"], "confidence": entry["confidence"]} for entry in ranking[:5]],
    }


def _root(error: BaseException) -> BaseException:
    while error.__cause__ is not None:
        error = error.__cause__
    return error
