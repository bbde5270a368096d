"""`pandu answers test` and `pandu answers why`: whether replies hold what was asked, and how one came about."""

from __future__ import annotations

import asyncio
import json
from collections import defaultdict
from collections.abc import Callable, Sequence
from pathlib import Path
from typing import Any

from bot.answers import finding
from bot.answers.context import Context
from bot.answers.decision import explained
from bot.commands.work.answers_file import DialogueAsked, Judged, judge, read
from bot.commands.work.answers_play import InProcess, in_process, over_http
from bot.dialogue.parse_engine import Parse, parsing_engine
from bot.errors import CannotRun
from bot.hearing import listen
from bot.knowledge.load import get_knowledge
from bot.settings import get_settings

Say = Callable[[str], None]


def test(file: Path, *, url: str = "", as_json: bool = False, say: Say = print) -> int:
    """Plays the file; 0 when every dialogue was played, whatever it held. Raises CannotRun."""
    dialogues = read(file)
    judged = _over_http(url, dialogues) if url else _in_process(dialogues)
    report = _report(judged)
    if as_json:
        say(json.dumps(report, ensure_ascii=False))
        return 0
    for one in judged:
        if not one.holds:
            _show(one, say)
    for name, (right, total) in report["groups"].items():
        say(f"{name:16} {right:4d} of {total}")
    say(f"{report['holds']} of {report['n']} hold ({report['share']:.3f}); {report['wrong']} wrong and not asked back")
    return 0


def _in_process(dialogues: Sequence[DialogueAsked]) -> list[Judged]:
    async def play(parse: Parse) -> list[Judged]:
        async with in_process() as database:
            player = InProcess(database, parse)
            return [judge(one, await player.play(one)) for one in dialogues]

    with parsing_engine() as parse:
        return asyncio.run(play(parse))


def _over_http(url: str, dialogues: Sequence[DialogueAsked]) -> list[Judged]:
    with over_http(url) as player:
        return [judge(one, player.play(one)) for one in dialogues]


def _report(judged: Sequence[Judged]) -> dict[str, Any]:
    groups: dict[str, list[bool]] = defaultdict(list)
    for one in judged:
        groups[one.dialogue.group].append(one.holds)
    right = sum(one.holds for one in judged)
    return {
        "n": len(judged),
        "holds": right,
        "wrong": sum(one.wrong for one in judged),
        "share": round(right / len(judged), 4) if judged else 0.0,
        "groups": {name: [sum(held), len(held)] for name, held in sorted(groups.items())},
        "failed": [
            {
                "name": one.dialogue.name,
                "group": one.dialogue.group,
                "reasons": one.reasons,
                "said": [turn.say for turn in one.dialogue.turns],
                "replies": [[bubble.text for bubble in bubbles] for bubbles in one.replies],
            }
            for one in judged
            if not one.holds
        ],
    }


def _show(one: Judged, say: Say) -> None:
    say(f"--- {one.dialogue.group}: {one.dialogue.name}")
    for turn, bubbles in zip(one.dialogue.turns, one.replies, strict=False):
        say(f"    > {turn.say}")
        for bubble in bubbles:
            say("      " + bubble.text.replace("\n", " / ") + (f"  [{' | '.join(bubble.buttons)}]"))
    for reason in one.reasons:
        say(f"    ! {reason}")


def why(message: str, *, office: str = "", as_json: bool = False, say: Say = print) -> int:
    """What was heard, the candidates with scores, and what was decided."""
    if not message.strip():
        raise CannotRun("there is no message")
    knowledge = get_knowledge()
    with parsing_engine() as parse:
        meant = parse([message])[0]
    likely = {str(name): float(chance) for name, chance in meant.get("answers") or []}
    heard = listen(knowledge, message, meant["intent"], meant["confidence"], likely=likely)
    found = finding.find(knowledge, heard, Context(office=office or None), get_settings().office)
    told = explained(found)
    if as_json:
        say(json.dumps(told, ensure_ascii=False))
        return 0
    say(f"heard      {json.dumps(told['heard'], ensure_ascii=False)}")
    say(f"scope      {json.dumps(told['scope'], ensure_ascii=False)}")
    for one in told["candidates"]:
        say(f"{one['score']:.2f}  {one['passage']}  “{one['wording']}”  {json.dumps(one['signals'])}")
    say(f"decided    {told['outcome']} (sure from {finding.SURE}, offered from {finding.BETWEEN})")
    return 0
