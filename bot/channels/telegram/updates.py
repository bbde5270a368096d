"""Telegram's updates (https://core.telegram.org/bots/api#update) as messages for the inbox."""

from __future__ import annotations

import re
from dataclasses import replace
from typing import Any

from telegram import (
    Bot,
    CallbackQuery,
    Chat,
    ChatMemberUpdated,
    Message,
    MessageReactionUpdated,
    ReactionTypeEmoji,
    Update,
)
from telegram.constants import ChatMemberStatus, ChatType

from bot.channels.base import Ignored
from bot.messages import Attachment, IncomingMessage, MessageKind, command_payload

NAME = "telegram"
# t.me/<bot>?start=KLAIM-…: what a link of ours says for the person.
_DEEP_LINK = re.compile(r"/start ([A-Z]{3,8}(?:-[A-Z0-9]{4}){1,4})")
_CALLBACK = re.compile(r"m(\d{1,18}):(\d{1,3})")
_FILES: tuple[tuple[str, MessageKind], ...] = (
    ("voice", "voice"),
    ("audio", "voice"),
    ("video", "video"),
    ("video_note", "video"),
    ("animation", "video"),  # before document: Telegram sends both
    ("document", "document"),
    ("live_photo", "video"),  # where no photo of it comes along
)
_FILELESS: tuple[tuple[str, MessageKind], ...] = (
    ("location", "location"),
    ("venue", "location"),
    ("contact", "contact"),
    ("poll", "other"),
    ("dice", "other"),
    ("game", "other"),
    ("story", "other"),
    ("paid_media", "other"),
    ("checklist", "other"),
    ("invoice", "other"),
    ("giveaway", "other"),
    ("giveaway_winners", "other"),
)
_RICH = "rich_message"  # Bot API 10.1; the library does not know it yet
_RICH_PARTS = ("summary", "title", "text", "blocks", "items", "cells", "caption", "credit")


MAX_SIZE = 2**53  # bytes: more than any file has


def callback_data(message_id: int, choice: int) -> str:
    """What a button carries: our message's id and the button's zero-based place; far below Telegram's 64 bytes."""
    return f"m{message_id}:{choice}"


def parse(raw: dict[str, Any], bot: Bot) -> Update | Ignored:
    """The update as python-telegram-bot understands it; `Ignored` when a known field has an unknown shape."""
    try:
        update = Update.de_json(raw, bot)
    except (TypeError, KeyError, ValueError, AttributeError, OverflowError, OSError):
        return Ignored("unreadable")
    return update if type(update.update_id) is int else Ignored("unreadable")


def translate(update: Update, bot_id: str) -> IncomingMessage | Ignored:
    """One update as a message, or why it is none. Only private chats with people are ours."""
    try:
        if update.callback_query is not None:
            return _sound(_from_callback(update.callback_query, f"{bot_id}-{update.update_id}"))
        if update.message is not None:
            return _sound(_from_message(update.message, f"{bot_id}-{update.update_id}"))
        if update.edited_message is not None:
            return _sound(_from_edit(update.edited_message, f"{bot_id}-{update.update_id}"))
        if update.my_chat_member is not None:
            return _sound(_from_membership(update.my_chat_member, f"{bot_id}-{update.update_id}"))
        if update.message_reaction is not None:
            return _sound(_from_reaction(update.message_reaction, f"{bot_id}-{update.update_id}"))
    except (TypeError, AttributeError, ValueError, RecursionError):  # a field is not of its documented type
        return Ignored("unreadable")
    known = next((str(kind) for kind in Update.ALL_TYPES if getattr(update, kind, None) is not None), "unknown")
    return Ignored(known)


def group_of(update: Update) -> Chat | None:
    """The group or channel that the update comes from; None for a private chat."""
    chat = update.effective_chat
    return chat if chat and chat.type in (ChatType.GROUP, ChatType.SUPERGROUP, ChatType.CHANNEL) else None


def is_removed(update: Update) -> bool:
    """Whether the bot was just removed from there."""
    change, gone = update.my_chat_member, (ChatMemberStatus.LEFT, ChatMemberStatus.BANNED)
    return change is not None and change.new_chat_member.status in gone


def _sound(message: IncomingMessage | Ignored) -> IncomingMessage | Ignored:
    """The message if its parts are of their documented types: what cannot be stored would be delivered for ever."""
    if isinstance(message, Ignored):
        return message
    texts = [message.text, message.payload, message.profile_name, message.address, message.reply_to, message.quoted]
    for file in message.attachments:
        texts += [file.reference, file.filename, file.media_type, file.group]
    sizes = [file.size for file in message.attachments]
    whole = all(size is None or (isinstance(size, int) and abs(size) < MAX_SIZE) for size in sizes)
    return message if whole and all(isinstance(text, str) for text in texts) else Ignored("unreadable")


def _from_callback(query: CallbackQuery, provider_id: str) -> IncomingMessage | Ignored:
    if query.message is None:
        return Ignored("callback without message")
    if query.message.chat.type != ChatType.PRIVATE:
        return Ignored("group chat")
    found = _CALLBACK.fullmatch(query.data or "")
    if found is None:
        return Ignored("unknown callback data")
    return IncomingMessage(
        channel=NAME,
        address=str(query.message.chat.id),
        provider_id=provider_id,
        kind="payload",
        menu=int(found[1]),
        choice=int(found[2]),
        profile_name=query.from_user.full_name,
        reply_to=str(query.message.message_id),
    )


def _from_message(message: Message, provider_id: str) -> IncomingMessage | Ignored:
    if message.chat.type != ChatType.PRIVATE:
        return Ignored("group chat")
    if message.from_user is None or message.from_user.is_bot:
        return Ignored("not from a person")
    attachments = _grouped(_attachments(message), message.media_group_id)
    text = message.text or message.caption or _plain(message.api_kwargs.get(_RICH))
    kind = _kind(message, attachments)
    if kind is None:
        return Ignored("service message")
    linked = _DEEP_LINK.fullmatch(message.text or "")
    text = linked[1] if linked else text
    payload = command_payload(message.text) if message.text and not linked else ""
    return IncomingMessage(
        channel=NAME,
        address=str(message.chat.id),
        provider_id=provider_id,
        kind="payload" if payload else kind,
        text=text,
        payload=payload,
        attachments=attachments,
        profile_name=message.from_user.full_name,
        sent_at=message.date,
        reply_to=str(message.reply_to_message.message_id) if message.reply_to_message else "",
        quoted=_quoted(message),
        about_at=message.reply_to_message.date if message.reply_to_message else None,
        ref=str(message.message_id),
        forwarded=message.forward_origin is not None,
    )


def _quoted(message: Message) -> str:
    """The part that was marked, else the whole message that is answered."""
    answered = message.reply_to_message
    if message.quote is not None:
        return message.quote.text
    return (answered.text or answered.caption or "") if answered else ""


def _from_edit(message: Message, provider_id: str) -> IncomingMessage | Ignored:
    """Words, or a file, that replace earlier ones. A place that moves is no edit of words."""
    new = _from_message(message, provider_id)
    if isinstance(new, Ignored):
        return new
    if not new.text and not new.attachments:
        return Ignored("edited without words")
    return replace(
        new,
        kind=new.attachments[0].kind if new.attachments else "text",
        payload="",
        attachments=_grouped(new.attachments, None),
        sent_at=message.edit_date or message.date,
        about_at=message.date,
        ref="",
        edits=new.ref,
    )


def _from_membership(change: ChatMemberUpdated, provider_id: str) -> IncomingMessage | Ignored:
    """In a private chat: the person blocks the bot, or unblocks it."""
    if change.chat.type != ChatType.PRIVATE:
        return Ignored("group chat")
    kind: MessageKind = "left" if change.new_chat_member.status == ChatMemberStatus.BANNED else "back"
    return IncomingMessage(NAME, str(change.chat.id), provider_id, kind, sent_at=change.date)


def _from_reaction(reaction: MessageReactionUpdated, provider_id: str) -> IncomingMessage | Ignored:
    """A sign that was put under a message; one that is taken away, or stood there before, says nothing."""
    if reaction.chat.type != ChatType.PRIVATE:
        return Ignored("group chat")
    added = [one for one in reaction.new_reaction if one not in reaction.old_reaction]
    signs = [one.emoji for one in added if isinstance(one, ReactionTypeEmoji)]
    if not signs:
        return Ignored("reaction")
    address, answered = str(reaction.chat.id), str(reaction.message_id)
    return IncomingMessage(
        NAME, address, provider_id, "reaction", text=signs[0], sent_at=reaction.date, reply_to=answered
    )


def _kind(message: Message, attachments: tuple[Attachment, ...]) -> MessageKind | None:
    if attachments:
        return attachments[0].kind
    if message.text or _RICH in message.api_kwargs:
        return "text"
    return next((kind for name, kind in _FILELESS if getattr(message, name, None) is not None), None)


def _plain(part: Any, between: str = "\n") -> str:
    """The words of a rich message, a line for each block."""
    if isinstance(part, str):
        return part
    if isinstance(part, list):
        return between.join(filter(None, (_plain(one, between) for one in part)))
    if isinstance(part, dict):
        return "\n".join(filter(None, (_plain(part.get(name), "" if name == "text" else "\n") for name in _RICH_PARTS)))
    return ""


def _grouped(files: tuple[Attachment, ...], group: str | None) -> tuple[Attachment, ...]:
    return tuple(replace(file, group=group or "") for file in files)


def _attachments(message: Message) -> tuple[Attachment, ...]:
    if message.photo:
        largest = max(message.photo, key=lambda size: size.width * size.height)
        return (Attachment("photo", largest.file_id, media_type="image/jpeg", size=largest.file_size),)
    if message.sticker:
        return (Attachment("sticker", message.sticker.file_id, size=message.sticker.file_size),)
    for name, kind in _FILES:
        file = getattr(message, name)
        if file is not None:
            return (
                Attachment(
                    kind,
                    file.file_id,
                    filename=getattr(file, "file_name", None) or "",
                    media_type=getattr(file, "mime_type", None) or "",
                    size=file.file_size,
                ),
            )
    return ()
