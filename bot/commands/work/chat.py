"""A chat in the terminal, through the running server's simulator: the same inbox, turn and outbox as any channel."""

from __future__ import annotations

import getpass
import re
import sys
from collections.abc import Callable
from typing import Any

import httpx

from bot.processes.welcome import pandu_command

GOODBYE = frozenset({"/keluar", "/exit", "/quit"})
Read = Callable[[], str]


def chat(url: str, conversation: str = "", read: Read | None = None) -> int:
    """Talk until /keluar or Ctrl-D; returns the exit code. A number chooses one of the buttons last shown."""
    name = conversation or "terminal-" + (re.sub(r"[^A-Za-z0-9_-]", "", _user()) or "tamu")
    with httpx.Client(base_url=url, timeout=40, trust_env=False) as client:
        problem = _problem(client, url)
        if problem:
            print(problem, file=sys.stderr)
            return 1
        print(f"Percakapan {name}. Ketik pesan; angka memilih tombol; /keluar untuk selesai.")
        buttons: list[dict[str, str]] = []
        while True:
            try:
                line = (read or _prompt)().strip()
            except (EOFError, KeyboardInterrupt):
                print()
                return 0
            if line in GOODBYE:
                return 0
            if line:
                buttons = _turn(client, name, line, buttons)


def message_for(line: str, buttons: list[dict[str, str]]) -> dict[str, str]:
    """The body to send for a typed line: a listed number is that button's payload, anything else is text."""
    if line.isdecimal() and 1 <= int(line) <= len(buttons):
        return {"payload": buttons[int(line) - 1]["payload"]}
    return {"text": line}


def _turn(client: httpx.Client, name: str, line: str, buttons: list[dict[str, str]]) -> list[dict[str, str]]:
    """Send one message and show what comes back; returns the buttons now on offer."""
    try:
        answer = client.post(f"/api/simulator/{name}/messages", json=message_for(line, buttons))
        answer.raise_for_status()
    except httpx.HTTPStatusError as error:
        print(f"(Pandu menjawab {error.response.status_code}: {error.response.text[:200]})", file=sys.stderr)
        return buttons
    except httpx.HTTPError as error:
        print(f"(Pandu tidak menjawab: {type(error).__name__})", file=sys.stderr)
        return buttons
    body: dict[str, Any] = answer.json()
    shown = [button for reply in body["replies"] for button in reply.get("buttons") or []]
    print("\n" + "\n\n".join(reply["text"] for reply in body["replies"]))
    for number, button in enumerate(shown, 1):
        print(f"  {number}. {button['title']}")
    if body.get("owner", "bot") != "bot":
        print("(percakapan ini menunggu petugas)" if body["owner"] == "queue" else "(petugas melayani percakapan ini)")
    print()
    return shown


def _problem(client: httpx.Client, url: str) -> str:
    """Why there is nothing to chat with, and what to type; "" when all is well."""
    try:
        live = client.get("/health/live", timeout=5)
        if live.status_code != 200:
            return f"What answers at {url} is not Pandu. Set PANDU_PORT, or use --url."
        if client.get("/api/simulator/terminal-probe/messages", timeout=5).status_code == 404:
            return "Pandu runs without its simulator: start it with PANDU_SIMULATOR=on to chat in the terminal."
    except httpx.HTTPError:
        return f"No Pandu answers at {url}. Start it in another terminal: make run (or {pandu_command()} serve)."
    return ""


def _prompt() -> str:
    return input("Anda> ")


def _user() -> str:
    try:
        return getpass.getuser()
    except (KeyError, OSError):
        return ""
