"""Introduction, menu and help."""

from __future__ import annotations

from actions import wording
from actions.turn import Turn
from bot.answers.payloads import TO_MENU, TO_PERSON, button
from bot.conversations.notice import Notice
from bot.knowledge.load import get_knowledge
from bot.knowledge.models import Knowledge
from bot.messages import Button, Reply

INTENTS = ("greet", "start", "show_menu", "help")
_FIRST = ("Syarat izin", "Panduan per langkah", "Kendala akun OSS")
"""The choices under a greeting; "Menu" holds them all."""

_CHOICES: tuple[tuple[str, str, dict[str, str]], ...] = (
    ("Pilih layanan", "inform", {"detail": "menu"}),
    ("Syarat izin", "ask_requirements", {}),
    ("Panduan per langkah", "guide_start", {}),
    ("Biaya", "ask_cost", {}),
    ("Lama proses", "ask_duration", {}),
    ("Kendala akun OSS", "account_problem", {}),
    ("Risiko, KBLI, istilah", "ask_risk_or_kbli", {"detail": "list"}),
    ("Kontak dan pengaduan", "ask_contact", {}),
)


async def welcome(turn: Turn) -> None:
    """Introduces Pandu once, then the menu. A running guide is offered by the caller."""
    if turn.first_contact:
        turn.say(Reply(introduction(turn, wording.INTRO)))
    if turn.intent == "help":
        turn.say(Reply(wording.HELP, menu()))
        return
    texts = wording.GREETING if turn.intent == "greet" and not turn.first_contact else wording.MENU
    turn.say(Reply(texts[turn.variant], menu() if turn.intent == "show_menu" else _shortened()))


def introduction(turn: Turn, text: str) -> str:
    """`text`, what happens with data, and the link where it is explained."""
    url = turn.metadata.get("privacy_url")
    return _introduced(text, turn.knowledge, url if isinstance(url, str) else "")


def first_notice(url: str) -> Notice:
    """What is read with the first reply where no action has a part in it."""
    knowledge = get_knowledge()
    notice = knowledge.privacy.notice
    return Notice(notice.version, notice.text, _introduced(wording.INTRO_SHORT, knowledge, url))


def _introduced(text: str, knowledge: Knowledge, url: str) -> str:
    link = " " + wording.DATA_LINK.format(url=url) if url else ""
    return f"{text}\n\n{knowledge.privacy.notice.text}{link}"


def _shortened() -> tuple[Button, ...]:
    return (*(one for one in menu() if one.title in _FIRST), TO_MENU, TO_PERSON)


def menu() -> tuple[Button, ...]:
    return (*(button(title, intent, **entities) for title, intent, entities in _CHOICES), TO_PERSON)
