"""A receipt as a file in the chat, for those who see the application already."""

from __future__ import annotations

from functools import partial

from sqlalchemy import select

from bot.applications import access, claim_codes, printing, wording
from bot.applications.claim_codes import Made, there
from bot.applications.models import Application
from bot.applications.receipt import Claim
from bot.applications.service import Register
from bot.channels.all import chat_link, kind_of
from bot.conversations import outbox
from bot.conversations.models import Conversation, Outgoing
from bot.conversations.outbox import Extra
from bot.conversations.sent_files import Checked, keep
from bot.settings import Settings
from bot.slowly import Beside

RECEIPT = "tanda-terima-"  # begins its file's name


async def put_receipt(
    register: Register, settings: Settings, application: Application, conversation_id: int, token: str, beside: Beside
) -> bool:
    """Puts the receipt into the outbox, with a claim code of its own, for another chat of the same person.

    Whoever delivers next sends it. `token`: the same one puts it once. False where the channel cannot fetch a file.
    Raises Busy.
    """
    session = register.session
    conversation = await session.get_one(Conversation, conversation_id)
    if not kind_of(conversation.channel).takes_files(settings):
        return False
    if (await session.execute(select(Outgoing.id).where(Outgoing.reply_token == token))).first():
        return True
    made: Made = there(beside.get(("claim code", token), partial(claim_codes.made_in, conversation_id)))
    claim = Claim(made.code, register.day(register.now() + access.RECEIPT_LIFETIME), chat_link(settings, made.code))
    content = await printing.on_paper(register, [(application, claim)], f"conversation:{conversation_id}", beside)
    await access.claim_to_share(register, application.id, conversation_id, made)
    name = f"{RECEIPT}{application.number}.pdf"
    file = await keep(settings.files_dir, Checked(name, "application/pdf", ".pdf", "document"), content)
    said = wording.RECEIPT.format(number=application.number)
    await outbox.put(session, conversation_id, said, "system", extra=Extra(file=file, reply_token=token))
    return True
