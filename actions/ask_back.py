"""Asking back after what was not understood: "Maksud Anda …?", then a person; never the same non-answer in a row."""

from __future__ import annotations

from actions import wording
from actions.questions import unsure
from actions.turn import Turn
from bot.answers.payloads import TO_MENU, TO_PERSON, button
from bot.answers.wording import CHOICE_TITLES
from bot.messages import Button, Reply

_USUAL = ("ask_requirements", "ask_procedure", "account_problem")
_CHOICES = 3


async def ask_back(turn: Turn) -> None:
    """First three likely meanings; the second time a person too; then a person takes over.

    Who has come back to the bot since is offered a person, but not handed over again.
    """
    turn.failures = turn.failed_before + 1
    most = turn.services.settings.handoff_after_failures
    if most and turn.failures == most + 1:
        turn.say(await turn.ask_person(wording.LOST, wording.REASON_LOST.format(count=turn.failures), "failures"))
        return
    choices = unsure(turn) if turn.text else []
    text = wording.IS_IT if choices else wording.ASK_BACK[0]
    choices = choices or _likely(turn)
    if turn.failures == 1:
        turn.say(Reply(text, (*choices, TO_PERSON)))
        turn.offered = choices[0].payload
    elif turn.failures == 2:
        turn.say(Reply(wording.ASK_BACK[1], (*choices[: _CHOICES - 1], TO_PERSON)))
        turn.offered = "/talk_to_human"
    else:
        text = wording.ASK_BACK[2 + turn.failures % 2]
        turn.say(Reply(text, (TO_PERSON, TO_MENU)))
        turn.offered = "/talk_to_human"


def _likely(turn: Turn) -> list[Button]:
    """Buttons for the best-ranked intents that are questions of ours; the usual ones where the ranking has none."""
    ranked = [name for name, _ in turn.ranking if name in CHOICE_TITLES]
    names = list(dict.fromkeys([*ranked, *_USUAL]))[:_CHOICES]
    asked = turn.asked()
    office = asked.office if asked.office in turn.knowledge.offices else None
    return [button(CHOICE_TITLES[name], name, **({"office": office} if _about_office(name) else {})) for name in names]


def _about_office(intent: str) -> bool:
    """Whether the region that was named belongs into the button."""
    return intent.startswith("ask_") and intent not in ("ask_term", "ask_risk_or_kbli", "ask_privacy")
