"""Placeholders for libraries that Rasa imports but that our model never uses.

`import rasa.core.agent` pulls in TensorFlow (for the DIET and TED components), Rasa's own channels (Twilio, Slack,
Telegram, …) and several brokers: 9 of the 13 seconds and 300 of the 550 MB of a start. Our pipeline has none of them.
`install()` must run before the first `import rasa`; it makes `import tensorflow` and the like succeed with an empty
module whose every attribute is a class, which is all that class bodies, decorators and annotations need.

Only `engine.serve` and `engine.train` call it. The stock `rasa` command imports the real libraries.
"""

from __future__ import annotations

import importlib.abc
import importlib.machinery
import sys
from types import ModuleType
from typing import Any, Optional, Sequence

UNUSED = frozenset(
    {
        # components we do not configure
        "tensorflow", "keras", "jax", "tensorflow_hub", "tensorflow_text", "transformers", "matplotlib",
        # channels other than ours
        "twilio", "aiogram", "slack_sdk", "webexteamssdk", "fbmessenger", "rocketchat_API", "mattermostwrapper",
        "socketio", "google",
        # stores and brokers other than ours
        "boto3", "botocore", "pymongo", "aio_pika", "confluent_kafka", "redis",
        # reporting to the outside, prompts in a terminal, reminders, tokens of the stock channels
        "sentry_sdk", "prompt_toolkit", "questionary", "apscheduler", "jwt",
    }
)  # fmt: skip


class _AnyMeta(type):
    """Lets a placeholder class be subscripted, combined with `|` and asked for any attribute."""

    def __getattr__(cls, name: str) -> Any:
        if name.startswith("__"):
            raise AttributeError(name)
        return Placeholder

    def __getitem__(cls, _: Any) -> Any:
        return Placeholder

    def __instancecheck__(cls, instance: Any) -> bool:
        return cls is not Placeholder and super().__instancecheck__(instance)


class Placeholder(metaclass=_AnyMeta):
    """Stands for any class or decorator of a library that is not loaded."""

    def __new__(cls, *args: Any, **_: Any) -> Any:
        # used as a decorator (`@tf.function`): hand the function back
        if cls is Placeholder and len(args) == 1 and callable(args[0]):
            return args[0]
        return super().__new__(cls)

    def __init__(self, *_: Any, **__: Any) -> None:
        pass

    def __call__(self, *args: Any, **_: Any) -> Any:
        return args[0] if args and callable(args[0]) else Placeholder()

    def __getattr__(self, name: str) -> Any:
        if name.startswith("__"):
            raise AttributeError(name)
        return Placeholder


class PlaceholderError(Exception):
    """Stands for an exception class of a library that is not loaded: nothing ever raises it."""


class _PlaceholderModule(ModuleType):
    __path__: Sequence[str] = []

    def __getattr__(self, name: str) -> Any:
        if name.startswith("__"):
            raise AttributeError(name)
        # `except SomeError:` insists on an exception class
        if name.endswith(("Error", "Exception", "Failure")):
            return PlaceholderError
        return Placeholder


class _Finder(importlib.abc.MetaPathFinder, importlib.abc.Loader):
    def find_spec(self, name: str, path: Any = None, target: Any = None) -> Optional[importlib.machinery.ModuleSpec]:
        if name.partition(".")[0] in UNUSED:
            return importlib.machinery.ModuleSpec(name, self, is_package=True)
        return None

    def create_module(self, spec: importlib.machinery.ModuleSpec) -> ModuleType:
        return _PlaceholderModule(spec.name)

    def exec_module(self, module: ModuleType) -> None:
        pass


def install() -> None:
    """Put the placeholders in front of the real libraries; does nothing when they are already there."""
    if not any(isinstance(finder, _Finder) for finder in sys.meta_path):
        sys.meta_path.insert(0, _Finder())
