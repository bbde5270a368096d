"""The bot's introduction in Telegram: for people before they write, and for a group before we leave it."""

from __future__ import annotations

from telegram import Bot, BotCommand, MenuButtonCommands

from bot.messages import COMMANDS, COMMANDS_IN_ENGLISH

DESCRIPTION = (
    "Pandu membantu pelaku usaha mengurus izin: syarat, biaya, lama proses, langkah di OSS dan SIINas, status "
    "permohonan, dan pengaduan. Jawaban selalu menyebut sumbernya. Jangan kirim kata sandi, kode OTP, "
    "atau foto KTP. Tekan Mulai."
)
"""At most 512 characters; shown in an empty chat."""
SHORT_DESCRIPTION = "Asisten perizinan usaha: syarat, biaya, langkah OSS dan SIINas, status, pengaduan."
"""At most 120 characters; shown on the bot's profile and where it is shared."""
LEAVING = "Maaf, saya hanya melayani percakapan pribadi. Silakan tulis langsung kepada saya. Saya keluar dari grup ini."


async def introduce(bot: Bot) -> None:
    """What people read before they write: who this is, its commands, the button beside the text field."""
    await bot.set_my_description(DESCRIPTION)
    await bot.set_my_short_description(SHORT_DESCRIPTION)
    await bot.set_my_commands([BotCommand(name, about) for name, (_, about) in COMMANDS.items()])
    english = [BotCommand(name, about) for name, about in COMMANDS_IN_ENGLISH.items()]
    await bot.set_my_commands(english, language_code="en")
    await bot.set_chat_menu_button(menu_button=MenuButtonCommands())
