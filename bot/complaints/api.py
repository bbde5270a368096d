"""`/api/v1/complaints`: an office's own system tells the tracking id that LAPOR! gave. Signed like a delivery to it."""

from __future__ import annotations

import hmac
from datetime import UTC, datetime, timedelta
from typing import Annotated, Any

from fastapi import APIRouter, Header, HTTPException, Path, Request
from pydantic import BaseModel, ConfigDict, Field
from sqlalchemy import select
from sqlalchemy.ext.asyncio import AsyncSession

from bot.complaints import office
from bot.complaints.connector import signature
from bot.complaints.desk import for_staff
from bot.complaints.models import Complaint, ComplaintDelivery
from bot.complaints.telling import tell
from bot.conversations.runtime import Runtime
from bot.knowledge.load import get_knowledge
from bot.refusals import refuse

FRESH = timedelta(minutes=5)

routes = APIRouter(prefix="/api/v1/complaints", tags=["complaints"])
Key = Annotated[str, Path(max_length=60, description="`key` of the report as it was delivered.")]
Timestamp = Annotated[str, Header(alias="X-Pandu-Timestamp", pattern=r"^\d{1,12}$")]
Signature = Annotated[str, Header(alias="X-Pandu-Signature", max_length=100)]


class TrackingIn(BaseModel):
    """What LAPOR! gave for the report: 5 to 10 digits."""

    model_config = ConfigDict(extra="forbid")
    tracking_id: Annotated[str, Field(pattern=r"^[1-9]\d{4,9}$", examples=["1916449"])]


class TrackingOut(BaseModel):
    tracking_id: str
    status: str


@routes.post("/{key}/tracking", response_model=TrackingOut)
async def tracking(key: Key, body: TrackingIn, request: Request, sent_at: Timestamp, signed: Signature) -> Any:
    """The report is in LAPOR!: from now on it counts as such, and the citizen is told. Repeating it changes nothing.

    `X-Pandu-Signature` is made over the timestamp, a full stop and the body, with the secret of deliveries. 401: it
    does not fit, or is older than five minutes. 404: no such report. 409: another tracking id is known already.
    """
    runtime: Runtime = request.app.state.runtime
    now = datetime.now(UTC)
    async with runtime.database.session() as session:
        delivery = await _delivery(session, key)
        row = await session.get(Complaint, delivery.complaint_id, with_for_update=True) if delivery else None
        target = runtime.settings.complaint_connectors.get(row.office) if row else None
        if delivery is None or row is None or target is None:
            raise HTTPException(404, "there is no such report")
        right = signature(target.secret.get_secret_value(), sent_at, await request.body())
        fresh = abs(now.timestamp() - int(sent_at)) <= FRESH.total_seconds()
        if not fresh or not hmac.compare_digest(right.encode(), signed.encode()):
            refuse("connector", "wrong signature" if fresh else "too old")
            raise HTTPException(401, "the signature does not fit, or is too old")
        if row.tracking_id not in (None, body.tracking_id):
            raise HTTPException(409, "another tracking id is known already")
        if row.tracking_id is None:
            await _record(runtime, session, row, body.tracking_id, now)
        if delivery.status != "sent":  # the answer to the delivery may be on its way still, or was lost
            delivery.status, delivery.error = "sent", ""
        return {"tracking_id": body.tracking_id, "status": row.status}


async def _delivery(session: AsyncSession, key: str) -> ComplaintDelivery | None:
    query = select(ComplaintDelivery).where(ComplaintDelivery.key == key).with_for_update()
    return (await session.execute(query)).scalar_one_or_none()


async def _record(runtime: Runtime, session: AsyncSession, row: Complaint, tracking_id: str, now: datetime) -> None:
    settings = runtime.settings
    desk = for_staff(session, row, get_knowledge(), now, settings.timezone, settings.files_dir)
    try:
        told = await office.submitted(desk, row, tracking_id, "connector")
    except ValueError:
        raise HTTPException(409, "this tracking id belongs to another report") from None
    await tell(runtime, session, row.conversation_id, told.text, told.buttons)
