"""The question that waits, and the service and place that were heard, of each conversation of a list."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from sqlalchemy import text
from sqlalchemy.ext.asyncio import AsyncSession

from bot.conversations import hiding
from bot.handoff.ownership.queue import asks_place
from bot.hearing.words import FILLERS, words

NEWEST = 12  # messages of a conversation among which the question is looked for
MAX_SHOWN = 300  # characters
SMALL_TALK = frozenset({"greet", "start", "show_menu", "help", "affirm", "deny", "thanks", "goodbye"})
"""Intents that ask for nothing."""
_CALLS = "talk_to_human"
_BARE_CALL = 7  # words: a longer wish for a person says what it is about
_POLITE = FILLERS | frozenset(
    re.findall(
        r"\w+",
        "ya iya yaa iyaa yes y baik baiklah siap ok okay okey oke sip mantap noted paham mengerti terima kasih makasih "
        "terimakasih trims thanks thank you matur suwun nuwun sama2 sama halo hallo hai hi hey p tes test ping permisi "
        "assalamualaikum assalamu alaikum salam waalaikumsalam wr wb selamat pagi siang sore malam pak bu bapak ibu "
        "min admin kak mas mbak mba bang gan sis tunggu ditunggu menunggu saya kami aku mohon tolong ditunggunya "
        "dibalas jawab dijawab balas dong nih kok masih belum sudah lama sekali banget ada orang nya atas "
        "bantuannya bantuan informasinya info infonya segera sangat membantu amin aamiin",
    )
)
"""Words that thank, greet, agree, or press: a message of nothing else is no question."""
_KINDS = {"photo": "foto", "document": "dokumen", "voice": "pesan suara", "audio": "suara", "video": "video"}
_KINDS |= {"location": "lokasi", "contact": "kontak", "sticker": "stiker"}

_SAID = text("""
select said.* from unnest(cast(:ids as bigint[])) as c(id) cross join lateral (
    select m.conversation_id, m.kind, m.withheld, m.text, menu.buttons->m.choice->>'title' as tapped,
        m.understood->>'intent' as intent, m.understood->'decision' as decision
    from staff_incoming m
    left join outgoing_messages menu on menu.id = m.menu and menu.conversation_id = m.conversation_id
    where m.conversation_id = c.id order by m.id desc limit :newest) said
""")


@dataclass(frozen=True, slots=True)
class Question:
    """`text`: what was asked, in the applicant's words, or what came instead ("(foto)"). `office` and `service`: ids,
    `region`: a place whose standard is not held; "" where nothing was heard."""

    text: str = ""
    office: str = ""
    region: str = ""
    service: str = ""


def asks(text: str, intent: str | None = None) -> bool:
    """Whether there is a question in it: more than thanks, a greeting, a yes, a call for somebody."""
    said = text.strip()
    if not said or asks_place(said):
        return False
    if intent in SMALL_TALK or (intent == _CALLS and len(said.split()) <= _BARE_CALL):
        return False
    plain = re.findall(r"\w+", said.lower())
    return any(word not in _POLITE for word in plain) and any(word not in _POLITE for word in words(said))


async def questions(session: AsyncSession, conversations: Sequence[int]) -> dict[int, Question]:
    """By conversation; one without any message is not in it."""
    if not conversations:
        return {}
    by: dict[int, list[Any]] = {}
    for one in (await session.execute(_SAID, {"ids": list(conversations), "newest": NEWEST})).all():
        by.setdefault(one.conversation_id, []).append(one)
    return {number: _question(newest) for number, newest in by.items()}


def _question(newest: Sequence[Any]) -> Question:
    """Of the newest messages, the newest first."""
    open_ones = [one for one in newest if not one.withheld]
    ways = (
        (one.text for one in open_ones if asks(one.text, one.intent)),
        (one.tapped for one in open_ones if one.tapped and one.intent != _CALLS),
        (one.text for one in open_ones if one.text),
        (f"({_KINDS.get(one.kind, 'tanpa teks')})" for one in open_ones),
    )
    said = next((found for way in ways for found in way if found), hiding.WORDS)
    heard = [one.decision or {} for one in open_ones]
    place = next((one for one in heard if one.get("office") or one.get("region")), {})
    return Question(
        " ".join(said.split())[:MAX_SHOWN],
        str(place.get("office") or ""),
        str(place.get("region") or "") if not place.get("office") else "",
        next((str(one["service"]) for one in heard if one.get("service")), ""),
    )
