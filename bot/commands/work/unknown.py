"""`pandu nlu unknown`: what was not understood, from the command line; the console offers the same."""

from __future__ import annotations

import asyncio
from pathlib import Path
from typing import Any

from bot.audit.service import note
from bot.errors import CannotRun
from bot.storage.folders import write_closed

_TEXTS = 5


async def show(runtime: Any, most: int) -> int:
    """Print the `most` groups that most people are in."""
    from bot.understanding.collect import collect, people_key
    from bot.understanding.service import groups, labelled

    async with runtime.database.session() as session:
        await collect(session, people_key(runtime.settings))
        found, ready = await groups(session), await labelled(session)
        await note(session, "command-line", "message-list.read", "message-list", 0)
    for one in found[:most]:
        said = f"{one.guess} ({'chosen by applicants' if one.chosen else 'guess'})" if one.guess else "no guess"
        why = ", ".join(f"{reason} {count}" for reason, count in sorted(one.reasons.items()))
        print(f"{one.id:>6}  {one.people:>3} people  {one.messages:>3} messages  {said}  [{why}]")
        print("".join(f"          {_short(text)}\n" for text in [one.example, *_others(one)][:_TEXTS]), end="")
    if not found:
        print("Nothing waits for a label.")
    print(f"{len(found)} groups wait; {ready} messages are labelled (pandu nlu unknown export).")
    return 0


async def label(runtime: Any, number: int, intent: str, alone: bool) -> int:
    """Label a group, or one message of it."""
    from bot.understanding.service import UnknownLabel
    from bot.understanding.service import label as give

    async with runtime.database.session() as session:
        try:
            count = await give(session, number, intent, alone=alone)
        except UnknownLabel as error:
            raise CannotRun(str(error)) from error
    print(f"{count} {'message' if count == 1 else 'messages'} labelled {intent}.")
    return 0


async def export(runtime: Any, file: Path | None) -> int:
    """Write the labelled messages as Rasa examples."""
    from bot.understanding.service import export as written

    async with runtime.database.session() as session:
        text = await written(session)
        await note(session, "command-line", "understanding.exported", "message-list", 0)
    if not text:
        raise CannotRun("Nothing is labelled yet: pandu nlu unknown list, then pandu nlu unknown label.")
    if file is None:
        print(text, end="")
    else:
        await asyncio.to_thread(write_closed, file, text.encode())
        print(f"Written: {file}. Read it once more, put it into nlu_data/, then pandu nlu train and pandu nlu test.")
    return 0


def _others(one: Any) -> list[str]:
    return [text for text in one.texts if text != one.example]


def _short(text: str) -> str:
    line = " ".join(text.split())
    return line if len(line) <= 150 else line[:149] + "…"
