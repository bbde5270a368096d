"""Questions about one's own data: a copy, erasing; and the notice about it."""

from __future__ import annotations

import re

from actions import wording as fixed
from actions.turn import Turn
from bot.answers.payloads import TO_MENU, TO_PERSON, button
from bot.answers.text import LIMIT, references, source_line
from bot.channels.all import kind_of
from bot.conversations.hiding import answer_privately
from bot.conversations.text import split_text
from bot.dates import say_date
from bot.messages import Reply
from bot.privacy import erase, export, service, wording
from bot.privacy.delivery import put_copy

INTENT = "ask_privacy"

_POLITE = r"(?:(?:tolong|tlg|mohon|minta|saya|sy|aku|mau|ingin|pengen|nyuwun|kak|min|pak|bu|bisa)\s)*"
_OWN = r"(?:data(?:\spribadi)?\s(?:saya|sy|ku|aku|kula|kulo|ambo|awak)|dataku)"
_WHERE = r"(?:\s(?:di\ssini|disini|di\spandu|di\sbot\sini))?(?:\s(?:dong|ya|yah|kak|min|sekarang))*"
_COPY = re.compile(
    rf"{_POLITE}(?:(?:lihat|unduh|download|ekspor|export|kirim|kirimkan|cek|tampilkan|salinan|kopi|copy|rekap)\s)*"
    rf"(?:semua\s|seluruh\s)?{_OWN}{_WHERE}"
)
_ERASE = re.compile(
    rf"{_POLITE}(?:hapus|hapuskan|hapusen|hilangkan|musnahkan|busak|delete)\s(?:semua\s|seluruh\s)?"
    rf"(?:{_OWN}|data|(?:(?:riwayat|isi)\s)?(?:chat|percakapan|obrolan)(?:\s(?:saya|ini))?)(?:\skabeh)?{_WHERE}"
)
_SURE = re.compile(
    r"(?:ya|iya|yakin|setuju)\s(?:saya\s)?(?:yakin\s)?hapus(?:\s(?:semua|semuanya|sekarang))?|hapus\s(?:sekarang|semuanya)"
)
# For what the engine took for a question about privacy.
_ABOUT_ERASING = re.compile(
    r"(?:di|dipun|peng)?hapus\w*|m?busak\w*|hilangkan|musnah\w*|(?:jangan|berhenti|stop) (?:di)?simpan|cabut"
)
_ABOUT_COPY = re.compile(r"salinan|kopian|copy|rekap|unduh|ekspor|export")
_SUPPOSED = re.compile(r"(?:kalau|klo|kalo|apakah|apa)\b")
_MOST_KNOWN = 100_000

_COPY_BUTTON = button(wording.B_COPY, INTENT, detail="salinan")
_ERASE_BUTTON = button(wording.B_ERASE, INTENT, detail="hapus")
_TEXT_BUTTON = button(wording.B_TEXT, INTENT, detail="teks")


async def notice(turn: Turn) -> None:
    """Records the notice that a first contact reads; tells a newer version once to those who know an older one."""
    current = turn.knowledge.privacy.notice
    informed, message = turn.services.informed, turn.desk.message
    if turn.first_contact:
        await service.note_shown(turn.session, turn.conversation, current.version, message)
    elif turn.conversation not in informed:
        seen = await service.seen_version(turn.session, turn.conversation, message)
        if seen is not None and seen < current.version:
            text = wording.CHANGED.format(changed=current.changed, text=current.text, link=_link(turn, " "))
            turn.say(Reply(text))
            await service.note_shown(turn.session, turn.conversation, current.version, message)
            return
        if len(informed) >= _MOST_KNOWN:
            informed.clear()
        informed.add(turn.conversation)


async def takes(turn: Turn) -> bool:
    """Buttons about one's own data, and the plain commands: before anything else, also in the middle of a report."""
    if not turn.text:
        return turn.intent == INTENT and await _answered(turn, turn.entities.get("detail", ""))
    words = " ".join(re.findall(r"[^\W_]+", turn.text.casefold()))
    if _SURE.fullmatch(words) and (
        asked := await service.open_erasing(turn.session, turn.conversation, turn.services.now())
    ):
        await _confirm(turn, asked)
        return True
    if _ERASE.fullmatch(words):
        return await _answered(turn, "hapus")
    return bool(_COPY.fullmatch(words)) and await _answered(turn, "salinan")


async def about_privacy(turn: Turn) -> None:
    """A question about data in other words: a copy or erasing where it asks for that, else what is kept."""
    words = turn.text.casefold()
    if not _SUPPOSED.match(words):
        if _ABOUT_ERASING.search(words) and re.search(r"data|riwayat|chat|percakapan|nomor|hp|simpan|cabut", words):
            await _explain_erasing(turn)
            return
        if _ABOUT_COPY.search(words):
            await _copy(turn)
            return
    text = "\n\n".join((fixed.PRIVACY, wording.COMMANDS + _link(turn, " ")))
    turn.say(Reply(text, (_COPY_BUTTON, _ERASE_BUTTON, TO_PERSON, TO_MENU)))


async def _answered(turn: Turn, detail: str) -> bool:
    match detail:
        case "salinan":
            await _copy(turn)
        case "teks":
            await _as_text(turn)
        case "hapus":
            await _explain_erasing(turn)
        case "hapus-ya":
            answer = turn.entities.get("answer", "")
            await _confirm(turn, int(answer) if answer.isdecimal() and len(answer) < 18 else 0)
        case "hapus-tidak":
            turn.say(Reply(wording.KEPT, (TO_MENU,)))
        case _:
            return False
    return True


async def _copy(turn: Turn) -> None:
    """What is kept, in a few lines, and all of it: as a file, by a link where one can be reached, else as text."""
    await answer_privately(turn.session, turn.desk.message)
    found = await erase.effect(turn.session, turn.conversation)
    lines = [f"• {found.messages} pesan"]
    named = ((found.files, "berkas"), (found.guides, "panduan"), (found.reports + found.sent, "laporan"))
    lines += [f"• {count} {name}" for count, name in (*named, (found.links, "permohonan yang dihubungkan")) if count]
    reads = await service.reads_of(turn.session, "conversation", turn.conversation)
    text = wording.COPY.format(lines="\n".join(lines))
    if reads:
        day = say_date(reads[0].at.astimezone(turn.services.zone).date())
        text += f"\n\n{wording.COPY_READ.format(count=len(reads), day=day)}"
    else:
        text += f"\n\n{wording.COPY_UNREAD}"
    turn.say(Reply(text))
    now, message = turn.services.now(), turn.desk.message
    settings = turn.services.settings
    as_file = message and await put_copy(
        turn.session, settings, turn.knowledge, turn.conversation, message, now, turn.beside
    )
    base = _reachable(turn)
    if base:
        token = await service.make_link(turn.session, turn.conversation, now)
        minutes = int(service.LINK_LIFETIME.total_seconds() // 60)
        text = wording.COPY_LINK.format(minutes=minutes, url=f"{base}/data/{token}")
    else:
        text = "" if as_file else wording.COPY_NO_LINK
    said = "\n\n".join(filter(None, (wording.COPY_FILE if as_file else "", text)))
    turn.say(Reply(said, (_TEXT_BUTTON, _ERASE_BUTTON, TO_MENU)))


async def _as_text(turn: Turn) -> None:
    """One page of the copy as text, and the way to the next."""
    await answer_privately(turn.session, turn.desk.message)
    now, zone = turn.services.now(), turn.services.settings.timezone
    texts = export.as_texts(await export.gather(turn.session, turn.knowledge, turn.conversation, now, zone))
    page = min(turn.asked().page, len(texts))
    more = button(wording.B_MORE_TEXT, INTENT, detail="teks", page=page + 1)
    buttons = (more, TO_MENU) if page < len(texts) else (_ERASE_BUTTON, TO_MENU)
    turn.say(Reply(wording.TEXT_PAGE.format(page=page, pages=len(texts), text=texts[page - 1]), buttons))


async def _explain_erasing(turn: Turn) -> None:
    """What goes, what stays and why; the yes is a button, good for some minutes."""
    request = await service.ask_erasing(turn.session, turn.conversation, turn.services.now())
    if request.status == "held":
        turn.say(Reply(wording.HELD, (_COPY_BUTTON, TO_PERSON, TO_MENU)))
        return
    found = await erase.effect(turn.session, turn.conversation)
    rules = turn.knowledge.privacy
    gone = [
        wording.GONE_MESSAGES.format(count=found.messages),
        *([wording.GONE_FILES.format(count=found.files)] if found.files else []),
        wording.GONE_NAME,
        *([wording.GONE_GUIDES.format(count=found.guides)] if found.guides else []),
        *([wording.GONE_DRAFTS.format(count=found.reports)] if found.reports else []),
        *([wording.GONE_SENT.format(count=found.sent)] if found.sent else []),
        *([wording.GONE_LINKS.format(count=found.links)] if found.links else []),
        wording.GONE_REST,
    ]
    stated = [one for one in rules.rights if one.source.mark == "V"]
    refs = references(turn.knowledge, [one.source for one in stated])
    source = "\n\n".join(filter(None, (" ".join(one.text for one in stated), source_line(refs))))
    minutes = int(service.SURE_WITHIN.total_seconds() // 60)
    sure = button(wording.B_SURE, INTENT, detail="hapus-ya", answer=request.id)
    keep = button(wording.B_KEEP, INTENT, detail="hapus-tidak")
    oss = button(wording.B_OSS, "cannot_edit_or_delete_data")
    turn.say(
        Reply(wording.ERASE.format(gone=_list(gone))),
        *(Reply(part) for part in split_text(wording.STAYS.format(stays=_list(rules.stays)), LIMIT)),
        Reply(wording.ERASE_SURE.format(minutes=minutes, source=source), (keep, sure, _COPY_BUTTON, oss), refs),
    )


async def _confirm(turn: Turn, request: int) -> None:
    """The yes. The erasing itself is a job: this turn's own rows must be gone, too."""
    match await service.confirm_erasing(turn.session, turn.conversation, request, turn.services.now()):
        case "started":
            assert turn.services.erase_later is not None
            await turn.services.erase_later(turn.session, turn.conversation, request)
            turn.say(Reply(wording.STARTED))
        case "already":
            turn.say(Reply(wording.ALREADY))
        case "held":
            turn.say(Reply(wording.HELD, (TO_PERSON, TO_MENU)))
        case _:
            turn.say(Reply(wording.EXPIRED, (_ERASE_BUTTON, TO_MENU)))


def _list(lines: list[str]) -> str:
    return "\n".join(f"• {line}" for line in lines)


def _link(turn: Turn, before: str) -> str:
    url = turn.metadata.get("privacy_url")
    return before + fixed.DATA_LINK.format(url=url) if isinstance(url, str) and url else ""


def _reachable(turn: Turn) -> str:
    """Our address as the person's phone reaches it; empty when it does not."""
    url = turn.metadata.get("privacy_url")
    known = bool(turn.services.settings.public_url) or kind_of(str(turn.metadata.get("channel"))).local
    return url.removesuffix("/privasi") if known and isinstance(url, str) else ""
