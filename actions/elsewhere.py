"""Affairs of another system ("lupa sandi SiCantik", "STNK"): said to be so, never answered with a page about OSS."""

from __future__ import annotations

from actions import wording
from actions.turn import Turn
from bot.answers import finding
from bot.answers.indexes import about_system
from bot.answers.payloads import TO_MENU, TO_PERSON
from bot.messages import Reply

_SOURCES = frozenset({"AHU", "Dukcapil", "Coretax", "BPJS", "bank"})
"""Systems whose data OSS reads: a trouble that names them is often one of OSS."""


async def elsewhere(turn: Turn) -> bool:
    """Whether the message is about a system that is none of ours and that no passage speaks of."""
    heard = turn.heard
    if heard.system != "other" or (turn.context.question and finding.leans(heard)):
        return False
    found = turn.found = finding.find(turn.knowledge, heard, turn.context, turn.office)
    about = about_system(turn.knowledge, heard.other)
    if any(one.passage.id in about and one.score >= finding.BETWEEN / 2 for one in found.candidates):
        return False
    if heard.other in _SOURCES and found.outcome != "unsure":
        return False
    turn.found = None
    turn.say(Reply(wording.OTHER_SYSTEM.format(name=heard.other), (TO_MENU, TO_PERSON)))
    return True
