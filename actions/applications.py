""" "Sampai mana izin saya?": the status of one's own applications, claim codes, news on and off."""

from __future__ import annotations

import re
from functools import partial
from zoneinfo import ZoneInfo

from sqlalchemy import select

from actions.turn import Turn
from bot.answers.payloads import TO_MENU, TO_PERSON, button
from bot.applications import access, claim_codes, delivery, news, status, wording
from bot.applications.errors import Busy, NotFound
from bot.applications.models import Application
from bot.applications.numbers import claim_code_in, looks_mistyped, number_in
from bot.applications.service import Register
from bot.conversations.hiding import answer_privately
from bot.messages import Reply

_NEWS_WORDS = r"(?:notif\w*|kabar\w*|pemberitahuan\w*|pengingat\w*)"
_NEWS_OFF = re.compile(
    rf"\b(?:berhenti|stop|setop|hentikan|matikan|nonaktifkan|jangan kirim)\b.{{0,30}}\b{_NEWS_WORDS}", re.IGNORECASE
)
_NEWS_ON = re.compile(rf"\b(?:aktifkan|nyalakan|hidupkan|kirim)\b.{{0,20}}\b{_NEWS_WORDS}", re.IGNORECASE)
_SLOW = re.compile(
    r"\W{0,9}(?:kok|koq|ko|kenapa|knp|mengapa|knapa)\W{1,9}(?:\w+\W{1,9}){0,2}(?:lama|lma|lm|suwe|belum|blm|blum)\b(?:\W{1,9}\w+){0,3}\W{0,9}",
    re.IGNORECASE,
)
_RECEIPT = re.compile(r"\b(?:tanda ?terima|bukti (?:permohonan|pendaftaran|pengajuan))(?:nya|ku)?\b", re.IGNORECASE)
_OTHER_CHAT = re.compile(
    r"\b(?:hubungkan|sambungkan|tautkan|pindahkan?)\b.{0,25}\b(?:chat|wa|whatsapp|telegram|nomor|hp|ponsel)\b",
    re.IGNORECASE,
)
_FEW_WORDS = 8
TOPIC = "track_status"  # remembered after a list of applications
_BUSY = Reply(wording.BUSY, (TO_PERSON, TO_MENU))
_OTHERS_BUSINESS = frozenset({"complaint", "talk_to_human"})


async def is_meant(turn: Turn) -> bool:
    """Whether typed words are about the person's own application, whatever the engine made of them."""
    text = turn.text
    if not text:
        return False
    if claim_code_in(text) or _news_switch(text):
        return True
    if turn.intent in _OTHERS_BUSINESS and not _OTHER_CHAT.search(text):
        return False
    if number_in(text) or looks_mistyped(text):
        return True
    asked = _RECEIPT.search(text) or _OTHER_CHAT.search(text)
    meant = _SLOW.fullmatch(text) or (asked and len(text.split()) <= _FEW_WORDS)
    return bool(meant) and bool(await access.mine(register_of(turn), turn.conversation))


async def answered(turn: Turn) -> bool:
    """Answers from the register; False when this conversation may see nothing in it and named no number or code."""
    register = register_of(turn)
    switch = turn.entities.get("detail") if turn.text == "" else _news_switch(turn.text)
    if switch in ("kabar-mati", "kabar-hidup"):
        await _switch_news(turn, register, switch)
    elif code := claim_code_in(turn.text):
        await _claim(turn, register, code)
    elif turn.text and _RECEIPT.search(turn.text):
        return await _which_receipt(turn, register)
    elif number := number_in(turn.text or turn.entities.get("application_number", "")):
        await _one(turn, register, number)
    elif looks_mistyped(turn.text):
        turn.say(Reply(wording.MISTYPED, (TO_PERSON, TO_MENU)))
    elif turn.entities.get("detail") == "kanal" or _OTHER_CHAT.search(turn.text):
        await _other_channel(turn, register)
    else:
        return await _all(turn, register)
    return True


async def about(turn: Turn) -> str:
    """One sentence on the application that a button or the text names, for an officer; "" when none may be seen."""
    number = number_in(turn.text or turn.entities.get("application_number", ""))
    if number is None:
        return ""
    found = await standing(turn, number)
    return status.facts_for_officer(register_of(turn), found) if found else ""


async def standing(turn: Turn, number: str) -> status.Standing | None:
    """Where an application stands, for its owner; None for anyone else. The look is written down."""
    register = register_of(turn)
    found = await access.look(register, turn.conversation, number)
    if not found.applications:
        return None
    try:
        return await status.standing_of(register, found.applications[0])
    except NotFound:  # the knowledge has changed under the register
        return None


async def likely(turn: Turn, office: str = "", service: str = "") -> list[Application]:
    """The application that is probably meant when none is named; several where that is not clear, the likeliest ones.

    The person's only one (of that office and service, where they are known), the only unfinished one, or the only one
    that is late; else the late ones, the unfinished ones, or all.
    """
    register = register_of(turn)
    found = [
        one
        for one in await access.mine(register, turn.conversation)
        if office in ("", one.office) and service in ("", one.service)
    ]
    unfinished = [one for one in found if one.turn != "nobody"]
    late = [one for one in unfinished if one.due_on and one.due_on < register.today(one.office)]
    clear = next((some for some in (found, unfinished, late) if len(some) == 1), None)
    return clear or late or unfinished or found


async def register_is_used(turn: Turn) -> bool:
    """Whether the office keeps its applications here at all."""
    return (await turn.session.execute(select(Application.id).limit(1))).first() is not None


def register_of(turn: Turn) -> Register:
    return Register(turn.session, turn.knowledge, ZoneInfo(turn.services.settings.timezone), turn.services.now)


def _news_switch(text: str) -> str:
    if _NEWS_OFF.search(text):
        return "kabar-mati"
    return "kabar-hidup" if _NEWS_ON.search(text) else ""


async def _all(turn: Turn, register: Register) -> bool:
    """The only application (of the office and kind that are named), or a list that a name may answer."""
    found = _named(turn, await access.mine(register, turn.conversation))
    if not found:
        return False
    if len(found) == 1:
        await _one(turn, register, found[0].number)
    else:
        await access.note(register, "listed", turn.conversation)
        turn.say(status.number_list(register, found))
        turn.context = turn.context.with_(topic=TOPIC)
    return True


def _named(turn: Turn, found: list[Application]) -> list[Application]:
    """Those that fit what the message names; all of them where it names nothing, or nothing that fits."""
    asked, services = turn.asked(), turn.knowledge.services
    fitting = [
        one
        for one in found
        if asked.office in (None, one.office)
        and asked.service in (None, one.service)
        and (asked.kind is None or (one.service in services and services[one.service].kind == asked.kind))
    ]
    return fitting or found


async def _one(turn: Turn, register: Register, number: str, detail: str = "") -> None:
    found = await access.look(register, turn.conversation, number)
    if not found.applications:
        turn.say(Reply(wording.PAUSE if found.outcome == "paused" else wording.REFUSED, (TO_PERSON, TO_MENU)))
        return
    wanted = detail or (turn.entities.get("detail", "") if turn.text == "" else "")
    if wanted == status.RECEIPT:
        await _receipt(turn, register, found.applications[0])
    else:
        await _show(turn, register, found.applications[0], wanted)


async def _which_receipt(turn: Turn, register: Register) -> bool:
    """The receipt of the application that is named, of the only one, or a choice."""
    if number := number_in(turn.text):
        await _one(turn, register, number, status.RECEIPT)
        return True
    found = await access.mine(register, turn.conversation)
    if len(found) == 1:
        await _one(turn, register, found[0].number, status.RECEIPT)
    elif found:
        await access.note(register, "listed", turn.conversation)
        turn.say(status.number_list(register, found, wording.RECEIPT_WHICH, status.RECEIPT))
    return bool(found)


async def _receipt(turn: Turn, register: Register, application: Application) -> None:
    """Sends the receipt as a file, before the words that announce it."""
    token = f"receipt:{turn.conversation}:{turn.desk.message}"
    settings = turn.services.settings
    try:
        sent = await delivery.put_receipt(register, settings, application, turn.conversation, token, turn.beside)
    except Busy:
        turn.say(_BUSY)
        return
    said = wording.RECEIPT_SENT if sent else wording.RECEIPT_NOT_HERE
    shown = button(wording.B_STATUS, "track_status", application_number=application.number)
    turn.say(Reply(said.format(number=application.number), (shown, TO_PERSON, TO_MENU)))


async def _show(turn: Turn, register: Register, application: Application, detail: str, opening: str = "") -> None:
    try:
        found = await status.standing_of(register, application)
    except NotFound:  # the knowledge has changed under the register: an officer has to sort it out
        turn.say(Reply(wording.UNREADABLE.format(number=application.number), (TO_PERSON, TO_MENU)))
        return
    if detail == "riwayat":
        turn.say(status.history(register, found))
    elif detail == "hitungan":
        turn.say(*status.counting(register, found))
    else:
        others = len(await access.mine(register, turn.conversation)) > 1
        turn.say(*status.status(register, found, others=others, opening=opening))
    regional = turn.knowledge.offices[application.office].region
    turn.context = turn.context.with_(
        service=application.service,
        office=application.office if regional else turn.context.office,
        topic=None if turn.context.topic == TOPIC else turn.context.topic,
    )


async def _claim(turn: Turn, register: Register, code: str) -> None:
    try:
        hashed = await _hashed(turn, register, code)
    except Busy:
        turn.say(_BUSY)
        return
    found = await access.claim(register, turn.conversation, hashed)
    if found.outcome == "own":
        turn.say(Reply(wording.OWN_CODE, (button(wording.B_STATUS, "track_status"), TO_MENU)))
    elif found.outcome != "linked":
        turn.say(Reply(wording.PAUSE if found.outcome == "paused" else wording.REFUSED, (TO_PERSON, TO_MENU)))
    elif len(found.applications) == 1:
        await _show(turn, register, found.applications[0], "", wording.LINKED)
    else:
        turn.say(Reply(wording.LINKED_MORE.format(count=len(found.applications))))
        turn.say(status.number_list(register, found.applications))


async def _hashed(turn: Turn, register: Register, code: str) -> str:
    """The code as it is kept; "" where nothing is looked at any more."""
    if await access.is_paused(register, turn.conversation):
        return ""
    make = partial(claim_codes.hashed, code, turn.conversation)
    return str(claim_codes.there(turn.beside.get(("hash", code), make)))


async def _other_channel(turn: Turn, register: Register) -> None:
    if not await access.mine(register, turn.conversation):
        turn.say(Reply(wording.NO_APPLICATION, (TO_PERSON, TO_MENU)))
        return
    make = partial(claim_codes.made_in, turn.conversation)
    try:
        made = claim_codes.there(turn.beside.get("code for another chat", make))
    except Busy:
        turn.say(_BUSY)
        return
    await access.claim_for_channel(register, turn.conversation, made)
    await answer_privately(turn.session, turn.desk.message)
    turn.say(Reply(wording.CHANNEL_CODE.format(code=made.code), (button(wording.B_STATUS, "track_status"), TO_MENU)))


async def _switch_news(turn: Turn, register: Register, switch: str) -> None:
    if switch == "kabar-mati":
        await news.mute(register, turn.conversation)
        again = button(wording.B_UNMUTE, "track_status", detail="kabar-hidup")
        turn.say(Reply(wording.MUTED, (again, button(wording.B_STATUS, "track_status"), TO_MENU)))
    else:
        await news.unmute(register, turn.conversation)
        turn.say(Reply(wording.UNMUTED, (button(wording.B_STATUS, "track_status"), TO_MENU)))
