""" "Apakah jawaban ini membantu?" under some answers of the bot: seldom, counted, and "belum" leads to a person."""

from __future__ import annotations

from dataclasses import replace
from datetime import datetime, timedelta

from sqlalchemy import text
from sqlalchemy.ext.asyncio import AsyncSession

from bot.answers.payloads import TO_MENU, button, parse, person_button
from bot.messages import Button, Reply
from bot.survey import wording
from bot.survey.service import INTENT

SAME_TOPIC = timedelta(hours=24)
ANY_TOPIC = timedelta(minutes=30)
MOST_TEXT = 1000  # characters with the question: not every channel shows buttons below more
MOST_BUTTONS = 10
QUESTION = "helpful"

ASKED_LATELY = "select from answer_checks where conversation_id = :id and asked_at > :since"
"""To be asked for with `exists`; `since` is `lately(now)`."""

# One round trip: noted as asked unless this person was asked about the topic, or about anything, a short while ago.
_ASK = text("""
insert into answer_checks (conversation_id, topic, service, asked_at)
select :id, :topic, :service, :now
where not exists (
    select 1 from answer_checks where conversation_id = :id
        and (asked_at > :any_topic or (topic = :topic and asked_at > :same_topic)))
returning id
""")
_SAY = text("""
update answer_checks set helpful = :helpful where id = (
    select id from answer_checks where conversation_id = :id and topic = :topic order by asked_at desc, id desc limit 1)
returning id
""")


def lately(now: datetime) -> datetime:
    """Who was asked after this moment is not asked now, whatever the topic."""
    return now - ANY_TOPIC


async def ask(
    session: AsyncSession, conversation_id: int, topic: str, service: str, now: datetime, reply: Reply
) -> Reply | None:
    """`reply` with the question and its two buttons; None where it would be asked too often, or has no room."""
    words = f"{reply.text}\n\n{wording.HELPED}"
    if len(words) > MOST_TEXT or len(reply.buttons) > MOST_BUTTONS - 2:
        return None
    values = {"id": conversation_id, "topic": topic, "service": service, "now": now}
    since = {"any_topic": lately(now), "same_topic": now - SAME_TOPIC}
    if (await session.execute(_ASK, values | since)).first() is None:
        return None
    return replace(reply, text=words, buttons=(*reply.buttons, *buttons(topic)))


async def said(session: AsyncSession, conversation_id: int, topic: str, answer: str) -> Reply:
    """Notes "ya" or "belum" for the newest question about the topic, and answers it."""
    helped = answer == "ya"
    await session.execute(_SAY, {"id": conversation_id, "topic": topic, "helpful": helped})

    if helped:
        return Reply(wording.GLAD, (TO_MENU,))
    return Reply(wording.SORRY, (person_button("survey"), TO_MENU))


def no_to(offered: str) -> str:
    """The payload of "belum" where `offered` is that of "ya" to this question; "" where something else was offered."""
    intent, named = parse(offered) if offered else ("", {})
    yes, no = buttons(named.get("topic", ""))
    return no.payload if intent == INTENT and offered == yes.payload else ""


def buttons(topic: str) -> tuple[Button, Button]:
    """Yes first. They name the topic only, so that channels know few different menus."""
    return (
        button(wording.YES, INTENT, question=QUESTION, answer="ya", topic=topic),
        button(wording.NO, INTENT, question=QUESTION, answer="belum", topic=topic),
    )
