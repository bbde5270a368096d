"""The copy of one's own data as a file in the chat, where the channel takes files.

It is put together when it is asked for, opened by nobody but the person (the console neither shows it nor sends it
again), and taken from our disk two days later, or within the hour when it could not be delivered (retention.py).
"""

from __future__ import annotations

from datetime import datetime
from functools import partial

from sqlalchemy import select
from sqlalchemy.ext.asyncio import AsyncSession

from bot.audit.service import note
from bot.channels.all import kind_of
from bot.conversations import outbox
from bot.conversations.models import Conversation, Outgoing
from bot.conversations.outbox import Extra
from bot.conversations.sent_files import COPY_TOKEN, Checked, keep
from bot.knowledge.models import Knowledge
from bot.paper import Paper, papers
from bot.privacy import wording
from bot.privacy.export import Copy, as_html, as_texts, gather
from bot.privacy.models import PrivacyRequest
from bot.settings import Settings
from bot.slowly import Beside

AN_HOUR = 10  # copies as files for one conversation
_HTML = Checked("data-saya-pandu.html", "text/html", ".html", "document")
_PDF = Checked("data-saya-pandu.pdf", "application/pdf", ".pdf", "document")


async def put_copy(
    session: AsyncSession,
    settings: Settings,
    knowledge: Knowledge,
    conversation_id: int,
    message: int,
    now: datetime,
    beside: Beside,
) -> bool:
    """Puts the copy into the outbox; whoever delivers next sends it. Once for each `message` that asks.

    False where the channel takes no file, people are on a page of ours anyway, or too much is wanted at the moment.
    """
    conversation = await session.get_one(Conversation, conversation_id)
    kind = kind_of(conversation.channel)
    if kind.local or not kind.takes_files(settings):
        return False
    token = f"{COPY_TOKEN}{conversation_id}:{message}"
    if (await session.execute(select(Outgoing.id).where(Outgoing.reply_token == token))).first():
        return True
    if token not in beside.made:
        copy = await gather(session, knowledge, conversation_id, now, settings.timezone)
        make = partial(
            papers.run, f"conversation:{conversation_id}", _page if kind.takes_pages else as_pdf, copy, an_hour=AN_HOUR
        )
        beside.get(token, make)
    content: bytes | None = beside.made[token]
    if content is None:
        return False
    file = await keep(settings.files_dir, _HTML if kind.takes_pages else _PDF, content)
    await outbox.put(
        session, conversation_id, wording.COPY_CAPTION, "system", extra=Extra(file=file, reply_token=token)
    )
    actor = f"conversation:{conversation_id}"
    given = PrivacyRequest(
        conversation_id=conversation_id, kind="export", status="done", asked_by=actor, asked_at=now, expires_at=now
    )
    given.done_at = now
    session.add(given)
    await note(session, actor, "privacy.copy-given", "conversation", conversation_id)
    return True


def as_pdf(copy: Copy) -> bytes:
    """The plain text as pages to read on a phone. Signs that its typefaces lack become "?"; a last line says so."""
    page = Paper("Data saya di Pandu", size=(148, 210))  # A5
    page.set_margins(12, 12)
    page.add_page()
    page.style(9)
    page.write_line("\n\n".join(as_texts(copy)), 4.5)
    if page.lacking:
        page.write_line(f"\n{wording.COPY_SIGNS}", 4.5)
    return bytes(page.output())


def _page(copy: Copy) -> bytes:
    return as_html(copy).encode()
