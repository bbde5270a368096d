"""Delivery to an office's own system, for offices with an agreement. Off unless configured; see docs/complaints.md.

A signed HTTPS POST per report. The same `Idempotency-Key` goes with every try, so that a report counts once however
often it arrives. What the other side refuses for good, or does not take in twelve tries, ends in the dead-letter list.
"""

from __future__ import annotations

import base64
import hashlib
import hmac
import json
import re
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from pathlib import Path
from typing import TYPE_CHECKING, Any, Literal

import httpx
import structlog
from sqlalchemy import select

from bot.answers.payloads import person_button
from bot.complaints import wording
from bot.complaints.desk import Reports, facts_for, for_staff
from bot.complaints.facts import Facts
from bot.complaints.files import prepare
from bot.complaints.models import Complaint, ComplaintDelivery, ComplaintFile
from bot.complaints.sending import tap
from bot.complaints.telling import tell
from bot.complaints.tracking import record
from bot.knowledge.load import get_knowledge
from bot.settings import ConnectorSettings

if TYPE_CHECKING:
    from bot.conversations.runtime import Runtime

log = structlog.get_logger()
ATTEMPTS = 12
CLAIMED_FOR = timedelta(minutes=5)
LONGEST_WAIT = timedelta(hours=6)
TIMEOUT = 20.0
MOST_BYTES = 65_536  # of an answer
_RETRIED = frozenset({408, 425, 429})
_TAKEN = frozenset({200, 201, 202, 409})
_TRACKING = re.compile(r"[1-9]\d{4,9}")


@dataclass(frozen=True, slots=True)
class Outcome:
    """What one try led to. `wait` is what the other side asked for; `error` (no personal data) is for officers."""

    kind: Literal["taken", "again", "refused"]
    receipt: str = ""
    tracking: str = ""
    error: str = ""
    wait: timedelta | None = None


def contents(row: Complaint, key: str, facts: Facts, files: Sequence[tuple[ComplaintFile, bytes]]) -> bytes:
    """The report as JSON (UTF-8). Without name and contact when it is anonymous."""
    reporter = None if facts.anonymous else {"name": facts.get("name"), "contact": facts.get("contact")}
    report = {
        "version": 1,
        "key": key,
        "kind": facts.get("kind") or "pengaduan",
        "title": row.title,
        "body": row.body,
        "date": facts.when.isoformat() if facts.when else None,
        "place": facts.get("place"),
        "office": {"id": row.office, "name": facts.office_name},
        "service": {"id": row.service, "name": facts.service_name},
        "application_number": facts.number or None,
        "recipient": row.recipient,
        "anonymous": facts.anonymous,
        "secret": facts.secret,
        "reporter": reporter,
        "confirmed_at": row.confirmed_at.isoformat() if row.confirmed_at else None,
        "attachments": [
            {
                "filename": f"lampiran-{number}{Path(file.path).suffix}",
                "media_type": file.media_type,
                "sha256": hashlib.sha256(content).hexdigest(),
                "base64": base64.b64encode(content).decode(),
            }
            for number, (file, content) in enumerate(files, start=1)
        ],
    }
    return json.dumps(report, ensure_ascii=False, separators=(",", ":"), sort_keys=True).encode()


def signature(secret: str, timestamp: str, body: bytes) -> str:
    """ "sha256=" and the HMAC of `timestamp`, a full stop and the body."""
    return "sha256=" + hmac.new(secret.encode(), f"{timestamp}.".encode() + body, hashlib.sha256).hexdigest()


async def post(target: ConnectorSettings, key: str, body: bytes, now: datetime) -> Outcome:
    """One try. Never raises for anything the network or the other side does."""
    timestamp = str(int(now.timestamp()))
    headers = {
        "Content-Type": "application/json",
        "Idempotency-Key": key,
        "X-Pandu-Timestamp": timestamp,
        "X-Pandu-Signature": signature(target.secret.get_secret_value(), timestamp, body),
    }
    try:
        async with (
            httpx.AsyncClient(timeout=TIMEOUT, follow_redirects=False, trust_env=False) as client,
            client.stream("POST", target.url, content=body, headers=headers) as response,
        ):
            answer = b""
            async for chunk in response.aiter_bytes():
                answer += chunk
                if len(answer) > MOST_BYTES:
                    return Outcome("again", error="the answer is too long")
            return _judge(response, answer)
    except httpx.HTTPError as error:
        return Outcome("again", error=type(error).__name__)


async def deliver_due(runtime: Runtime, now: datetime) -> int:
    """Tries every delivery whose time has come, one after the other; returns how many were tried."""
    tried = 0
    while delivery := await _claim(runtime, now):
        tried += 1
        async with runtime.database.session() as session:
            row = await session.get(Complaint, delivery.complaint_id)
            target = runtime.settings.complaint_connectors.get(row.office) if row else None
            if row is None or target is None:
                outcome = Outcome("refused", error="no connector is configured for this office")
            else:
                outcome = await post(
                    target,
                    delivery.key,
                    await _body(runtime, _desk(runtime, session, row, now), row, delivery.key),
                    now,
                )
        await _settle(runtime, delivery.id, outcome, now)
    return tried


def _judge(response: httpx.Response, answer: bytes) -> Outcome:
    status = response.status_code
    if status in _TAKEN:
        receipt, tracking = _receipt(answer)
        if receipt:
            return Outcome("taken", receipt, tracking)
        return Outcome("again", error=f"{status} without a receipt")
    if status in _RETRIED or status >= 500:
        return Outcome("again", error=str(status), wait=_retry_after(response))
    return Outcome("refused", error=str(status))


def _receipt(answer: bytes) -> tuple[str, str]:
    try:
        found: Any = json.loads(answer)
    except ValueError:
        return "", ""
    if not isinstance(found, dict) or not isinstance(found.get("receipt"), str):
        return "", ""
    receipt = "".join(one for one in found["receipt"] if one.isprintable())[:60].strip()
    tracking = found.get("tracking_id")
    return receipt, tracking if isinstance(tracking, str) and _TRACKING.fullmatch(tracking) else ""


def _retry_after(response: httpx.Response) -> timedelta | None:
    value = response.headers.get("Retry-After", "")
    return timedelta(seconds=int(value)) if value.isdecimal() and len(value) <= 5 else None


async def _claim(runtime: Runtime, now: datetime) -> ComplaintDelivery | None:
    """The next due delivery, put off so that no other worker takes it, also when this one dies."""
    query = (
        select(ComplaintDelivery)
        .where(ComplaintDelivery.status == "pending", ComplaintDelivery.next_at <= now)
        .order_by(ComplaintDelivery.next_at)
        .limit(1)
        .with_for_update(skip_locked=True)
    )
    async with runtime.database.session() as session:
        found = (await session.execute(query)).scalar_one_or_none()
        if found is not None:
            found.attempts += 1
            found.next_at = now + CLAIMED_FOR
        return found


async def _body(runtime: Runtime, desk: Reports, row: Complaint, key: str) -> bytes:
    files = [one for one in await prepare(desk, row) if one.path]
    loaded = [(one, (runtime.settings.files_dir / one.path).read_bytes()) for one in files]
    return contents(row, key, await facts_for(desk, row), loaded)


async def _settle(runtime: Runtime, delivery_id: int, outcome: Outcome, now: datetime) -> None:
    """Records the outcome, and tells the person when it is final."""
    from bot.conversations.outbox import say

    async with runtime.database.session() as session:
        delivery = await session.get(ComplaintDelivery, delivery_id, with_for_update=True)
        row = await session.get(Complaint, delivery.complaint_id, with_for_update=True) if delivery else None
        if delivery is None or row is None or delivery.status != "pending":
            return
        delivery.error = outcome.error
        office = runtime_office(row)
        if outcome.kind == "taken":
            delivery.status, delivery.receipt = "sent", outcome.receipt
            desk = _desk(runtime, session, row, now)
            if outcome.tracking:
                told = (await record(desk, row, outcome.tracking, "connector"))[0]
                await tell(runtime, session, row.conversation_id, told.text, told.buttons)
                return
            row.status = "received"
            text = wording.CONNECTOR_RECEIVED.format(office=office, receipt=outcome.receipt)
            await tell(runtime, session, row.conversation_id, text, [tap(row, wording.MINE, "list")])
        elif outcome.kind == "again" and delivery.attempts < ATTEMPTS:
            delivery.next_at = now + max(_backoff(delivery.attempts), outcome.wait or timedelta())
        else:
            delivery.status = "dead"
            log.warning("report not delivered", complaint=row.id, office=row.office, error=outcome.error)
            buttons = [tap(row, wording.SELF, "way", "self"), person_button("complaint")]
            text = wording.CONNECTOR_DEAD.format(office=office)
            await say(runtime, session, row.conversation_id, text, "system", buttons)


def runtime_office(row: Complaint) -> str:
    office = get_knowledge().offices.get(row.office)
    return office.name if office else "kantor"


def _backoff(attempts: int) -> timedelta:
    return min(timedelta(minutes=2 ** (attempts - 1)), LONGEST_WAIT)


def _desk(runtime: Runtime, session: Any, row: Complaint, now: datetime) -> Reports:
    settings = runtime.settings
    return for_staff(session, row, get_knowledge(), now, settings.timezone, settings.files_dir)
