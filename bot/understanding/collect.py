"""Messages to learn from: a job reads them from the record of handled messages, some minutes later.

A turn pays nothing for it. Only messages that the bot answered are read, never one that an officer owned, none of a
conversation that a person owns now, and nothing that was said to a report or hides its writer
(bot/conversations/hiding.py). Codes teach nothing. Running it twice changes nothing.
"""

from __future__ import annotations

import hashlib
import hmac
import struct
from typing import Any

import structlog
from sqlalchemy import Row, func, select, text, update
from sqlalchemy.dialects.postgresql import insert
from sqlalchemy.ext.asyncio import AsyncSession

from bot.conversations.hiding import TEACHES
from bot.dialogue.client import Engine, EngineUnavailable
from bot.dialogue.intents import FALLBACK_INTENT
from bot.masking import holds_code, mask_personal
from bot.settings import Settings
from bot.storage.secrets import secret
from bot.understanding.models import UnknownMessage

log = structlog.get_logger()

MAX_CHARACTERS = 600
"""Of a text that is kept; a question is shorter."""
BATCH = 8
"""Texts in one request for vectors: the engine answers nobody else meanwhile (about 0.1 s)."""
MOST_VECTORS = 400
"""In one run."""
LOOK_BACK = "2 days"
ANSWERED_WITHIN = "15 minutes"
_SURE = 0.6
"""Confidence from which a message in other words says what the one before it meant."""
_CORRECTIONS = r"^\s*(bukan|bkn|salah paham|maksud|dudu |sanes |indak itu|i mean|not that)"

# The same words as in migration 0003u, so that PostgreSQL uses its index.
SIGNAL = f"""m.kind = 'text' and m.outcome = 'answered' and
    (m.understood->>'intent' in ('nlu_fallback', 'out_of_scope') or m.text ~* '{_CORRECTIONS}')"""

_FIND = text(f"""
with signals as (
    select m.id, m.conversation_id, m.understood->>'intent' in ('nlu_fallback', 'out_of_scope') as failed,
        m.text ~* :corrections as corrects
    from incoming_messages m join conversations c on c.id = m.conversation_id
    where {SIGNAL} and m.received_at > now() - cast(:look_back as interval) and c.owner = 'bot'
        and m.received_at > coalesce((select looked_until from lookbacks where channel = 'learning'), '-infinity')
), wanted as (
    select id, false as corrected from signals where failed
    union
    select (select max(b.id) from incoming_messages b where b.conversation_id = s.conversation_id and b.id < s.id), true
    from signals s where s.corrects
)
select m.id, m.conversation_id, m.text, m.understood, m.received_at, bool_or(w.corrected) as corrected
from wanted w join incoming_messages m on m.id = w.id
where m.kind = 'text' and m.outcome = 'answered' and m.understood is not null and m.text <> ''
    and not exists (select 1 from unknown_messages u where u.message_id = m.id)
    and {TEACHES.format(message="m")}
group by m.id order by m.id limit 1000
""")  # noqa: S608

# The next message of the same conversation says what was meant.
_ANSWERS = text("""
select u.id, n.kind, n.understood
from unknown_messages u join incoming_messages m on m.id = u.message_id
cross join lateral (
    select i.kind, i.understood, i.received_at from incoming_messages i
    where i.conversation_id = m.conversation_id and i.id > m.id and i.outcome = 'answered' and i.report_id is null
    order by i.id limit 1
) n
where u.chosen is null and u.written_at > now() - cast(:look_back as interval)
    and n.received_at < m.received_at + cast(:within as interval) and n.understood is not null
""")

# What people say or tap around a question; it is no answer to "Maksud Anda …?".
NO_MEANING = frozenset(
    {
        *("greet", "start", "goodbye", "thanks", "affirm", "deny", "help", "show_menu", "out_of_scope", "inform"),
        *("bot_identity", "talk_to_human", "survey_feedback", FALLBACK_INTENT),
        *("guide_next", "guide_back", "guide_stop", "guide_answer", "guide_resume"),
    }
)


def people_key(settings: Settings) -> str:
    """What makes the hashes of people: the token that every process of an installation has."""
    return settings.engine_token.get_secret_value() or secret(settings.data_dir, "engine_token")


async def collect(session: AsyncSession, key: str) -> int:
    """Keep new messages to learn from, and what their writers turned out to mean. Returns how many are new.

    `key` makes the people's hashes; with the same key a person has the same hash.
    """
    found = (await session.execute(_FIND, {"look_back": LOOK_BACK, "corrections": _CORRECTIONS})).all()
    rows = [_row(one, key) for one in found if not holds_code(one.text)]
    if rows:
        await session.execute(insert(UnknownMessage).values(rows).on_conflict_do_nothing())
    answers = await session.execute(_ANSWERS, {"look_back": LOOK_BACK, "within": ANSWERED_WITHIN})
    for one in answers.all():
        meant = _meant(one.kind, one.understood)
        if meant:
            change = update(UnknownMessage).where(UnknownMessage.id == one.id)
            await session.execute(change.values(chosen=meant[0], chosen_by=meant[1]))
    return len(rows)


async def add_vectors(session: AsyncSession, engine: Engine) -> int:
    """Ask the engine for the meaning of what has none yet. Returns how many got one; an engine that is away: later."""
    query = select(UnknownMessage.id, UnknownMessage.text).where(
        UnknownMessage.vector.is_(None), UnknownMessage.label.is_(None)
    )
    waiting = (await session.execute(query.order_by(UnknownMessage.id).limit(MOST_VECTORS))).all()
    done = 0
    for start in range(0, len(waiting), BATCH):
        batch = waiting[start : start + BATCH]
        try:
            vectors = await engine.vectors([one.text for one in batch])
        except EngineUnavailable:
            log.info("no vectors for unknown messages", waiting=len(waiting) - done)
            break
        for one, vector in zip(batch, vectors, strict=True):
            change = update(UnknownMessage).where(UnknownMessage.id == one.id)
            await session.execute(change.values(vector=pack(vector)))
        done += len(batch)
    return done


def pack(vector: list[float]) -> bytes:
    """Numbers as half-precision floats."""
    return struct.pack(f"<{len(vector)}e", *vector)


def unpack(packed: bytes) -> list[float]:
    return list(struct.unpack(f"<{len(packed) // 2}e", packed))


def person(key: str, conversation_id: int) -> str:
    """A hash that counts people and leads to nobody without the key."""
    return hmac.new(key.encode(), f"person:{conversation_id}".encode(), hashlib.sha256).hexdigest()[:16]


async def waiting(session: AsyncSession) -> int:
    """Messages that nobody has labelled yet."""
    query = select(func.count()).select_from(UnknownMessage).where(UnknownMessage.label.is_(None))
    return int((await session.execute(query)).scalar_one())


def _row(found: Row[Any], key: str) -> dict[str, Any]:
    intent = found.understood.get("intent")
    reason = {FALLBACK_INTENT: "asked_back", "out_of_scope": "out_of_scope"}.get(intent, "corrected")
    return {
        "message_id": found.id,
        "person": person(key, found.conversation_id),
        "text": mask_personal(found.text[:MAX_CHARACTERS]),
        "reason": "corrected" if found.corrected else reason,
        "understood": {name: found.understood.get(name) for name in ("intent", "confidence", "ranking")},
        "written_at": found.received_at,
    }


def _meant(kind: str, understood: dict[str, Any]) -> tuple[str, str] | None:
    """The intent that the next message stands for. A typed title or number of a button has confidence 1, too."""
    intent, confidence = understood.get("intent"), float(understood.get("confidence") or 0)
    if not intent or intent in NO_MEANING or confidence < _SURE:
        return None
    return intent, "button" if kind == "payload" or confidence >= 1 else "rephrased"
