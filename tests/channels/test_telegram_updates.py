"""Telegram's updates, as Telegram sends them, and what becomes of them."""

from __future__ import annotations

from datetime import UTC, datetime
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st
from telegram import Bot

from bot.channels.base import Ignored
from bot.channels.telegram.updates import callback_data, parse, translate
from bot.messages import Attachment, IncomingMessage
from tests.peers.bot_api import TOKEN

BOT = Bot(TOKEN)
SRI = {"id": 5120001, "is_bot": False, "first_name": "Sri", "last_name": "Wahyuni", "language_code": "id"}
CHAT = {"id": 5120001, "first_name": "Sri", "last_name": "Wahyuni", "type": "private"}
GROUP = {"id": -100200300, "title": "UMKM Kudus", "type": "supergroup"}
BOT_USER = {"id": 7, "is_bot": True, "first_name": "Pandu"}
FILE = {"file_id": "AgACAgUAAx0", "file_unique_id": "AQADu", "file_size": 2048}
AT = datetime.fromtimestamp(1790000000, UTC)
OURS = {"message_id": 77, "from": {"id": 7, "is_bot": True, "first_name": "Pandu"}, "date": 1790000000, "chat": CHAT}


def update(**content: Any) -> dict[str, Any]:
    return {"update_id": 9001, **content}


def message(**content: Any) -> dict[str, Any]:
    return update(message={"message_id": 31, "from": SRI, "chat": CHAT, "date": 1790000000, **content})


def tapped(**content: Any) -> dict[str, Any]:
    query = {"id": "4382bfdwdsb323b2d9", "from": SRI, "chat_instance": "-1", "message": OURS, "data": "m12:3"}
    return update(callback_query=query | content)


def membership(status: str, chat: dict[str, Any] = CHAT) -> dict[str, Any]:
    """The bot is blocked or unblocked (private chat), removed or added (group)."""
    other = "member" if status == "kicked" else "kicked"
    more = {"kicked": {"until_date": 0}, "member": {}}
    change = {"chat": chat, "from": SRI, "date": 1790000000}
    old, new = ({"user": BOT_USER, "status": one, **more[one]} for one in (other, status))
    return update(my_chat_member=change | {"old_chat_member": old, "new_chat_member": new})


def told(kind: str, **more: Any) -> IncomingMessage:
    sent = datetime.fromtimestamp(1790000000, UTC)
    values = {"profile_name": "Sri Wahyuni", "sent_at": sent, "ref": "" if "menu" in more else "31"} | more
    return IncomingMessage("telegram", "5120001", "7-9001", kind, **values)  # type: ignore[arg-type]


def attached(kind: str, **more: Any) -> tuple[Attachment, ...]:
    return (Attachment(kind, "AgACAgUAAx0", size=2048, **more),)  # type: ignore[arg-type]


def read(raw: dict[str, Any]) -> IncomingMessage | Ignored:
    parsed = parse(raw, BOT)
    return parsed if isinstance(parsed, Ignored) else translate(parsed, "7")


MESSAGES: list[tuple[str, dict[str, Any], IncomingMessage]] = [
    (
        "part of an album",
        message(photo=[FILE | {"width": 90, "height": 90}], media_group_id="13", caption="NIB saya"),
        told("photo", text="NIB saya", attachments=attached("photo", media_type="image/jpeg", group="13")),
    ),
    ("text", message(text="Apa syarat IUI?"), told("text", text="Apa syarat IUI?")),
    (
        "reply",
        message(text="yang ini", reply_to_message=OURS | {"text": "…"}),
        told("text", text="yang ini", reply_to="77", quoted="…", about_at=AT),
    ),
    (
        "a marked part of a message",
        message(
            text="ini berapa?",
            reply_to_message=OURS | {"text": "NIB gratis. PNBP dibayar."},
            quote={"text": "PNBP dibayar.", "position": 12, "is_manual": True},
        ),
        told(
            "text",
            text="ini berapa?",
            reply_to="77",
            quoted="PNBP dibayar.",
            about_at=AT,
        ),
    ),
    (
        "forwarded",
        message(text="transfer segera", forward_origin={"type": "hidden_user", "date": 1, "sender_user_name": "X"}),
        told("text", text="transfer segera", forwarded=True),
    ),
    (
        "edited",
        update(
            edited_message={
                "message_id": 31,
                "from": SRI,
                "chat": CHAT,
                "date": 1,
                "edit_date": 1790000000,
                "text": "x",
            }
        ),
        told("text", text="x", ref="", edits="31", about_at=datetime.fromtimestamp(1, UTC)),
    ),
    (
        "a photo in place of another",
        update(
            edited_message={
                **{"message_id": 31, "from": SRI, "chat": CHAT, "date": 1, "edit_date": 1790000000},
                "photo": [{"file_id": "baru", "file_unique_id": "b", "width": 90, "height": 90, "file_size": 7}],
                "media_group_id": "g",
            }
        ),
        told(
            "photo",
            attachments=(Attachment("photo", "baru", media_type="image/jpeg", size=7),),
            ref="",
            edits="31",
            about_at=datetime.fromtimestamp(1, UTC),
        ),
    ),
    (
        "a thumb under our message",
        update(
            message_reaction={
                "chat": CHAT,
                "message_id": 77,
                "user": SRI,
                "date": 1790000000,
                "old_reaction": [],
                "new_reaction": [{"type": "emoji", "emoji": "👍"}],
            }
        ),
        told("reaction", text="👍", reply_to="77", ref="", profile_name=""),
    ),
    ("blocked", membership("kicked"), told("left", ref="", profile_name="")),
    ("unblocked", membership("member"), told("back", ref="", profile_name="")),
    ("start", message(text="/start"), told("payload", text="/start", payload="/start")),
    ("claim code", message(text="/start KLAIM-7K3M-9XQ4-ACDE"), told("text", text="KLAIM-7K3M-9XQ4-ACDE")),
    ("deep link", message(text="/start kudus"), told("payload", text="/start kudus", payload="/start")),
    ("addressed", message(text="/menu@PanduBot"), told("payload", text="/menu@PanduBot", payload="/show_menu")),
    ("help", message(text="/bantuan"), told("payload", text="/bantuan", payload="/help")),
    ("status", message(text="/Status"), told("payload", text="/Status", payload="/track_status")),
    ("stop", message(text="/berhenti"), told("payload", text="/berhenti", payload="/guide_stop")),
    ("a payload typed by hand is text", message(text="/ask_cost"), told("text", text="/ask_cost")),
    ("so is a dangerous one", message(text='/restart{"a":1}'), told("text", text='/restart{"a":1}')),
    ("a longer word is no command", message(text="/menunya apa"), told("text", text="/menunya apa")),
    ("control characters", message(text="a\x00b\u202e\u200b"), told("text", text="a\x00b\u202e\u200b")),
    (
        "photo: the largest",
        message(
            caption="KTP saya",
            photo=[FILE | {"file_id": "kecil", "width": 90, "height": 51}, FILE | {"width": 1280, "height": 720}],
        ),
        told("photo", text="KTP saya", attachments=attached("photo", media_type="image/jpeg")),
    ),
    (
        "document",
        message(document=FILE | {"file_name": "nib.pdf", "mime_type": "application/pdf"}),
        told("document", attachments=attached("document", filename="nib.pdf", media_type="application/pdf")),
    ),
    (
        "voice",
        message(voice=FILE | {"duration": 4, "mime_type": "audio/ogg"}),
        told("voice", attachments=attached("voice", media_type="audio/ogg")),
    ),
    ("audio", message(audio=FILE | {"duration": 4}), told("voice", attachments=attached("voice"))),
    (
        "video",
        message(video=FILE | {"width": 1, "height": 1, "duration": 4}),
        told("video", attachments=attached("video")),
    ),
    (
        "round video",
        message(video_note=FILE | {"length": 1, "duration": 4}),
        told("video", attachments=attached("video")),
    ),
    (
        "animation, which comes as a document too",
        message(animation=FILE | {"width": 1, "height": 1, "duration": 4}, document=FILE),
        told("video", attachments=attached("video")),
    ),
    (
        "sticker",
        message(sticker=FILE | {"type": "regular", "width": 1, "height": 1, "is_animated": False, "is_video": False}),
        told("sticker", attachments=attached("sticker")),
    ),
    ("location", message(location={"latitude": -6.8, "longitude": 110.8}), told("location")),
    (
        "venue",
        message(venue={"location": {"latitude": 1, "longitude": 2}, "title": "Kantor", "address": "Jl."}),
        told("location"),
    ),
    ("contact", message(contact={"phone_number": "+628120000", "first_name": "Budi"}), told("contact")),
    ("dice", message(dice={"emoji": "🎲", "value": 3}), told("other")),
    (
        "tapped button",
        tapped(),
        told("payload", menu=12, choice=3, sent_at=None, reply_to="77"),
    ),
    (
        "tapped on a message too old to be shown",
        tapped(message={"chat": CHAT, "message_id": 77, "date": 0}),
        told("payload", menu=12, choice=3, sent_at=None, reply_to="77"),
    ),
    ("fields from the future", message(text="halo", shiny={"new": [1]}), told("text", text="halo")),
]

IGNORED: list[tuple[str, dict[str, Any], str]] = [
    (
        "a place that moves",
        update(
            edited_message={
                **{"message_id": 31, "from": SRI, "chat": CHAT, "date": 1},
                "location": {"latitude": -6.8, "longitude": 110.8},
            }
        ),
        "edited without words",
    ),
    ("removed from a group", membership("kicked", GROUP), "group chat"),
    (
        "a thumb taken away",
        update(
            message_reaction={
                **{"chat": CHAT, "message_id": 77, "user": SRI, "date": 1, "new_reaction": []},
                "old_reaction": [{"type": "emoji", "emoji": "👍"}],
            }
        ),
        "reaction",
    ),
    ("channel post", update(channel_post={"message_id": 3, "chat": GROUP, "date": 1, "text": "x"}), "channel_post"),
    ("group", message(text="halo", chat=GROUP), "group chat"),
    ("group button", tapped(message=OURS | {"chat": GROUP}), "group chat"),
    ("another bot", message(text="halo", **{"from": SRI | {"is_bot": True}}), "not from a person"),
    ("nobody", message(text="halo", **{"from": None}), "not from a person"),
    ("pinned", message(pinned_message=OURS), "service message"),
    ("empty", message(), "service message"),
    ("inline button", tapped(message=None, inline_message_id="x"), "callback without message"),
    ("foreign button", tapped(data="halo"), "unknown callback data"),
    ("forged button", tapped(data="m12:3;drop"), "unknown callback data"),
    ("huge menu id", tapped(data="m" + "9" * 40 + ":1"), "unknown callback data"),
    ("no data", tapped(data=None), "unknown callback data"),
    ("unknown type", update(telepathy={"thought": "halo"}), "unknown"),
    ("nothing", update(), "unknown"),
    ("a known field of another shape", update(message="halo"), "unreadable"),
    ("no id", {"message": {"text": "x"}}, "unreadable"),
    ("id of another type", {"update_id": "satu"}, "unreadable"),
]


@pytest.mark.parametrize(("raw", "expected"), [row[1:] for row in MESSAGES], ids=[row[0] for row in MESSAGES])
def test_an_update_becomes_a_message(raw: dict[str, Any], expected: IncomingMessage) -> None:
    assert read(raw) == expected


@pytest.mark.parametrize(("raw", "reason"), [row[1:] for row in IGNORED], ids=[row[0] for row in IGNORED])
def test_an_update_that_is_no_message_is_ignored_with_a_reason(raw: dict[str, Any], reason: str) -> None:
    assert read(raw) == Ignored(reason)


def test_a_button_fits_into_telegrams_64_bytes() -> None:
    assert len(callback_data(2**53, 99).encode()) <= 64
    assert translate(parse(tapped(data=callback_data(2**53, 99)), BOT), "7").menu == 2**53  # type: ignore[union-attr, arg-type]


JSON = st.recursive(
    st.none() | st.booleans() | st.integers() | st.text(max_size=8),
    lambda inner: (
        st.lists(inner, max_size=3)
        | st.dictionaries(st.sampled_from(["chat", "from", "id", "text", "photo", "date", "x"]), inner, max_size=4)
    ),
    max_leaves=12,
)


@given(
    st.sampled_from(["message", "callback_query", "my_chat_member", "poll"]),
    st.dictionaries(st.sampled_from(["message_id", "chat", "from", "date", "text", "photo", "voice", "data"]), JSON),
)
def test_no_shape_of_an_update_is_an_error(kind: str, content: dict[str, Any]) -> None:
    assert isinstance(read(update(**{kind: content})), IncomingMessage | Ignored)


@pytest.mark.parametrize(
    "spoiled",
    [
        {"photo": [FILE | {"width": 90, "height": 60}], "caption": {"a": "b"}},
        {"photo": [FILE | {"width": 90, "height": 60}], "caption": float("inf")},
        {"text": "halo", "from": {"id": 1, "is_bot": False, "first_name": ["Siti"]}},
        {"document": {"file_id": "x", "file_unique_id": "u", "file_size": "1"}},
        {"document": {"file_id": "x", "file_unique_id": "u", "file_size": 2**80}},
    ],
)
def test_a_part_of_the_wrong_type_is_never_handed_to_the_inbox(spoiled: dict[str, Any]) -> None:
    """It could not be stored, and Telegram would deliver it for ever, before everything else."""
    result = read(message(**spoiled))
    assert isinstance(result, Ignored) and result.reason == "unreadable"
