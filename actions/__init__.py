"""The dialogue engine's actions. Thin: read the tracker, call a capability, say the answer.

They run inside the web process: `build_executor` gives what `POST /actions` calls.
"""

from __future__ import annotations

from typing import Any

from rasa_sdk.executor import ActionExecutor

from actions.run import HANDLERS, PanduAction
from actions.turn import ActionServices

__all__ = ["ActionServices", "build_executor"]


class _Executor(ActionExecutor):  # type: ignore[misc]
    """Our actions need no domain, so the engine does not have to send its own with every call."""

    def update_and_return_domain(self, payload: dict[str, Any], action_name: str) -> dict[str, Any]:
        return {}


def build_executor(services: ActionServices) -> ActionExecutor:
    """An executor with every action of domain.yml; call `await executor.run(action_call)`."""
    executor = _Executor()
    for name in HANDLERS:
        executor.register_action(PanduAction(name, services))
    return executor
