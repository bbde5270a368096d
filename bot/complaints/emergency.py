"""A threat in any message: the number to call, a person at once, no more questions."""

from __future__ import annotations

from dataclasses import replace

from bot.answers.text import references, source_line
from bot.complaints import wording
from bot.complaints.desk import Desk, drafting, touch
from bot.handoff.people import RequestPerson
from bot.messages import Button, Reply


async def emergency(desk: Desk, request_person: RequestPerson, concerned: str = "") -> Reply:
    """110 and a person at once; a report that was being made is put aside. `concerned`: the service at hand."""
    if row := await drafting(desk):
        row.status = "paused"
        await touch(desk, row)
    fact = desk.knowledge.complaints.emergency
    refs = references(desk.knowledge, [fact.source])
    text = wording.EMERGENCY.format(fact=fact.text, source=source_line(refs))
    stands = await request_person(
        desk.session, desk.conversation, wording.REASON_EMERGENCY, kind="emergency", service=concerned
    )
    if stands is None:
        return Reply(text, (Button("Kembali ke Pandu", "/back_to_bot"),), refs)
    return replace(stands, text=f"{text}\n\n{stands.text}", sources=refs)
