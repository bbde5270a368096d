"""Pandu's actions for rasa-sdk's own action server, so that stock Rasa holds the same dialogue in the benchmark."""

from __future__ import annotations

import os
from typing import Any

from rasa_sdk import Action

from actions import ActionServices
from actions.run import HANDLERS, PanduAction
from bot.handoff.service import request_person
from bot.knowledge.load import get_knowledge
from bot.settings import Settings
from bot.storage.database import Database

_SERVICES = ActionServices(
    knowledge=get_knowledge(),
    settings=Settings(_env_file=None),  # type: ignore[call-arg]
    session=Database(os.environ["PANDU_BENCH_DATABASE_URL"]).session,
    request_person=request_person,
)


def _stock(instance: Any) -> type[Action]:
    """A class without arguments, as rasa-sdk's package scan makes them, around one of our actions."""

    class Stock(Action):  # type: ignore[misc]
        def name(self) -> str:
            return str(instance.name())

        async def run(self, dispatcher: Any, tracker: Any, domain: Any) -> Any:
            return await instance.run(dispatcher, tracker, domain)

    Stock.__name__ = Stock.__qualname__ = f"Stock_{instance.name()}"
    return Stock


for _name in HANDLERS:
    globals()[f"Stock_{_name}"] = _stock(PanduAction(_name, _SERVICES))
