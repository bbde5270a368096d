"""Rasa's agent and message processor, with what a turn of ours does not need left out.

All through subclassing. What changes, and why:
- a failed action ends the turn with ActionFailed and nothing is saved (Rasa logs the error, drops the events, goes on
  and keeps half a turn); the caller answers 503 and the application tries the turn again;
- no copy of the tracker for each action: a rule never carries events of its own, so nothing would be undone;
- no slot extraction: all our slots are set by actions (`type: custom`), and Rasa would still walk all of them twice;
- the tracker store is used as it is: Rasa's FailSafeTrackerStore forgets every conversation when the database is away;
- a message that is brought a second time (whoever asked died before it noted our answer) gets the same answer again,
  and is not said twice to the dialogue;
- no lock store: the application runs one turn of a conversation at a time, and Rasa's waits in steps of a second.
"""

from __future__ import annotations

import asyncio
import weakref
from pathlib import Path
from typing import Any, Dict, List, Optional, Text, Union

from rasa.core.actions.action import Action
from rasa.core.agent import Agent
from rasa.core.channels.channel import OutputChannel, UserMessage
from rasa.core.nlg import NaturalLanguageGenerator
from rasa.core.policies.policy import PolicyPrediction
from rasa.core.processor import MessageProcessor
from rasa.core.tracker_store import TrackerStore
from rasa.shared.core.constants import ACTION_LISTEN_NAME, ACTION_SESSION_START_NAME
from rasa.shared.core.domain import Domain
from rasa.shared.core.events import ActionExecuted, BotUttered, SessionStarted, UserUttered
from rasa.shared.core.trackers import DialogueStateTracker


class ActionFailed(Exception):
    """An action could not be run or did not answer properly. `action` names it; the cause is chained."""

    def __init__(self, action: Text) -> None:
        super().__init__(f"action {action} failed")
        self.action = action


class AnsweredBefore(Exception):
    """This very message was answered already; `answer` holds what was said."""

    def __init__(self, answer: List[BotUttered]) -> None:
        super().__init__("answered before")
        self.answer = answer


class PanduProcessor(MessageProcessor):
    """One message in, the events of one turn out."""

    async def fetch_tracker_and_update_session(
        self,
        sender_id: Text,
        output_channel: Optional[OutputChannel] = None,
        metadata: Optional[Dict] = None,
    ) -> DialogueStateTracker:
        """Return the conversation's tracker; a new one starts its only session without calling an action for it."""
        tracker = await self.tracker_store.get_or_create_tracker(sender_id, append_action_listen=False)
        if not tracker.applied_events():
            for event in (
                ActionExecuted(ACTION_SESSION_START_NAME),
                SessionStarted(),
                ActionExecuted(ACTION_LISTEN_NAME),
            ):
                tracker.update(event, self.domain)
        answer = _answered_before(tracker, metadata)
        if answer is not None:
            raise AnsweredBefore(answer)
        return tracker

    async def run_action_extract_slots(
        self, output_channel: OutputChannel, tracker: DialogueStateTracker
    ) -> DialogueStateTracker:
        """Return the tracker unchanged: see the module's docstring."""
        return tracker

    async def _run_action(
        self,
        action: Action,
        tracker: DialogueStateTracker,
        output_channel: OutputChannel,
        nlg: NaturalLanguageGenerator,
        prediction: PolicyPrediction,
    ) -> bool:
        if action.name() == ACTION_LISTEN_NAME:
            events: List[Any] = []
        else:
            try:
                events = await action.run(output_channel, nlg, tracker, self.domain)
            except Exception as error:
                raise ActionFailed(action.name()) from error
        self._log_action_on_tracker(tracker, action, events, prediction)
        await self.execute_side_effects(events, tracker, output_channel)
        return self.should_predict_another_action(action.name())

    @staticmethod
    def _log_slots(tracker: DialogueStateTracker) -> None:
        """Nothing: slots may hold personal data, and the log is no place for it."""


class PanduAgent(Agent):
    """An agent whose trackers come from the given store directly."""

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self._busy: weakref.WeakValueDictionary[Text, asyncio.Lock] = weakref.WeakValueDictionary()

    @staticmethod
    def _create_tracker_store(store: Optional[TrackerStore], domain: Optional[Domain]) -> TrackerStore:
        if store is None:
            raise ValueError("PanduAgent needs a tracker store")
        if domain is not None:
            store.domain = domain
        return store

    def load_model(self, model_path: Union[Text, Path], fingerprint: Optional[Text] = None) -> None:
        """Load a trained model; raises what Rasa raises when the file is broken."""
        self.processor = PanduProcessor(
            model_path=model_path,
            tracker_store=self.tracker_store,
            lock_store=self.lock_store,
            action_endpoint=self.action_endpoint,
            generator=self.nlg,
        )
        self.domain = self.processor.domain
        self._set_fingerprint(fingerprint)
        self.tracker_store.domain = self.domain
        _check_slots(self.domain)

    async def handle_message(self, message: UserMessage) -> Optional[List[Dict[Text, Any]]]:
        """Run one turn; raises ActionFailed. Two messages of one conversation wait for each other."""
        lock = self._busy.setdefault(message.sender_id, asyncio.Lock())
        async with lock:
            try:
                return await self.processor.handle_message(message)  # type: ignore[union-attr]
            except AnsweredBefore as before:
                for said in before.answer:
                    await message.output_channel.send_response(message.sender_id, {"text": said.text, **said.data})
                return None


def _answered_before(tracker: DialogueStateTracker, metadata: Optional[Dict]) -> Optional[List[BotUttered]]:
    """Return what was answered, when the last message answered is this very one; else None.

    The application names its messages (`message_id` in the metadata); one without a name is never recognised.
    """
    name = (metadata or {}).get("message_id")
    if name is None:
        return None
    answer: List[BotUttered] = []
    for event in reversed(tracker.events):
        if isinstance(event, BotUttered):
            answer.append(event)
        elif isinstance(event, UserUttered):
            return answer[::-1] if (event.metadata or {}).get("message_id") == name else None
    return None


def _check_slots(domain: Domain) -> None:
    """Raise ValueError when a slot would need the extraction that PanduProcessor leaves out."""
    for slot in domain.slots:
        # Rasa's own slots have a mapping without a type
        if any(mapping.get("type", "custom") != "custom" for mapping in slot.mappings):
            raise ValueError(f"slot {slot.name}: only custom mappings are supported; see engine/processor.py")
