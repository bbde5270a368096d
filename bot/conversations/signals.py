"""Messages that are no question: wishes about news, blocks, signs under a message, words that were only put right."""

from __future__ import annotations

import re
from types import SimpleNamespace
from typing import TYPE_CHECKING, Any

from sqlalchemy import text

from bot.conversations import optout, wording
from bot.conversations.commit import NOTED, Outcome
from bot.messages import Button

if TYPE_CHECKING:
    from bot.conversations.runtime import Runtime

YES = "ya"
_YES_SIGNS = frozenset("👍👌🆗✅☑✔🙆💯")
_THANKS_SIGNS = frozenset("🙏❤♥🥰🤗👏🤝💪🌹😇💖")
_MODIFIERS = re.compile("[\ufe0f\u200d\U0001f3fb-\U0001f3ff\u2640\u2642]|\\s")
_WORD = re.compile(r"\w+")
_EARLIER = text("""
select id, text, attachments, outcome from incoming_messages
where (id = :original or edits = :original) and id < :id order by id desc
""")
_LAST_SAID = text("""
select id, text from outgoing_messages where conversation_id = :id and author = 'bot' and status <> 'held'
order by id desc limit 1
""")
_FREE = text("""
select exists (select from complaints where conversation_id = :id and status = 'drafting'
    and step in ('story', 'when', 'place', 'hope', 'name', 'contact', 'title', 'number')) as free
""")


async def read(runtime: Runtime, conversation_id: int, row: Any) -> tuple[Any, Outcome | None]:
    """The message as it is to be answered, and the outcome where there is nothing more to answer."""
    if row.kind == "left":
        await optout.note(runtime, conversation_id, "blocked")
        return row, NOTED
    if row.kind == "back":
        await optout.unblocked(runtime, conversation_id)
        return row, NOTED
    if row.edits is not None:
        row, changed = await _edited(runtime, row)
        if not changed:
            return row, NOTED
    if wish := await optout.meant(runtime, conversation_id, row):
        return await _about_news(runtime, conversation_id, row, wish)
    if row.kind == "reaction" or (row.kind == "text" and sign(row.text)):
        return await _by_sign(runtime, conversation_id, row)
    return row, None


def sign(words: str) -> str:
    """ "yes" or "thanks" for a text that is nothing but such signs; else empty."""
    signs = set(_MODIFIERS.sub("", words))
    if not signs or not signs <= _YES_SIGNS | _THANKS_SIGNS:
        return ""
    return "yes" if signs & _YES_SIGNS else "thanks"


async def narrates(runtime: Runtime, conversation_id: int) -> bool:
    """Whether free words are asked for now, so that digits are words, too."""
    return bool((await runtime.database.run(_FREE, {"id": conversation_id}))[0].free)


async def _about_news(runtime: Runtime, conversation_id: int, row: Any, wish: str) -> tuple[Any, Outcome | None]:
    await optout.note(runtime, conversation_id, "asked" if wish == "stop" else "")
    if row.payload == "/start":
        return row, None  # and the person is welcomed
    if row.payload.startswith(optout.BY_PROVIDER):
        return row, NOTED  # the provider answers it
    return row, Outcome("answered", [wording.NO_NEWS if wish == "stop" else wording.NEWS_AGAIN])


async def _edited(runtime: Runtime, row: Any) -> tuple[Any, bool]:
    """An edit with what is new in it, and whether that is to be answered: a word (no comma, no capital letter), a file,
    or all of it where it came before the answer.
    """
    earlier = await runtime.database.run(_EARLIER, {"original": row.edits, "id": row.id})
    if all(one.outcome == NOTED.outcome for one in earlier):
        return _with(row, edits=None), True
    known = {file["reference"] for one in earlier for file in one.attachments}
    files = [file for file in row.attachments if file["reference"] not in known]
    kind = row.kind if files or not row.text else "text"
    put_right = not row.text or _words(earlier[0].text) == _words(row.text)
    changed = _with(row, attachments=files, kind=kind, replaces=[one.id for one in earlier])
    return changed, bool(files) or not put_right


def _with(row: Any, **changes: Any) -> Any:
    """The row, which may have been changed already, with these changes."""
    known = vars(row) if isinstance(row, SimpleNamespace) else row._asdict()
    return SimpleNamespace(**(known | changes))


def _words(said: str) -> list[str]:
    return _WORD.findall(said.casefold())


async def _by_sign(runtime: Runtime, conversation_id: int, row: Any) -> tuple[Any, Outcome | None]:
    """A yes where one was asked for; else a thank-you, which a typed one gets an answer to and a reaction does not."""
    meaning, reaction = sign(row.text), row.kind == "reaction"
    if row.owner != "bot":
        return row, NOTED if reaction else None
    last = await runtime.database.run(_LAST_SAID, {"id": conversation_id})
    under = reaction or row.quotes is not None or bool(row.quoted)  # it stands under one message
    about_last = bool(last) and (not under or row.quotes == last[0].id)
    if meaning == "yes" and about_last:
        menu = row.menu or {}
        buttons = [Button(**item) for item in menu.get("buttons", ())] if menu.get("fresh") else []
        agreed = next((one for one in buttons if _words(one.title)[:1] in (["ya"], ["iya"], ["setuju"])), None)
        if agreed or _asks(last[0].text):
            return _with(row, kind="text", text=agreed.title if agreed else YES), None
    if not reaction and not last:
        return row, None
    return row, NOTED if reaction else Outcome("answered", [wording.THANKED])


def _asks(said: str) -> bool:
    """Whether a message ends with a question; its source may follow."""
    body = said.split("\n\n")
    return any(part.rstrip().endswith("?") for part in body[-2:])


def quoted(row: Any) -> str:
    """What the message answers: our own words where they are known, else as the provider told them."""
    return row.our_words or row.quoted or ""
