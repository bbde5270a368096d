"""The content of one message before anything is decided: a value that every capability reads."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import asdict, dataclass, field
from typing import Any, Literal

from bot.knowledge.regions import Region

Tone = Literal["calm", "angry", "tired", "desperate", "praising"]
Wish = Literal["know", "mend", "status", "person", "report", "vent", "praise"]
SystemName = Literal["oss", "siinas", "lapor", "office", "other", ""]


@dataclass(frozen=True, slots=True)
class Heard:
    """Everything is an id of the knowledge, a number, or a word of this file's lists; `text` is the message itself.

    `offices` are held ones in the order named, `likened` those that something is only compared to ("kayak magetan"),
    `regions` those no standard is held of. `services` are those
    that the words fit (of several offices, where none is named), `kinds` their kinds; `guides` are national guides to
    OSS. `system`: whose affair it is, `other` the name of a system that is none of ours ("Coretax"), `matter` the id,
    in knowledge/matters, of another affair that is not ours. `tried`: ids of knowledge/tried. `unhelped`: what was
    advised was done or did not help. `quoted`: the text that the message answers to. `likely`: passages that the engine
    holds likely, with the logarithms of their probabilities; empty where it did not look.
    """

    text: str = ""
    plain: str = ""
    keys: tuple[str, ...] = ()
    intent: str = ""
    confidence: float = 0.0
    offices: tuple[str, ...] = ()
    likened: tuple[str, ...] = ()
    regions: tuple[Region, ...] = ()
    services: tuple[str, ...] = ()
    kinds: tuple[str, ...] = ()
    guides: tuple[str, ...] = ()
    ways: tuple[str, ...] = ()
    risk: str = ""
    scale: str = ""
    steps: tuple[int, ...] = ()
    codes: tuple[str, ...] = ()
    system: SystemName = ""
    other: str = ""
    matter: str = ""
    tried: tuple[str, ...] = ()
    unhelped: bool = False
    tone: Tone = "calm"
    wish: Wish = "know"
    aspects: frozenset[str] = field(default_factory=frozenset)
    quoted: str = ""
    likely: Mapping[str, float] = field(default_factory=dict)

    @property
    def elsewhere(self) -> bool:
        """Whether only regions were named whose standard is not held."""
        return bool(self.regions) and not self.offices

    def shown(self) -> dict[str, Any]:
        """Everything but the words of the person, for logs and for `pandu answers why`."""
        hidden = {"text", "plain", "keys", "quoted", "likely"}
        found = {name: value for name, value in asdict(self).items() if name not in hidden and value}
        if self.regions:
            found["regions"] = [one.title for one in self.regions]
        if self.aspects:
            found["aspects"] = sorted(self.aspects)
        return found
