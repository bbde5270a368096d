"""Rules for the things that addresses name, and who may see them: asked at the door, for every route.

Something of a conversation or a report that belongs to another office is as unknown as none: 404. Applications are
looked for within the officer's sight by the register itself (bot/applications/service.py). A part of an address that
stands in neither `RULES` nor `ELSEWHERE` fails tests/console/test_walls.py.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping
from typing import Any

from fastapi import HTTPException
from sqlalchemy import Select, select
from sqlalchemy.ext.asyncio import AsyncSession

from bot.complaints.models import Complaint
from bot.conversations.models import Conversation, Incoming, Outgoing, StoredFile
from bot.conversations.walls import Sight, seen, seen_or_mine
from bot.handoff.models import CallBack, HeldAnswer
from bot.refusals import refuse

WHY = "Tidak ada, atau milik kantor lain."

Rule = Callable[[Sight, int], Select[Any]]


def _conversation(sight: Sight, number: int) -> Select[Any]:
    return select(Conversation.id).where(Conversation.id == number, seen(sight))


def _answer(sight: Sight, number: int) -> Select[Any]:
    there = Conversation.id == Outgoing.conversation_id
    return select(Outgoing.id).join(Conversation, there).where(Outgoing.id == number, seen(sight))


def _file(sight: Sight, number: int) -> Select[Any]:
    query = select(StoredFile.id).join(Incoming, Incoming.id == StoredFile.incoming_id)
    query = query.join(Conversation, Conversation.id == Incoming.conversation_id)
    return query.where(StoredFile.id == number, seen(sight))


def _held(sight: Sight, number: int) -> Select[Any]:
    there = Conversation.id == HeldAnswer.conversation_id
    return select(HeldAnswer.id).join(Conversation, there).where(HeldAnswer.id == number, seen(sight))


def _call_back(sight: Sight, number: int) -> Select[Any]:
    there = Conversation.id == CallBack.conversation_id
    return select(CallBack.id).join(Conversation, there).where(CallBack.id == number, seen(sight))


def _report(sight: Sight, number: int) -> Select[Any]:
    own = seen_or_mine(Complaint.office, Complaint.conversation_id, sight)
    return select(Complaint.id).where(Complaint.id == number, own)


RULES: Mapping[str, Rule] = {
    "conversations/{conversation_id}": _conversation,
    "persons/{conversation_id}": _conversation,
    "new/{conversation}": _conversation,
    "{conversation}/{message}": _answer,
    "messages/{message_id}": _answer,
    "why/{message_id}": _answer,
    "sent-files/{message_id}": _answer,
    "files/{file_id}": _file,
    "held/{held_id}": _held,
    "call-backs/{call_back_id}": _call_back,
    "complaints/{report_id}": _report,
}
ELSEWHERE: Mapping[str, str] = {
    "acts/{act_id}": "only the officer's own acts",
    "applications/{number}": "the register looks within the sight",
    "contacts/{contact_id}": "of the application before it",
    "figures/{what}": "of the offices within the sight",
    "import/{upload_id}": "only the officer's own uploads; its rows are checked by the register",
    "attachments/{file_id}": "of the report before it",
    "drafts/{number}": "rights.only_own",
    "versions/{publication}": "rights.only_own",
    "questions/{question}": "of the draft before it",
    "proposals/{number}": "rights.only_own",
    "notices/{number}": "rights.only_own",
    "replies/{reply_id}": "of these offices (bot/handoff/answering/canned.py)",
    "special/{special_id}": "of these offices (bot/handoff/ownership/hours.py)",
    "rules/{rule_id}": "of these offices (bot/handoff/answering/approval.py)",
    "views/{view_id}": "one's own, or of these offices (bot/handoff/triage/views.py)",
    "labels/{label_id}": "of these offices (bot/handoff/triage/labels.py)",
    "services/{service_id}": "published knowledge, which everybody may read",
    "documents/{document_id}": "published knowledge, which everybody may read",
    "officers/{officer_id}": "for administrators, who see all",
    "holds/{hold_id}": "for administrators, who see all",
    "static/{name}": "the console's own files",
}


def parts(template: str) -> list[tuple[str, str]]:
    """("conversations/{conversation_id}", "conversation_id") and so on: what an address names, with what stands
    before it."""
    names = re.findall(r"(?=(?:^|/)([^/]+)/\{([a-z_]+)\})", template)
    return [(f"{before}/{{{name}}}", name) for before, name in names]


async def check(session: AsyncSession, sight: Sight, template: str, values: Mapping[str, Any]) -> None:
    """Raises 404 for what is out of sight, and for a number that is not written plainly: "+12", "12.0" and "0…012" are
    12 to whoever reads them afterwards."""
    if sight.offices is None:
        return
    for part, name in parts(template):
        rule, typed = RULES.get(part), str(values.get(name, ""))
        if rule is None:
            continue
        plain = typed.isascii() and typed.isdecimal() and len(typed) <= 18
        if not plain or (await session.execute(rule(sight, int(typed)))).first() is None:
            refuse("console", "other office")
            raise HTTPException(404, WHY)
