"""The half of test_plain_graph.py in the engine's environment: `plain_check.py MODEL`, our ways beside Rasa's own.

Prints one JSON object: how many cases, and those that differ.
"""

import asyncio
import json
import os
import sys
from pathlib import Path

sys.path.insert(0, str(Path(__file__).resolve().parents[2]))
os.environ["RASA_TELEMETRY_ENABLED"] = "false"

from engine import lean_imports, quiet

quiet.hush()
lean_imports.install()

import numpy as np  # noqa: E402
from rasa.core.channels.channel import UserMessage  # noqa: E402
from rasa.core.processor import MessageProcessor  # noqa: E402
from rasa.engine.runner.dask import DaskGraphRunner  # noqa: E402
from rasa.shared.core.constants import ACTION_LISTEN_NAME  # noqa: E402
from rasa.shared.core.events import ActionExecuted, SlotSet, UserUttered  # noqa: E402
from rasa.shared.core.trackers import DialogueStateTracker  # noqa: E402
from scipy.sparse import hstack  # noqa: E402

from engine import patches  # noqa: E402
from engine.intent_model import _log_softmax  # noqa: E402
from engine.plain_graph import PlainRules, _plain_rules  # noqa: E402
from engine.processor import PanduAgent  # noqa: E402

TEXTS = [
    *("selamat pagi", "berapa biaya izin di kudus?", "syaratnya apa, trus berapa lama", "otp oss gak masuk2", "👍"),
    *(
        "",
        " ",
        "x",
        "!!!",
        "kok lama bgt",
        "aaaa aaaa aaaa",
        "apa itu nib",
        "Kalau perluasan di Magetan gimana",
        "😀😀",
    ),
    *(
        "saya mau bicara petugas",
        "terima kasih banyak",
        "zzzz qqqq",
        "ini bukan pertanyaan melainkan pernyataan panjang",
    ),
]


def told(prediction):
    """What of a prediction has an effect."""
    return (
        [round(one, 6) for one in prediction.probabilities],
        prediction.policy_name,
        prediction.policy_priority,
        [{**event.as_dict(), "timestamp": None} for event in prediction.events],
        prediction.is_end_to_end_prediction,
        prediction.is_no_user_prediction,
        prediction.hide_rule_turn,
    )


def trackers(domain, intent):
    """Conversations that end with the applicant's message, and with the action after it; plain ones and odd ones."""
    for before in (
        [],
        [SlotSet("office", "kudus")],
        [UserUttered("x", {"name": "greet"}), ActionExecuted("action_welcome")],
    ):
        start = [ActionExecuted(ACTION_LISTEN_NAME), *before, ActionExecuted(ACTION_LISTEN_NAME)]
        said = UserUttered("halo", {"name": intent, "confidence": 1.0}, [{"entity": "office", "value": "kudus"}])
        for after in ([], ["action_answer"], ["action_welcome"], ["action_answer", "action_welcome"]):
            tracker = DialogueStateTracker.from_events("1", [*start, said, *map(ActionExecuted, after)], domain.slots)
            yield f"{intent} after {len(before)} then {after}", tracker


def main(model: str) -> None:
    patches.apply()
    agent = PanduAgent()
    agent.load_model(Path(model))
    processor, wrong, cases = agent.processor, [], 0
    for intent in [*agent.domain.intents, "nlu_fallback", "unheard_of", None]:
        for _ in range(2):  # asked of Rasa first, then repeated
            for name, tracker in trackers(agent.domain, intent):
                cases += 1
                theirs = MessageProcessor._predict_next_with_tracker(processor, tracker)
                if told(processor._predict_next_with_tracker(tracker)) != told(theirs):
                    wrong.append(f"rule: {name}")
    known = len(processor._rules._known)

    plain = processor.graph_runner
    for text in TEXTS:
        cases += 1
        asked = UserMessage(text)
        inputs = {"__message__": [asked], "__tracker__": DialogueStateTracker.from_events("1", [])}
        targets = [processor.model_metadata.nlu_target]
        ours, theirs = plain.run(inputs, targets), DaskGraphRunner.run(plain, inputs, targets)
        if ours[targets[0]][0].as_dict() != theirs[targets[0]][0].as_dict():
            wrong.append(f"graph: {text}")

    intents = next(
        node._component._model for name, node in plain._instantiated_nodes.items() if "PanduIntentClassifier" in name
    )
    for text in TEXTS:
        cases += 1
        words = intents._plain(text)
        row = hstack([intents.words.transform([words]), intents.chars.transform([words])]).tocsr()
        whole = _log_softmax(row.data @ intents.sparse_weights[row.indices] + intents.sparse_bias)
        if np.abs(intents._sparse_log_probabilities(words) - whole).max() > 1e-4:
            wrong.append(f"n-grams: {text}")

    lookup = processor.graph_runner.only_policy().lookup
    key = '[{"prev_action": {"action_name": "action_listen"}, "slots": {"office": [1.0]}, "user": {"intent": "greet"}}]'
    for more in ({"rules": {**lookup["rules"], key: "action_answer"}}, {"rules_for_loop_unhappy_path": {"x": "y"}}):
        cases += 1
        if _plain_rules({**lookup, **more}):
            wrong.append(f"taken for plain: {more.keys()}")
    cases += 1
    if PlainRules(None).look_up(DialogueStateTracker.from_events("1", [UserUttered("x", {"name": "greet"})]))[0]:
        wrong.append("no policy")
    print(json.dumps({"cases": cases, "plain_rules": len(_plain_rules(lookup)), "known": known, "wrong": wrong}))


asyncio.run(asyncio.sleep(0))
main(sys.argv[1])
