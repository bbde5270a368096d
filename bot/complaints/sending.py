"""From the yes to the hand-over: which ways are open, the pieces to copy, the queue of the office, the connector.

Nothing here says that a report is in LAPOR!: only a tracking id does (see `bot.complaints.tracking`).
"""

from __future__ import annotations

import uuid

from sqlalchemy import select

from bot.answers.contacts import office_complaints, office_contacts
from bot.answers.payloads import TO_MENU, button, person_button
from bot.answers.text import SECONDARY, contact_text, fact_text, references, source_line
from bot.complaints import wording
from bot.complaints.desk import Reports, facts_for, note, touch
from bot.complaints.models import Complaint, ComplaintDelivery
from bot.dates import say_date
from bot.knowledge.complaint_models import Body
from bot.knowledge.models import Source
from bot.messages import Button, Reply
from bot.working_days import NATIONAL

WAYS = {"self": wording.SELF, "officer": wording.OFFICER, "connector": wording.CONNECTOR}
NOT_FOR_STAFF = frozenset({"bribe", "corruption"})
"""Causes that the office's own staff are not to read first."""

CHECK_BACK = 10
"""Working days after which Pandu asks about a report that went elsewhere than LAPOR!. Our own choice, no rule."""


def ways(desk: Reports, row: Complaint) -> list[str]:
    """The ways open for this report, the citizen's own always."""
    body = body_of(desk, row)
    found = ["self"]
    if row.route in NOT_FOR_STAFF or body is None:
        return found
    if body.lapor and desk.ways.officers & {"*", row.office}:
        found.append("officer")
    if row.office in desk.ways.connectors and (body.lapor or body.id == "office"):
        found.append("connector")
    return found


async def state(desk: Reports, row: Complaint) -> list[Reply]:
    """What the person can do now with a report that was agreed to."""
    from bot.complaints.tracking import one_line, stage_line

    if row.status == "ready":
        buttons = [tap(row, WAYS[one], "way", one) for one in ways(desk, row)]
        return [Reply(wording.READY, (*buttons, person_button("complaint")))]
    stage, _ = stage_line(desk, row)
    text = "\n\n".join(filter(None, (one_line(desk, row), stage)))
    return [Reply(text, (*actions(desk, row), TO_MENU))]


async def hand_over(desk: Reports, row: Complaint, way: str) -> list[Reply]:
    """Sends the report on its way. A way that is not open, or a second hand-over of a sent report, shows the state."""
    if row.moved_by == desk.message and row.status != "ready":
        return await pieces(desk, row) if row.status == "handed" else await state(desk, row)
    open_ways = ways(desk, row)
    if way not in open_ways or not await _may_change(desk, row):
        return await state(desk, row)
    body = body_of(desk, row)
    row.step = ""
    match way:
        case "self":
            row.status, row.step = "handed", "tracking" if body and body.lapor else ""
            replies = await pieces(desk, row)
        case "officer":
            row.status = "queued"
            others = (tap(row, wording.SELF, "way", "self"), tap(row, wording.MINE, "list"))
            replies = [Reply(wording.QUEUED.format(recipient=body.name if body else "LAPOR!"), others)]
        case _:
            row.status = "sending"
            await _queue_delivery(desk, row)
            office = desk.knowledge.offices[row.office].name
            replies = [Reply(wording.SENDING.format(office=office), (tap(row, wording.MINE, "list"),))]
    note(desk, row, f"way:{way}", "citizen")
    row.reminded = {}
    await touch(desk, row)
    return replies


async def pieces(desk: Reports, row: Complaint) -> list[Reply]:
    """The finished text to copy: first where and the short fields, then the title and the body alone."""
    body = body_of(desk, row)
    if body is None:
        return await state(desk, row)
    head = await _lapor_head(desk, row, body) if body.lapor else await _other_head(desk, row, body)
    after = wording.ASK_TRACKING if body.lapor else wording.AFTER_BODY
    return [head, Reply(row.title), Reply(row.body), Reply(after, actions(desk, row))]


def actions(desk: Reports, row: Complaint) -> tuple[Button, ...]:
    """Buttons that fit the state of a report."""
    body = body_of(desk, row)
    more = tuple(tap(row, WAYS[one], "way", one) for one in ways(desk, row) if one != "self")
    match row.status:
        case "ready":
            return tuple(tap(row, WAYS[one], "way", one) for one in ways(desk, row))
        case "handed" if body and body.lapor:
            return (tap(row, wording.SENT, "sent"), *more, tap(row, wording.CANCEL, "withdraw"))
        case "handed" if not row.submitted_at:
            return (tap(row, wording.SENT, "sent"), *more, tap(row, wording.CANCEL, "withdraw"))
        case "queued":
            return (tap(row, wording.SELF, "way", "self"), tap(row, wording.CANCEL, "withdraw"))
        case "handed" | "submitted":
            return (tap(row, wording.ANSWERED, "answered"), tap(row, wording.NOT_ANSWERED, "unanswered"))
        case "answered" | "reopened":
            return (tap(row, wording.SOLVED, "solved", "ya"), tap(row, wording.NOT_SOLVED, "solved", "belum"))
        case "closed":
            return (tap(row, wording.NOT_SOLVED, "solved", "belum"),)
    return ()


def tap(row: Complaint, title: str, question: str, answer: str = "") -> Button:
    return button(title, "complaint_answer", question=question, answer=answer, detail=row.id)


def body_of(desk: Reports, row: Complaint) -> Body | None:
    return desk.knowledge.complaints.body(row.recipient)


async def _lapor_head(desk: Reports, row: Complaint, body: Body) -> Reply:
    rules = desk.knowledge.complaints
    facts = await facts_for(desk, row)
    route = rules.route(row.route)
    choices = [name for name, on in (("Anonim", facts.anonymous), ("Rahasia", facts.secret)) if on]
    values = {
        "title": "(pesan berikut)",
        "body": "(pesan sesudahnya)",
        "date": say_date(facts.when) if facts.when else "pilih tanggal terdekat",
        "place": facts.get("place"),
        "office": facts.office_name,
        "category": f"saran: {route.category}" if route and route.category else "pilih yang paling dekat",
        "files": f"{facts.files} berkas; unggah dari ponsel Anda" if facts.files else "",
        "visibility": " dan ".join(choices),
    }
    kind = next((one.label for one in rules.kinds if one.id == facts.get("kind")), rules.kinds[0].label)
    listed = [f"Jenis: {kind}", *(f"{one.label}: {values[one.id]}" for one in rules.fields if values.get(one.id))]
    contacts, sources = _addresses(body)
    sources += [rules.account.source, *(one.source for one in rules.fields[:1])]
    text = wording.SEND_LAPOR.format(
        contacts="\n".join(contacts),
        account=fact_text(rules.account),
        fields="\n".join(f"{number}. {one}" for number, one in enumerate(listed, start=1)),
        source=source_line(references(desk.knowledge, sources)),
    )
    return Reply(text, (), references(desk.knowledge, sources))


async def _other_head(desk: Reports, row: Complaint, body: Body) -> Reply:
    contacts, sources = _addresses(body)
    extra = ""
    if body.id == "office":
        office = desk.knowledge.offices.get(row.office)
        found = office_complaints(desk.knowledge, office) or office_contacts(desk.knowledge, office) if office else []
        contacts = [f"• {contact_text(one)}" for one in found]
        sources = [one.source for one in found]
    elif row.route in NOT_FOR_STAFF:
        extra = f"\n\n{wording.LISTEN_MONEY}"
    sources = [*sources, body.fact.source]
    facts = await facts_for(desk, row)
    name = facts.office_name if body.id == "office" else body.name
    text = wording.SEND_BODY.format(
        name=name,
        contacts="\n".join(contacts) or wording.SEND_NO_CONTACT,
        extra=extra,
        source=source_line(references(desk.knowledge, sources)),
    )
    return Reply(text, (), references(desk.knowledge, sources))


def _addresses(body: Body) -> tuple[list[str], list[Source]]:
    """First-hand contacts, then second-hand ones under their mark."""
    texts = {True: [], False: []}  # type: dict[bool, list[str]]
    for one in body.contacts:
        remark = f" ({one.remark})" if one.remark else ""
        texts[one.source.mark == "2nd"].append(f"• {one.label}: {one.value}{remark}")
    second = [SECONDARY.strip(), *texts[True]] if texts[True] else []
    return [*texts[False], *second], [one.source for one in body.contacts]


async def _may_change(desk: Reports, row: Complaint) -> bool:
    """A report may take another way until it is submitted, and not while a connector may be sending it."""
    if row.status in ("ready", "handed", "queued"):
        return row.submitted_at is None
    if row.status != "sending":
        return False
    query = select(ComplaintDelivery).where(ComplaintDelivery.complaint_id == row.id).with_for_update()
    delivery = (await desk.session.execute(query)).scalar_one_or_none()
    return delivery is not None and delivery.status == "dead"


async def _queue_delivery(desk: Reports, row: Complaint) -> None:
    query = select(ComplaintDelivery).where(ComplaintDelivery.complaint_id == row.id)
    delivery = (await desk.session.execute(query)).scalar_one_or_none()
    if delivery is None:
        desk.session.add(ComplaintDelivery(complaint_id=row.id, key=str(uuid.uuid4()), next_at=desk.now))
    else:  # a dead letter that is tried again keeps its key: the other side may have taken it after all
        delivery.status, delivery.attempts, delivery.next_at = "pending", 0, desk.now
    await desk.session.flush()


def check_back_on(desk: Reports, row: Complaint) -> str:
    return say_date(NATIONAL.after(desk.today_at(row.office), CHECK_BACK))
