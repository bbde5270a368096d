"""Rasa's model graph and rules, run without the machinery for graphs and rules that ours are not.

Rasa plans its graph anew with a task scheduler at every message, and holds every rule against the history of the
conversation four times a turn: half of a turn's time. Both are replaced where, and only where, the result is the same.
"""

from __future__ import annotations

import json
from typing import Any, Dict, List, Optional, Text, Tuple

from rasa.core.policies.policy import Policy, PolicyPrediction
from rasa.core.policies.rule_policy import RulePolicy
from rasa.engine.exceptions import GraphRunError
from rasa.engine.runner.dask import DaskGraphRunner
from rasa.shared.core.constants import ACTION_LISTEN_NAME
from rasa.shared.core.events import ActionExecuted, DefinePrevUserUtteredFeaturization, UserUttered
from rasa.shared.core.trackers import DialogueStateTracker


class PlainGraphRunner(DaskGraphRunner):
    """Runs the nodes of a graph one after the other, in an order worked out once for each set of targets."""

    def run(self, inputs: Optional[Dict[Text, Any]] = None, targets: Optional[List[Text]] = None) -> Dict[Text, Any]:
        """Return the output of each target (see Rasa's GraphRunner)."""
        wanted = tuple(targets or self._graph_schema.target_names)
        done: Dict[Text, Tuple[Text, Any]] = {name: (name, value) for name, value in (inputs or {}).items()}
        for name, needs in self._order(wanted):
            try:
                done[name] = self._instantiated_nodes[name](*(done[need] for need in needs))
            except (KeyError, RuntimeError) as error:
                raise GraphRunError(f"Error running {name}.") from error
        return {name: done[name][1] for name in wanted}

    def only_policy(self) -> Optional[RulePolicy]:
        """Return the rule policy, if there is no other policy beside it."""
        components = (node._component for node in self._instantiated_nodes.values())
        policies = [component for component in components if isinstance(component, Policy)]
        return policies[0] if len(policies) == 1 and type(policies[0]) is RulePolicy else None

    def _order(self, targets: Tuple[Text, ...]) -> List[Tuple[Text, Tuple[Text, ...]]]:
        """Nodes with the names they need, each after those it needs. What is no node is an input."""
        orders = self.__dict__.setdefault("_orders", {})
        if targets not in orders:
            nodes = self._graph_schema.minimal_graph_schema(list(targets)).nodes
            ordered: Dict[Text, Tuple[Text, ...]] = {}

            def add(name: Text) -> None:
                if name in nodes and name not in ordered:
                    needs = tuple(nodes[name].needs.values())
                    for need in needs:
                        add(need)
                    ordered[name] = needs

            for target in targets:
                add(target)
            orders[targets] = list(ordered.items())
        found: List[Tuple[Text, Tuple[Text, ...]]] = orders[targets]
        return found


class PlainRules:
    """What rules of the form "this intent, that action" predict; nothing as soon as one rule is of another form.

    A prediction is asked of Rasa once for each intent and then repeated.
    """

    def __init__(self, policy: Optional[RulePolicy]) -> None:
        self._actions = _plain_rules(policy.lookup) if policy is not None else {}
        self._known: Dict[Tuple[Text, Text], PolicyPrediction] = {}

    def look_up(self, tracker: DialogueStateTracker) -> Tuple[Optional[Tuple[Text, Text]], Optional[PolicyPrediction]]:
        """Return the key under which a prediction is kept (None: ask Rasa every time) and the kept prediction."""
        if tracker.active_loop or tracker.followup_action or tracker.latest_message is None:
            return None, None
        intent = tracker.latest_message.intent.get("name")
        before = _since_the_message(tracker)
        if intent not in self._actions or before not in ([], [self._actions[intent]]):
            return None, None
        key = (intent, before[0] if before else ACTION_LISTEN_NAME)
        kept = self._known.get(key)
        return key, _again(kept) if kept is not None else None

    def keep(self, key: Tuple[Text, Text], prediction: PolicyPrediction) -> None:
        """Remember what Rasa predicted, if it is what the rules say (and no fallback)."""
        if prediction.max_confidence == 1.0 and not prediction.is_end_to_end_prediction:
            self._known[key] = prediction


def _plain_rules(lookup: Dict[Text, Any]) -> Dict[Text, Text]:
    """Intent -> action, of RulePolicy's memory; empty when any rule asks for more than an intent."""
    if lookup.get("rules_for_loop_unhappy_path"):
        return {}
    actions: Dict[Text, Text] = {}
    listens = set()
    for key, action in lookup["rules"].items():
        intent = json.loads(key)[0].get("user", {}).get("intent")
        first = {"prev_action": {"action_name": ACTION_LISTEN_NAME}, "user": {"intent": intent}}
        states = json.loads(key)
        if states == [first]:
            actions[intent] = action
        elif len(states) == 2 and states[0] == first and action == ACTION_LISTEN_NAME:
            listens.add(json.dumps(states[1], sort_keys=True))
        else:
            return {}
    wanted = {
        json.dumps({"prev_action": {"action_name": action}, "user": {"intent": intent}}, sort_keys=True)
        for intent, action in actions.items()
    }
    return actions if listens == wanted else {}


def _since_the_message(tracker: DialogueStateTracker) -> Optional[List[Text]]:
    """Names of the actions since the applicant's message, which must follow upon listening; None where it does not."""
    actions: List[Text] = []
    spoken = False
    for event in reversed(tracker.events):
        if isinstance(event, ActionExecuted):
            if spoken:
                return actions if event.action_name == ACTION_LISTEN_NAME else None
            actions.append(event.action_name)
        elif isinstance(event, UserUttered):
            if spoken:
                return None
            spoken = True
    return None


def _again(kept: PolicyPrediction) -> PolicyPrediction:
    """The same prediction with events of its own (they carry the time)."""
    return PolicyPrediction(
        kept.probabilities,
        kept.policy_name,
        kept.policy_priority,
        [
            DefinePrevUserUtteredFeaturization(event.use_text_for_featurization)
            for event in kept.events
            if isinstance(event, DefinePrevUserUtteredFeaturization)
        ],
        hide_rule_turn=kept.hide_rule_turn,
        action_metadata=kept.action_metadata,
    )
