"""Twilio's webhook forms as messages and receipts.

https://www.twilio.com/docs/messaging/guides/webhook-request and
https://www.twilio.com/docs/messaging/guides/track-outbound-message-status
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import replace
from typing import Literal

from bot.channels.base import Ignored, Receipt
from bot.channels.whatsapp.errors import lookup
from bot.messages import Attachment, IncomingMessage, MessageKind

NAME = "whatsapp"
PREFIX = "whatsapp:"
MAX_MEDIA = 10
MAX_PAYLOAD = 200
STATUSES = {
    "sent": "sent",
    "delivered": "delivered",
    "read": "read",
    "undelivered": "failed",
    "failed": "failed",
    "canceled": "failed",
}
NOT_YET = frozenset({"accepted", "scheduled", "queued", "sending"})
_KINDS: tuple[tuple[str, MessageKind], ...] = (
    ("image/webp", "sticker"),  # WhatsApp's photos are JPEG or PNG, its stickers WebP
    ("image/", "photo"),
    ("audio/", "voice"),
    ("video/", "video"),
    ("text/vcard", "contact"),
    ("text/x-vcard", "contact"),
    ("text/directory", "contact"),
)
_FILENAME = re.compile(
    r"[^\\/\n]{1,150}\.(?:pdf|docx?|xlsx?|pptx?|odt|ods|txt|csv|zip|rar|7z|jpe?g|png|heic)", re.IGNORECASE
)
_WISHES: dict[str, Literal["", "stop", "start"]] = {"STOP": "stop", "START": "start"}
_SID = re.compile(r"(?:SM|MM)[0-9a-fA-F]{32}")

Form = Mapping[str, str]


def translate(form: Form, account: str, sender: str) -> IncomingMessage | Ignored:
    """An incoming message to `sender` ("whatsapp:+…") of our `account`, or why it is none."""
    sid = form.get("MessageSid") or form.get("SmsMessageSid") or form.get("SmsSid") or ""
    address = form.get("From", "")
    if not _SID.fullmatch(sid):
        return Ignored("no message sid")
    if not address.startswith(PREFIX) or len(address) == len(PREFIX) or len(address) > 200:
        return Ignored("not from whatsapp")
    if form.get("AccountSid", account) != account:
        return Ignored("other account")
    if normal_address(form.get("To", sender)) != sender:
        return Ignored("other sender")
    if form.get("MessageType") == "reaction" and not form.get("Body"):
        return Ignored("reaction")  # taken away
    return _message(form, sid, address)


def _message(form: Form, sid: str, address: str) -> IncomingMessage:
    chosen = form.get("ButtonPayload") or form.get("ListId") or ""
    title = form.get("ButtonText") or form.get("ListTitle") or ""
    attachments = _attachments(form)
    text = form.get("Body", "") or title
    if len(attachments) == 1 and attachments[0].kind == "document" and _FILENAME.fullmatch(text.strip()):
        attachments, text = (replace(attachments[0], filename=text.strip()),), ""  # WhatsApp's name of it, no question
    payload = chosen if chosen.startswith("/") and len(chosen) <= MAX_PAYLOAD else ""
    kind: MessageKind
    if form.get("MessageType") == "reaction":
        kind = "reaction"
    elif payload:
        kind = "payload"
    elif attachments:
        kind = attachments[0].kind
    elif form.get("Latitude") and form.get("Longitude"):
        kind = "location"
    else:
        kind = "text" if text else "other"
    return IncomingMessage(
        channel=NAME,
        address=address,
        provider_id=sid,
        kind=kind,
        text=text,
        payload=payload,
        attachments=attachments,
        profile_name=form.get("ProfileName", ""),
        reply_to=form.get("OriginalRepliedMessageSid", ""),
        forwarded="true" in (form.get("Forwarded", "").lower(), form.get("FrequentlyForwarded", "").lower()),
        wish=_WISHES.get(form.get("OptOutType", "").upper(), ""),
    )


def _attachments(form: Form) -> tuple[Attachment, ...]:
    count = form.get("NumMedia", "0")
    found = []
    for position in range(min(int(count), MAX_MEDIA) if re.fullmatch(r"\d{1,3}", count, re.ASCII) else 0):
        address = form.get(f"MediaUrl{position}", "")
        media_type = form.get(f"MediaContentType{position}", "").split(";")[0].strip().lower()
        if address:
            found.append(Attachment(_kind(media_type), address, media_type=media_type))
    return tuple(found)


def _kind(media_type: str) -> MessageKind:
    return next((kind for start, kind in _KINDS if media_type.startswith(start)), "document")


def receipt(form: Form, message_id: str) -> Receipt | Ignored:
    """What a status callback says about our message `message_id` (from the callback's own address)."""
    if not (message_id.isascii() and message_id.isdecimal() and len(message_id) <= 18):
        return Ignored("no message id")
    said = form.get("MessageStatus") or form.get("SmsStatus") or ""
    if said in NOT_YET:
        return Ignored("not yet sent")
    status = STATUSES.get(said)
    if status is None:
        return Ignored("unknown status")
    code, sid = form.get("ErrorCode", ""), form.get("MessageSid", "")
    meaning = lookup(code) if status == "failed" else None
    return Receipt(
        message_id=int(message_id),
        status=status,
        provider_id=sid if _SID.fullmatch(sid) else "",
        error_code=code if meaning and re.fullmatch(r"\d{1,6}", code, re.ASCII) else "",
        explanation=meaning.explanation if meaning else "",
        retry=meaning is not None and meaning.temporary,
        retry_after=meaning.retry_after if meaning else None,
    )


def normal_address(number: str) -> str:
    """ "+1 415-523-8886" and "whatsapp:+14155238886" are the same sender."""
    return PREFIX + re.sub(r"[\s().-]", "", number.strip().removeprefix(PREFIX))
