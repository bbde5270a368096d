"""`/api/v1/applications`: for the office's own systems, with an API key. Described in /openapi.json."""

from __future__ import annotations

import hashlib
from collections.abc import AsyncIterator, Awaitable, Callable
from contextlib import asynccontextmanager
from dataclasses import dataclass
from datetime import date, datetime
from typing import Annotated, Any

from fastapi import APIRouter, Depends, Header, HTTPException, Query, Request, Response, Security
from fastapi.encoders import jsonable_encoder
from fastapi.security import HTTPAuthorizationCredentials, HTTPBearer
from pydantic import BaseModel, ConfigDict, Field
from sqlalchemy import select, update
from sqlalchemy.dialects.postgresql import insert

from bot.applications import access, keys, news, printing
from bot.applications.errors import Busy, Conflict, NotAllowed, NotFound, RegisterError
from bot.applications.models import ApiKey, ApiRequest, Application, ApplicationEvent
from bot.applications.posting import register_of, wake
from bot.applications.service import NewApplication, Register, add, advance, find, stage_of, timeline
from bot.audit.service import note
from bot.callers import recognised
from bot.conversations.runtime import Runtime
from bot.refusals import refuse
from bot.slowly import Beside, with_slow

_STATUS = {NotFound: 404, NotAllowed: 422, Conflict: 409, Busy: 503}
_KEY = HTTPBearer(auto_error=False, scheme_name="API key", description="`Authorization: Bearer pdk_…`")
Given = Annotated[HTTPAuthorizationCredentials | None, Security(_KEY)]
Short = Annotated[str, Field(max_length=200)]


class Strict(BaseModel):
    model_config = ConfigDict(extra="forbid")


class ApplicationIn(Strict):
    """A new application. `stage` empty: the first of the procedure."""

    service: Short = Field(examples=["magetan-perluasan"])
    procedure: Short = ""
    reference: Annotated[str, Field(min_length=1, max_length=100, description="The office's own number.")]
    applicant: Short = ""
    business: Short = ""
    received_on: date | None = None
    phones: Annotated[list[Short], Field(max_length=5, description="Checked by the office; opens the status.")] = []
    emails: Annotated[list[Short], Field(max_length=5)] = []
    stage: Short = ""
    stage_on: date | None = None
    counted_from: Annotated[date | None, Field(description="Since when the promised time runs, in a later stage.")] = (
        None
    )


class EventIn(Strict):
    """Moves an application. `expected` is the stage that you saw.

    A reason of at least 10 characters is needed for a rejection and for work that goes back to the applicant
    (`perbaikan`): what is missing, or why. A correction needs a reason, too.
    """

    stage: Short
    reason: Annotated[
        str,
        Field(max_length=500, description="The applicant reads it. Needed for rejections, mending and corrections."),
    ] = ""
    on: date | None = None
    expected: Short = ""
    correction: bool = False


class EventOut(BaseModel):
    kind: str
    stage: str
    before: str | None
    reason: str
    actor: str
    happened_at: datetime
    recorded_at: datetime


class ApplicationOut(BaseModel):
    """`due_on`: the last day of the promise while its time runs. `next`: the stages that may follow."""

    number: str
    office: str
    service: str
    procedure: str
    reference: str | None
    applicant: str
    business: str
    received_on: date
    stage: str
    stage_title: str
    stage_since: datetime
    turn: str
    waits_for: str
    due_on: date | None
    next: list[str]
    version: int
    events: list[EventOut] = []


class ListOut(BaseModel):
    """`after`: give it with the next request for the following page; None at the end."""

    applications: list[ApplicationOut]
    after: int | None


class ClaimOut(BaseModel):
    """The code is shown only now; codes made before for this application end."""

    code: str
    valid_days: int


@dataclass(frozen=True, slots=True)
class Caller:
    """Who asks, inside the request's one transaction."""

    runtime: Runtime
    register: Register
    key: ApiKey

    @property
    def actor(self) -> str:
        return f"api:{self.key.name}"

    def may(self, office: str) -> bool:
        return self.key.office in ("", office)


routes = APIRouter(prefix="/api/v1/applications", tags=["applications"])


async def _caller(request: Request, given: Given) -> AsyncIterator[Caller]:
    """The holder of the key, in a transaction that is committed before the answer is sent."""
    runtime: Runtime = request.app.state.runtime
    async with runtime.database.session() as session:
        register = register_of(runtime, session)
        key = await keys.holder(register, given.credentials) if given else None
        if key is None:
            refuse("api", "wrong key" if given else "missing key")
            raise HTTPException(401, "a valid API key is needed", {"WWW-Authenticate": "Bearer"})
        recognised(request)
        try:
            yield Caller(runtime, register, key)
        except RegisterError as error:
            raise HTTPException(_STATUS.get(type(error), 422), str(error)) from None


Asking = Annotated[Caller, Depends(_caller, scope="function")]
Once = Annotated[str, Header(alias="Idempotency-Key", max_length=100)]


@routes.post("", status_code=201, response_model=ApplicationOut)
async def create(body: ApplicationIn, asking: Asking, response: Response, once: Once = "") -> Any:
    """Registers an application. 409 when the reference is registered already."""
    service = asking.register.knowledge.services.get(body.service)
    if service and not asking.may(service.office):
        refuse("api", "other office")
        raise HTTPException(403, "this key is for another office")

    async def work() -> dict[str, Any]:
        done = await add(asking.register, NewApplication(**body.model_dump()), asking.actor)
        return await _shown(asking.register, done.application)

    return await _once(asking, once, body, "create", 201, response, work)


@routes.get("", response_model=ListOut)
async def listing(
    asking: Asking,
    stage: str = "",
    reference: str = "",
    after: int = 0,
    limit: Annotated[int, Query(ge=1, le=200)] = 50,
) -> Any:
    """Applications in the order of registration, without their events."""
    query = select(Application).where(Application.id > after).order_by(Application.id).limit(limit)
    for column, value in (("stage", stage), ("reference", reference), ("office", asking.key.office)):
        query = query.where(getattr(Application, column) == value) if value else query
    found = list(await asking.register.session.scalars(query))
    await access.note_listed(asking.register, [one.id for one in found], asking.actor)
    return {
        "applications": [_out(asking.register, one, []) for one in found],
        "after": found[-1].id if len(found) == limit else None,
    }


@routes.get("/{number}", response_model=ApplicationOut)
async def one(number: str, asking: Asking) -> Any:
    """One application with its timeline."""
    application = await _own(asking, number)
    await access.note(asking.register, "shown", None, application.id, asking.actor)
    return await _shown(asking.register, application)


@routes.post("/{number}/events", status_code=201, response_model=ApplicationOut)
async def move(number: str, body: EventIn, asking: Asking, response: Response, once: Once = "") -> Any:
    """Moves an application on, or corrects it. 409 when it is no longer in the `expected` stage."""
    who = ((await _own(asking, number)).id, asking.actor)

    async def work() -> dict[str, Any]:
        done = await advance(
            asking.register,
            number,
            body.stage,
            asking.actor,
            reason=body.reason,
            on=body.on,
            expected=body.expected,
            correction=body.correction,
        )
        await access.note(asking.register, "shown", None, done.application.id, asking.actor)
        if await news.queue(asking.register, done.event, done.application):
            await wake(asking.runtime, asking.register.session)
        return await _shown(asking.register, done.application)

    try:
        return await _once(asking, once, body, f"move {number}", 201, response, work)
    except RegisterError:
        await _noted_apart(asking, *who)
        raise


@routes.post("/{number}/claim-code", status_code=201, response_model=ClaimOut)
async def claim_code(number: str, request: Request, given: Given) -> Any:
    """A claim code for a receipt that your own system prints. 503 while too many are made."""

    async def made(beside: Beside) -> str:
        async with asynccontextmanager(_caller)(request, given) as asking:
            application = await _own(asking, number)
            (one,) = await printing.codes(asking.register, [application], asking.actor, beside)
            await note(asking.register.session, asking.actor, "application.claim-code", "application", application.id)
        return one.code

    return {"code": await with_slow(made), "valid_days": access.RECEIPT_LIFETIME.days}


async def _noted_apart(asking: Caller, application_id: int, actor: str) -> None:
    """A refusal tells the stage, and its own transaction is undone."""
    await asking.register.session.rollback()
    async with asking.runtime.database.session() as session:
        await access.note(register_of(asking.runtime, session), "shown", None, application_id, actor)


async def _own(asking: Caller, number: str) -> Application:
    """The application, if the key is for its office: a foreign one is as unknown as none."""
    application = await find(asking.register, number)
    if not asking.may(application.office):
        raise NotFound(f"there is no application {number[:20]}", f"tidak ada permohonan {number[:20]}")
    return application


async def _once(
    asking: Caller,
    key: str,
    body: BaseModel,
    what: str,
    status: int,
    response: Response,
    work: Callable[[], Awaitable[dict[str, Any]]],
) -> dict[str, Any]:
    """Does the work, or repeats the answer that the same Idempotency-Key got. 422 when it came with other content."""
    if not key:
        return await work()
    session = asking.register.session
    asked = hashlib.sha256(f"{what}\n{body.model_dump_json()}".encode()).hexdigest()
    row = {"key_id": asking.key.id, "idempotency_key": key}
    claimed = insert(ApiRequest).values(**row, request_hash=asked, status=status, answer={})
    if (await session.execute(claimed.on_conflict_do_nothing().returning(ApiRequest.status))).first() is None:
        before = await session.get_one(ApiRequest, (asking.key.id, key))
        if before.request_hash != asked:
            raise NotAllowed(
                "this Idempotency-Key was used for another request", "Idempotency-Key sudah dipakai untuk hal lain"
            )
        response.headers["Idempotency-Replayed"] = "true"
        again = await find(asking.register, before.answer["number"])
        await access.note(asking.register, "shown", None, again.id, asking.actor)
        return before.answer
    answer: dict[str, Any] = jsonable_encoder(await work())
    await session.execute(
        update(ApiRequest)
        .where(ApiRequest.key_id == asking.key.id, ApiRequest.idempotency_key == key)
        .values(answer=answer)
    )
    return answer


async def _shown(register: Register, application: Application) -> dict[str, Any]:
    return _out(register, application, await timeline(register, application.id))


def _out(register: Register, application: Application, events: list[ApplicationEvent]) -> dict[str, Any]:
    stage = stage_of(register.knowledge, application)
    names = [name for name in ApplicationOut.model_fields if hasattr(application, name)]
    shown = {name: getattr(application, name) for name in names if name not in ("events", "next")}
    return {
        **shown,
        "stage_title": stage.title,
        "waits_for": stage.waits_for,
        "next": stage.next,
        "events": [{name: getattr(event, name) for name in EventOut.model_fields} for event in events],
    }
