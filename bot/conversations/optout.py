"""Wishes for no news and no surveys, in whatever way they were said; answers to one's own questions go on.

A provider's STOP and START, a block, a provider's "opted out", and people's own words in Indonesian and English.
"""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Any, Literal

from sqlalchemy import text
from sqlalchemy.ext.asyncio import AsyncSession

if TYPE_CHECKING:
    from bot.conversations.runtime import Runtime

Wish = Literal["", "stop", "start"]
BY_PROVIDER = "news:"
"""Begins the payload of a typed STOP or START that the provider has understood itself."""
BLOCKED_CODES = frozenset({"21610", "63014", "63033", "403"})
"""What providers answer when the person has blocked us or opted out at theirs."""

_POLITE = r"(?:(?:tolong|mohon|pak|bu|min|kak|ya|dong|lagi|saja|aja|please|pls|saya|kami|mau|ingin|sudah|udah)[\s,]+)*"
_TAIL = r"(?:[\s,]+(?:lagi|ya|dong|pak|bu|min|kak|saja|aja|dulu|terima kasih|makasih|tolong|please|saya|ke saya|sini))*"
_NO = (
    r"(?:jangan|jgn|jngn|stop|hentikan|berhenti|matikan|nonaktifkan|(?:gak?|nggak|enggak|ngga|tidak|tdk|tak|nda)"
    r" (?:usah|perlu|mau|ingin))"
)
_NEWS = (
    r"(?:(?:pesan|chat|kabar|info|informasi|berita|notif|notifikasi|pemberitahuan|wa|sms|survei|survey"
    r"|promosi|promo|iklan)(?:nya|2|-\w+)?(?: (?:ini|itu|seperti ini|begini|semua))?)"
)
_SEND = (
    r"(?:kirim|krm|kirim2|kirim-kirim|kirimi|kirimin|kirimkan|mengirim|ngirim|hubungi|menghubungi|terima|menerima"
    r"|dikirimi|chat|wa)"
)
_ME = r"(?:kirim|kirimi|hubungi|menghubungi|ganggu|spam) saya"
_STOP = re.compile(
    rf"{_POLITE}(?:unsubscribe|stop ?all|opt[ -]?out"
    rf"|(?:stop|berhenti|batal|cancel|hentikan) (?:berlangganan|langganan)(?: {_NEWS})?"
    rf"|{_NO} (?:{_SEND} )(?:saya |ke saya )?{_NEWS}(?: apa ?pun| apa apa)?"
    rf"|{_NO} (?:dulu )?(?:saya )?(?:{_NEWS}|spam)|{_NO} {_ME}(?: lewat {_NEWS})?"
    rf"|(?:don'?t|do not|stop) (?:send|sending|message|messaging|text|texting|contact|contacting)(?: me)?"
    rf"(?: (?:any ?more )?(?:messages?|news|updates))?(?: any ?more)?){_TAIL}[.!\s]*",
    re.IGNORECASE,
)
_BARE_STOP = re.compile(r"(?:stop|end|quit|berhenti)[.!\s]*", re.IGNORECASE)
_START = re.compile(
    rf"{_POLITE}(?:start|unstop|subscribe|berlangganan lagi|langganan lagi|(?:kirim|kirimi|nyalakan) (?:saya )?{_NEWS})"
    rf"{_TAIL}[.!\s]*",
    re.IGNORECASE,
)
# A bare "stop" ends what is under way; only where nothing is, it is about us.
_BUSY = text("""
select exists (select from guide_progress where conversation_id = :id and status = 'active')
    or exists (select from complaints where conversation_id = :id and status = 'drafting')
    or exists (select from surveys where conversation_id = :id and status = 'answering') as busy
""")
_NOTE = text("""
update conversations set no_news = :why where id = :id and no_news <> :why and (:why <> 'blocked' or no_news = '')
""")
_UNBLOCKED = text("update conversations set no_news = '' where id = :id and no_news = 'blocked'")


def _plain(words: str) -> str:
    """Without the signs ("🙏") that people put around what they ask for."""
    return "".join(one if one.isalnum() or one in " \n.,!?'/-" else " " for one in words).strip()


def said(words: str) -> Wish:
    """What these words want; a bare "stop" is not decided here."""
    one_line = " ".join(_plain(words).replace("/", " ").split())
    if len(one_line) > 100:
        return ""
    if _STOP.fullmatch(one_line):
        return "stop"
    return "start" if _START.fullmatch(one_line) else ""


async def meant(runtime: Runtime, conversation_id: int, row: Any) -> Wish:
    """What a typed message wants, with what is under way."""
    if row.kind not in ("text", "payload") or row.attachments:
        return ""
    if row.payload.startswith(BY_PROVIDER):
        return "stop" if row.payload == f"{BY_PROVIDER}stop" else "start"
    if row.payload and row.payload != "/start":
        return ""
    if row.no_news and (row.payload == "/start" or said(row.text) == "start"):
        return "start"
    if said(row.text) == "stop":
        return "stop"
    if _BARE_STOP.fullmatch(_plain(row.text)):
        busy = (await runtime.database.run(_BUSY, {"id": conversation_id}))[0].busy
        return "" if busy else "stop"
    return ""


async def note(runtime: Runtime, conversation_id: int, why: Literal["", "asked", "blocked"]) -> None:
    """From now on: no news because of `why`, or news again. Having asked outweighs a block."""
    await runtime.database.run(_NOTE, {"id": conversation_id, "why": why})


async def unblocked(runtime: Runtime, conversation_id: int) -> None:
    """The person can be written to again; who asked for no news still gets none."""
    await runtime.database.run(_UNBLOCKED, {"id": conversation_id})


async def wants_news(session: AsyncSession, conversation_id: int) -> bool:
    """Whether news and surveys may be sent to this conversation."""
    found = text("select no_news from conversations where id = :id")
    return (await session.execute(found, {"id": conversation_id})).scalar_one_or_none() == ""
