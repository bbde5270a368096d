"""Labels: an office's own words on conversations, made by a supervisor and set by officers."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from sqlalchemy import delete, func, select
from sqlalchemy.dialects.postgresql import insert
from sqlalchemy.exc import IntegrityError
from sqlalchemy.ext.asyncio import AsyncSession

from bot.conversations.walls import ALL, Sight
from bot.handoff import wording
from bot.handoff.desk import Act, BadInput, NoConversation, tell
from bot.handoff.triage.models import COLORS, ConversationLabel, Label

MAX_NAME = 30
MOST = 60  # of one office


@dataclass(frozen=True, slots=True)
class OnConversation:
    id: int
    name: str
    color: str


async def listed(session: AsyncSession, sight: Sight = ALL) -> Sequence[Label]:
    """Those that may be set: of these offices and of all offices, by name."""
    found = await session.scalars(select(Label).order_by(func.lower(Label.name), Label.office))
    return [one for one in found if sight.of(one.office)]


async def save(desk: Act, label_id: int | None, name: str, color: str, office: str) -> None:
    """Makes a label, or changes one's name and color. Raises BadInput, NotAllowed, NoConversation."""
    name = " ".join(name.split())
    if not name or len(name) > MAX_NAME or color not in COLORS:
        raise BadInput(wording.BAD_LABEL)
    label = await _own(desk, label_id) if label_id is not None else Label(office=office, created_by=desk.officer_id)
    desk.only_own(label.office)
    label.name, label.color = name, color
    await _room(desk, label)
    try:
        async with desk.session.begin_nested():
            desk.session.add(label)
            await desk.session.flush()
    except IntegrityError:
        raise BadInput(wording.SAME_LABEL.format(name=name)) from None
    await desk.note("label.changed" if label_id is not None else "label.made", "label", label.id, name=name)


async def remove(desk: Act, label_id: int) -> None:
    """From all conversations, too. Raises NotAllowed, NoConversation."""
    label = await _own(desk, label_id)
    await desk.session.delete(label)
    await desk.note("label.removed", "label", label_id, name=label.name)


async def put(desk: Act, conversation_id: int, label_id: int, *, on: bool) -> bool:
    """Sets the label on a conversation, or takes it off; whether that changed anything. Raises NoConversation."""
    label = await desk.session.get(Label, label_id)
    if label is None or not desk.sight.of(label.office):
        raise NoConversation(wording.NO_LABEL)
    if on:
        values = {"conversation_id": conversation_id, "label_id": label_id, "set_by": desk.officer_id}
        change = insert(ConversationLabel).values(values).on_conflict_do_nothing()
        done = await desk.session.execute(change.returning(ConversationLabel.label_id))
    else:
        off = delete(ConversationLabel).where(
            ConversationLabel.conversation_id == conversation_id, ConversationLabel.label_id == label_id
        )
        done = await desk.session.execute(off.returning(ConversationLabel.label_id))
    if done.first() is None:
        return False
    await desk.record("conversation.labelled" if on else "conversation.unlabelled", conversation_id, name=label.name)
    await tell(desk.session, conversation_id, "labelled", by=desk.officer_id)
    return True


async def of(
    session: AsyncSession, conversations: Iterable[int], sight: Sight = ALL
) -> dict[int, list[OnConversation]]:
    """By conversation, by name; another office's words are not shown."""
    query = (
        select(ConversationLabel.conversation_id, Label)
        .join(Label, Label.id == ConversationLabel.label_id)
        .where(ConversationLabel.conversation_id.in_(list(conversations)))
        .order_by(func.lower(Label.name))
    )
    found: dict[int, list[OnConversation]] = {}
    for conversation, label in (await session.execute(query)).all():
        if sight.of(label.office):
            found.setdefault(conversation, []).append(OnConversation(label.id, label.name, label.color))
    return found


async def _own(desk: Act, label_id: int) -> Label:
    label = await desk.session.get(Label, label_id)
    if label is None or not desk.sight.of(label.office):
        raise NoConversation(wording.NO_LABEL)
    desk.only_own(label.office)
    return label


async def _room(desk: Act, label: Label) -> None:
    if label.id is not None:
        return
    query = select(func.count()).select_from(Label).where(Label.office == label.office)
    if (await desk.session.execute(query)).scalar_one() >= MOST:
        raise BadInput(wording.MANY_LABELS.format(most=MOST))
