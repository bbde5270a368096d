"""Rasa's agent and message processor, with what a turn of ours does not need left out.

All through subclassing. What changes, and why:
- a conversation's memory comes with the turn and goes back with its answer; nothing is saved here;
- a failed action ends the turn with ActionFailed (Rasa logs the error, drops the events, goes on and keeps half a
  turn); the caller answers 503 and the application tries the turn again;
- no copy of the tracker for each action: a rule never carries events of its own, so nothing would be undone;
- no slot extraction: all our slots are set by actions (`type: custom`), and Rasa would still walk all of them twice;
- no lock store: the application runs one turn of a conversation at a time, and Rasa's waits in steps of a second;
- graph and rules are run by engine/plain_graph.py;
- nothing is copied for debug lines that nobody reads, and no domain is made anew to look for intents it must have.
"""

from __future__ import annotations

import logging
import tempfile
from pathlib import Path
from typing import Any, Dict, List, Optional, Text, Tuple, Union

from rasa.core.actions.action import Action, ActionListen, RemoteAction, action_for_name_or_text
from rasa.core.agent import Agent
from rasa.core.channels.channel import OutputChannel, UserMessage
from rasa.core.nlg import NaturalLanguageGenerator
from rasa.core.policies.policy import PolicyPrediction
from rasa.core.processor import MessageProcessor
from rasa.engine.loader import load_predict_graph_runner
from rasa.engine.storage.local_model_storage import LocalModelStorage
from rasa.engine.storage.storage import ModelMetadata
from rasa.exceptions import ActionLimitReached
from rasa.shared.core.constants import ACTION_LISTEN_NAME, ACTION_SESSION_START_NAME
from rasa.shared.core.domain import Domain
from rasa.shared.core.events import ActionExecuted, Event, SessionStarted
from rasa.shared.core.trackers import DialogueStateTracker

from engine.memory import document_of, empty, restored
from engine.plain_graph import PlainGraphRunner, PlainRules

logger = logging.getLogger(__name__)


class ActionFailed(Exception):
    """An action could not be run or did not answer properly. `action` names it; the cause is chained."""

    def __init__(self, action: Text) -> None:
        super().__init__(f"action {action} failed")
        self.action = action


class PanduProcessor(MessageProcessor):
    """One message in, the events of one turn out."""

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self._rules = PlainRules(self.graph_runner.only_policy())
        self._actions: Dict[Text, Action] = {}

    @staticmethod
    def _load_model(model_path: Union[Text, Path]) -> Tuple[Text, ModelMetadata, PlainGraphRunner]:
        path = Path(model_path)
        with tempfile.TemporaryDirectory() as folder:
            metadata, runner = load_predict_graph_runner(Path(folder), path, LocalModelStorage, PlainGraphRunner)
        return path.name, metadata, runner

    async def parse_message(
        self, message: UserMessage, tracker: Optional[DialogueStateTracker] = None, only_output_properties: bool = True
    ) -> Dict[Text, Any]:
        """Return what the pipeline understands, without the debug copies and checks of Rasa's own."""
        tracker = tracker or DialogueStateTracker.from_events(message.sender_id, [])
        return self._parse_message_with_graph(message, tracker, only_output_properties)

    def _begun(self, tracker: DialogueStateTracker) -> DialogueStateTracker:
        """A new conversation starts its only session without calling an action for it."""
        if not tracker.events:
            for event in (
                ActionExecuted(ACTION_SESSION_START_NAME),
                SessionStarted(),
                ActionExecuted(ACTION_LISTEN_NAME),
            ):
                tracker.update(event, self.domain)
        return tracker

    async def handle_with_memory(self, message: UserMessage, memory: Text) -> Text:
        """Run one turn of a conversation that the caller remembers; returns what to remember now.

        `memory` is what the turn before returned, "" at first. One that cannot be read (written by another version)
        counts as none. Raises ActionFailed.
        """
        tracker = self._begun(self._remembered(message.sender_id, memory))
        await self._handle_message_with_tracker(message, tracker)
        await self._run_prediction_loop(message.output_channel, tracker)
        return document_of(tracker)

    def _remembered(self, sender_id: Text, memory: Text) -> DialogueStateTracker:
        if memory:
            try:
                return restored(memory, sender_id, self.domain)
            except Exception:
                logger.exception("memory cannot be read: the conversation begins anew")
        return empty(sender_id, self.domain)

    async def run_action_extract_slots(
        self, output_channel: OutputChannel, tracker: DialogueStateTracker
    ) -> DialogueStateTracker:
        """Return the tracker unchanged: see the module's docstring."""
        return tracker

    def _predict_next_with_tracker(self, tracker: DialogueStateTracker) -> PolicyPrediction:
        key, known = self._rules.look_up(tracker)
        if known is not None:
            return known
        prediction = super()._predict_next_with_tracker(tracker)
        if key is not None:
            self._rules.keep(key, prediction)
        return prediction

    def predict_next_with_tracker_if_should(self, tracker: DialogueStateTracker) -> Tuple[Action, PolicyPrediction]:
        """Return the next action and why (see Rasa's). Raises ActionLimitReached."""
        if self.is_action_limit_reached(tracker, self.should_predict_another_action(tracker.latest_action_name)):
            raise ActionLimitReached("The limit of actions to predict has been reached.")
        prediction = self._predict_next_with_tracker(tracker)
        name = self.domain.action_names_or_texts[prediction.max_confidence_index]
        if name in self._actions:
            return self._actions[name], prediction
        action = action_for_name_or_text(name, self.domain, self.action_endpoint)
        if isinstance(action, (RemoteAction, ActionListen)):  # those that remember nothing
            self._actions[name] = action
        return action, prediction

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

    def _log_action_on_tracker(
        self,
        tracker: DialogueStateTracker,
        action: Action,
        events: Optional[List[Event]],
        prediction: PolicyPrediction,
    ) -> None:
        tracker.update_with_events(prediction.events, self.domain)
        tracker.update(action.event_for_successful_execution(prediction))
        tracker.update_with_events(events or [], self.domain)

    @staticmethod
    def _log_slots(tracker: DialogueStateTracker) -> None:
        """Nothing: slots may hold personal data, and the log is no place for it."""


class PanduAgent(Agent):
    """An agent with our processor. Its tracker store, Rasa's in memory, stays empty."""

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
        _check_slots(self.domain)

    async def handle_with_memory(self, message: UserMessage, memory: Text) -> Text:
        """Run one turn with the caller's memory (see PanduProcessor); the caller sends one message at a time."""
        return await self.processor.handle_with_memory(message, memory)  # type: ignore[union-attr]


def _check_slots(domain: Domain) -> None:
    """Raise ValueError when a slot would need the extraction that PanduProcessor leaves out."""
    for slot in domain.slots:
        # Rasa's own slots have a mapping without a type
        if any(mapping.get("type", "custom") != "custom" for mapping in slot.mappings):
            raise ValueError(f"slot {slot.name}: only custom mappings are supported; see engine/processor.py")
