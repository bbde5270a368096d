"""The first words of a running `pandu serve`: where to look, and what to type."""

from __future__ import annotations

import shutil
from pathlib import Path

from bot.channels.all import by_title
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
        lines += [f"  {kind.title:<12}{how}" for kind in by_title() if (how := kind.how(settings))]
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
