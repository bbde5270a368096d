"""Somebody of no known region, from a first message to a finished guide, on Telegram and on WhatsApp."""

from __future__ import annotations

from functools import partial
from pathlib import Path

from tests.helpers.system import free_port
from tests.helpers.until import until
from tests.peers.bot_api import TOKEN, BotApiServer
from tests.peers.serving import serving
from tests.peers.twilio_api import ACCOUNT, SENDER
from tests.peers.twilio_api import TOKEN as TWILIO_TOKEN
from tests.peers.twilio_chain import Chain, twilio_chain
from tests.system.test_channels import BUDI, buttons_of, released, running_with, tapped, written

FIRST = "mau buka usaha kerupuk rumahan mulai dari mana"
ANSWERS = ("Mulai panduan", "Belum punya akun", "Perseorangan", "Mikro", "Lanjut ke langkah 1")
STEPS = 15  # of this person
END = "Panduan selesai."


async def tapped_next(telegram: BotApiServer, seen: int, title: str) -> str | None:
    """The payload of the button `title` in what was sent after the first `seen` messages, or END."""
    calls = telegram.made("sendMessage")[seen:]
    if any(END in call["text"] for call in calls):
        return END
    return next((buttons_of(call)[title] for call in calls if title in buttons_of(call)), None)


async def told_with(chain: Chain, words: str) -> list[str] | None:
    """The texts sent to Budi, once one of them holds `words`."""
    found = [message["body"] for message in await chain.sent() if message["to"] == BUDI]
    return found if any(words in one for one in found) else None


def shows_no_region(texts: list[str]) -> bool:
    return not any("daerah mana" in one or "belum memegang standar" in one for one in texts)


async def test_from_a_first_message_to_a_finished_guide_on_telegram(test_folder: Path) -> None:
    telegram = BotApiServer()
    async with serving(telegram.app) as api:
        settings = {"TELEGRAM_TOKEN": TOKEN, "TELEGRAM_API_URL": api}
        async with released(telegram), running_with(test_folder / "guide-telegram", **settings):
            telegram.push(written(FIRST))
            seen = 0
            for title in (*ANSWERS, *["Lanjut"] * (STEPS + 1)):
                payload = await until(partial(tapped_next, telegram, seen, title))
                if payload == END:
                    break
                seen = len(telegram.made("sendMessage"))
                telegram.push(tapped(str(payload)))
            texts = [call["text"] for call in telegram.made("sendMessage")]
            assert END in texts[-1]
            assert "NIB terbit" in texts[-1]
            assert shows_no_region(texts)


async def test_from_a_first_message_to_a_finished_guide_on_whatsapp(test_folder: Path, tmp_path: Path) -> None:
    port = str(free_port())
    public = f"http://127.0.0.1:{port}"
    async with twilio_chain(public, tmp_path) as chain:
        settings = {
            "PORT": port,
            "PUBLIC_URL": public,
            "TWILIO_ACCOUNT_SID": ACCOUNT,
            "TWILIO_AUTH_TOKEN": TWILIO_TOKEN,
            "TWILIO_API_URL": chain.url,
            "WHATSAPP_SENDER": SENDER,
        }
        async with running_with(test_folder / "guide-whatsapp", **settings):
            await _walks(chain)


async def _walks(chain: Chain) -> None:
    expected = ["mulai dari NIB", "Sudah punya akun OSS", "atas nama siapa", "Skala usahanya", "Perhatikan:"]
    expected += [f"angkah {number} dari {STEPS}" for number in range(1, STEPS + 1)]
    told: list[str] = []
    for words, answer in zip((FIRST, *ANSWERS, *["Lanjut"] * STEPS), (*expected, END), strict=True):
        await chain.inbound(BUDI, words)
        told = await until(partial(told_with, chain, answer)) or []
    assert "NIB terbit" in next(text for text in told if END in text)
    assert shows_no_region(told)
