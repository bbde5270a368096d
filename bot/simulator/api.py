"""The simulator's JSON contract: a message takes the way of any other, and the call waits for its turn."""

from __future__ import annotations

import asyncio
import json
import re
import time
import uuid
from collections.abc import AsyncIterator
from typing import Annotated, Any

from fastapi import APIRouter, Header, HTTPException, Path, Query, Request
from pydantic import BaseModel, ConfigDict, Field, model_validator
from sqlalchemy import text
from sse_starlette import EventSourceResponse, ServerSentEvent

from bot.channels.simulator.kind import Simulator
from bot.conversations import inbox
from bot.conversations.runtime import Runtime
from bot.messages import IncomingMessage

WAIT = 30.0  # seconds a call waits for its turn
LOOK = 1.0  # seconds after which the database is asked even without an event
_EVENT_ID = re.compile(r"\d{1,18}", re.ASCII)
Name = Annotated[str, Path(pattern=r"^[A-Za-z0-9_-]{1,64}$")]


class NewMessage(BaseModel):
    """Exactly one of `text`, `payload`, or `menu` with `choice`. `id` makes sending again harmless."""

    model_config = ConfigDict(extra="forbid")
    text: str | None = None
    payload: str | None = None
    menu: Annotated[int, Field(ge=0, lt=2**62)] | None = None
    choice: Annotated[int, Field(ge=0, le=100)] | None = None
    id: Annotated[str, Field(max_length=100)] | None = None

    @model_validator(mode="after")
    def one(self) -> NewMessage:
        if sum(value is not None for value in (self.text, self.payload, self.menu)) != 1:
            raise ValueError("give one of text, payload, menu")
        return self


_TURN = text("""
select c.owner, i.handled_at is not null as handled, i.understood,
    coalesce((select jsonb_agg(jsonb_build_object(
            'id', o.id, 'text', o.text, 'buttons', o.buttons, 'sources', o.sources) order by o.id)
        from outgoing_messages o where o.in_reply_to = i.id and o.status <> 'held'), '[]') as replies
from incoming_messages i join conversations c on c.id = i.conversation_id where i.id = :message
""")

_HISTORY = text("""
select * from (
    select id, 'out' as direction, text, buttons, sources, created_at as at,
        case author when 'officer' then 'officer' else 'bot' end as author, status, '' as payload, file
    from outgoing_messages where conversation_id = :id and id > :after and status not in ('held', 'suppressed')
    union all
    select i.id, 'in', coalesce(nullif(i.text, ''), menu.buttons->i.choice->>'title', ''), '[]', '[]',
        i.received_at, 'applicant', 'sent', i.payload, null
    from incoming_messages i
    left join outgoing_messages menu on menu.id = i.menu and menu.conversation_id = i.conversation_id
    where i.conversation_id = :id and :after = 0
    order by at desc, direction desc, id desc limit 200
) newest order by at, direction, id
""")

_SENT = text("""
select id, 'out' as direction, text, buttons, sources, created_at as at,
    case author when 'officer' then 'officer' else 'bot' end as author, status, '' as payload, file
from outgoing_messages
where conversation_id = :id and id > :after and status in ('sent', 'delivered', 'read') order by id
""")

_CONVERSATION = text("select id, owner from conversations where channel = :channel and address = :name").bindparams(
    channel=Simulator.name
)


def _bubble(runtime: Runtime, row: Any) -> dict[str, Any]:
    """What the phone shows. A file is a link to it below the text."""
    file = {"name": row.file["filename"], "url": runtime.file_path(row.id)} if row.file else None
    return {
        "id": row.id,
        "direction": row.direction,
        "text": row.text or row.payload,
        "buttons": row.buttons,
        "sources": row.sources,
        "at": row.at.isoformat(),
        "author": row.author,
        "status": row.status,
        "file": file,
    }


def simulator_api(runtime: Runtime) -> APIRouter:
    router = APIRouter(prefix="/api/simulator", tags=[Simulator.name])

    @router.post("/{conversation}/messages")
    async def post_message(conversation: Name, message: NewMessage) -> dict[str, Any]:
        """Send a message as an applicant; answered when the turn is done. 504 after 30 s (the reply still comes)."""
        incoming = IncomingMessage(
            channel=Simulator.name,
            address=conversation,
            provider_id=f"{conversation}:{message.id or uuid.uuid4().hex}",
            kind="text" if message.text is not None else "payload",
            text=message.text or "",
            payload=message.payload or "",
            menu=message.menu,
            choice=message.choice,
        )
        stored = await inbox.store(runtime, incoming, until_on_disk=False)
        if stored is None:
            raise HTTPException(409, "this message was already received")
        return await _wait_for_turn(runtime, *stored)

    @router.get("/{conversation}/messages")
    async def history(conversation: Name, after: Annotated[int, Query(ge=0, lt=2**62)] = 0) -> dict[str, Any]:
        """The newest 200 messages, oldest first; with `after`, only outgoing ones with a larger id."""
        async with runtime.database.session() as session:
            found = (await session.execute(_CONVERSATION, {"name": conversation})).one_or_none()
            if found is None:
                return {"messages": [], "owner": "bot"}
            rows = (await session.execute(_HISTORY, {"id": found.id, "after": after})).all()
        return {"messages": [_bubble(runtime, row) for row in rows], "owner": found.owner}

    @router.get("/{conversation}/stream")
    async def stream(
        request: Request, conversation: Name, last_event_id: Annotated[str | None, Header()] = None
    ) -> EventSourceResponse:
        """Server-sent events: `message` for every outgoing message, `owner` when the speaker changes."""
        after = int(last_event_id) if last_event_id and _EVENT_ID.fullmatch(last_event_id) else None
        return EventSourceResponse(_stream(runtime, request, conversation, after), ping=15)

    return router


async def _wait_for_turn(runtime: Runtime, message_id: int, conversation_id: int) -> dict[str, Any]:
    deadline = time.monotonic() + WAIT
    with runtime.events.subscribe(conversation_id) as events:
        while True:
            if not runtime.events.was_handled(message_id):
                heard = await _next(events, min(LOOK, deadline - time.monotonic()))
                if heard is not None and heard.get("handled") != message_id:
                    continue
            (row,) = await runtime.database.run(_TURN, {"message": message_id})
            if row.handled:
                understood = row.understood
                if understood is not None:
                    understood = {key: understood[key] for key in ("intent", "family", "confidence")}
                return {"replies": row.replies, "understood": understood, "owner": row.owner}
            if time.monotonic() >= deadline:
                raise HTTPException(504, "the turn takes longer than usual; the answer will follow")


async def _next(events: asyncio.Queue[dict[str, Any]], seconds: float) -> dict[str, Any] | None:
    try:
        return await asyncio.wait_for(events.get(), max(seconds, 0.01))
    except TimeoutError:
        return None


async def _stream(runtime: Runtime, request: Request, name: str, after: int | None) -> AsyncIterator[ServerSentEvent]:
    """Everything new since `after` (or since now), until the reader goes away."""
    conversation_id, owner = await _conversation(runtime, name)
    if after is None:
        after = await _newest(runtime, conversation_id)
    while conversation_id is None:  # nothing was ever written here yet
        await asyncio.sleep(LOOK)
        conversation_id, owner = await _conversation(runtime, name)
    while conversation_id is not None and not await request.is_disconnected():
        with runtime.events.subscribe(conversation_id) as events:
            stays = True
            while stays and not await request.is_disconnected():
                async with runtime.database.session() as session:
                    rows = (await session.execute(_SENT, {"id": conversation_id, "after": after})).all()
                for row in rows:
                    after = row.id
                    yield ServerSentEvent(json.dumps(_bubble(runtime, row)), event="message", id=str(row.id))
                now, speaker = await _conversation(runtime, name)
                if speaker != owner:
                    owner = speaker
                    yield ServerSentEvent(json.dumps({"owner": owner}), event="owner")
                stays = now in (conversation_id, None)
                if stays:
                    await _next(events, 15.0)
        conversation_id = now  # erased on the person's wish: the name has a new, empty conversation


async def _conversation(runtime: Runtime, name: str) -> tuple[int | None, str]:
    async with runtime.database.session() as session:
        found = (await session.execute(_CONVERSATION, {"name": name})).one_or_none()
    return (found.id, found.owner) if found else (None, "bot")


async def _newest(runtime: Runtime, conversation_id: int | None) -> int:
    if conversation_id is None:
        return 0
    async with runtime.database.session() as session:
        newest = await session.execute(
            text("select coalesce(max(id), 0) from outgoing_messages where conversation_id = :id"),
            {"id": conversation_id},
        )
        return int(newest.scalar_one())
