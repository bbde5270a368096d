"""Stages of an application: the steps of a published procedure, grouped by who acts."""

from __future__ import annotations

from itertools import groupby
from typing import Any

_MOST_TEXT = 300


def stages_of(service: dict[str, Any]) -> dict[str, Any] | None:
    """Stages for every procedure of a service (its content as YAML); None where there is no procedure.

    What the document does not say, such as a refusal, is no stage here: the office adds it.
    """
    timed = "not_stated" not in service["duration"]
    procedures = [
        {"procedure": way["id"], "stages": _stages(way, f"{service['document']}, alur {number}", timed=timed)}
        for number, way in enumerate(service["procedures"], start=1)
    ]
    return {"id": service["id"], "procedures": procedures} if procedures else None


def _stages(way: dict[str, Any], place: str, *, timed: bool) -> list[dict[str, Any]]:
    found: list[dict[str, Any]] = []
    for actor, group in groupby(way["steps"], key=lambda step: step["actor"]):
        steps = list(group)
        numbers = [step["number"] for step in steps]
        name = f"Langkah {numbers[0]}" if len(numbers) == 1 else f"Langkah {numbers[0]}\u2013{numbers[-1]}"
        source = f"{place} {name.lower()}"
        stage = {
            "id": f"tahap-{len(found) + 1}",
            "title": f"{name}: {_WHO[actor]}",
            "text": _told(steps),
            "source": source,
            "turn": actor,
            "waits_for": steps[0]["actor_label"] if actor != "applicant" else "Anda",
            "steps": numbers,
            "next": [f"tahap-{len(found) + 2}"],
        }
        if actor == "applicant":
            stage["todo"] = {"text": steps[0]["text"], "source": source}
        elif timed:
            stage["clock"] = "runs"
        found.append(stage)
    found[-1]["next"] = ["selesai"]
    last = way["steps"][-1]["number"]
    end = {"id": "selesai", "title": "Selesai", "text": "Semua langkah alur ini sudah dilalui.", "waits_for": "-"}
    return [*found, {**end, "source": f"{place} langkah {last}", "turn": "nobody", "end": "approved"}]


def _told(steps: list[dict[str, Any]]) -> str:
    """The sentences of the steps, as many as fit; at least the first."""
    told = steps[0]["text"]
    for step in steps[1:]:
        if len(told) + len(step["text"]) > _MOST_TEXT:
            break
        told = f"{told.rstrip('. ')}. {step['text']}"
    return str(told)


_WHO = {"applicant": "giliran Anda", "office": "di kantor", "system": "di sistem"}
