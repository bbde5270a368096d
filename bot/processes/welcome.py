"""The words of `pandu serve` once everything is up: where to look, and what to type."""

from __future__ import annotations

import shutil
from pathlib import Path

from bot.settings import ROOT, Settings

QUESTIONS = (
    "Apa saja syarat izin usaha industri di Kudus?",
    "Berapa lama perluasan usaha di Magetan?",
    "Bagaimana cara membuat akun SIINas?",
)


def welcome(settings: Settings, role: str, address: str, seconds: float) -> list[str]:
    """Lines for the terminal."""
    lines = ["", f"Pandu is ready ({seconds:.0f} s). Ctrl-C stops it.", ""]
    if role in ("all", "web"):
        if settings.simulator_on:
            lines.append(f"  Simulator   {address}/simulator")
        lines.append(f"  Health      {address}/health/ready")
        lines.append(f"  Telegram    {_telegram(settings)}")
        lines.append(f"  WhatsApp    {_whatsapp(settings)}")
    if role == "engine":
        lines.append(f"  Engine      {address}")
    lines.append(f"  Data, logs  {settings.data_dir}")
    if role == "all" and settings.simulator_on:
        lines += ["", f"Open the simulator, or type {pandu_command()} chat in another terminal. Ask for example:"]
        lines += [f"  {question}" for question in QUESTIONS]
    return [*lines, ""]


def pandu_command() -> str:
    """How the `pandu` command is called from the repository's folder."""
    found = shutil.which("pandu")
    own = ROOT / ".venv" / "bin" / "pandu"
    if found and Path(found).resolve() == own.resolve():
        return "pandu"
    return ".venv/bin/pandu" if Path.cwd() == ROOT else str(own)


def _telegram(settings: Settings) -> str:
    if not settings.telegram_on:
        return "off (set PANDU_TELEGRAM_TOKEN to connect a bot)"
    return f"on, webhook at {settings.public_url}" if settings.public_url else "on, polling"


def _whatsapp(settings: Settings) -> str:
    if not settings.whatsapp_on:
        return "off (set PANDU_TWILIO_ACCOUNT_SID, PANDU_TWILIO_AUTH_TOKEN and PANDU_WHATSAPP_SENDER)"
    return (
        f"on, webhook at {settings.public_url}/webhooks/whatsapp"
        if settings.public_url
        else "on, but PANDU_PUBLIC_URL is empty"
    )
