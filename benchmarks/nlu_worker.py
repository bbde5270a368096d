"""The part of benchmarks/nlu.py in the engine's environment: train one pipeline, or load it and understand messages.

    python -m benchmarks.nlu_worker train --config FILE --model FILE [--stock]
    python -m benchmarks.nlu_worker parse --model FILE --texts FILE [--stock]

Each ends with one line of JSON on standard output. `--stock` imports Rasa as it is, with TensorFlow.
"""

from __future__ import annotations

import argparse
import asyncio
import json
import os
import resource
import sys
import tempfile
import time
from pathlib import Path
from typing import Any

STARTED = time.monotonic()
ROOT = Path(__file__).resolve().parent.parent


def main() -> None:
    """Do what the command line says."""
    parser = argparse.ArgumentParser()
    parser.add_argument("work", choices=("train", "parse"))
    parser.add_argument("--config", type=Path)
    parser.add_argument("--model", type=Path, required=True)
    parser.add_argument("--texts", type=Path)
    parser.add_argument("--stock", action="store_true")
    options = parser.parse_args()
    os.environ["RASA_TELEMETRY_ENABLED"] = "false"
    os.environ.setdefault("LOG_LEVEL", "ERROR")
    sys.path.insert(0, str(ROOT))
    from engine import lean_imports, quiet

    quiet.hush()
    if not options.stock:
        lean_imports.install()
    result = train(options.config, options.model) if options.work == "train" else parse(options.model, options.texts)
    print(json.dumps(result), flush=True)


def train(config: Path, model: Path) -> dict[str, Any]:
    """Train the understanding part only; returns seconds (imports not counted) and the largest resident MB."""
    with tempfile.TemporaryDirectory() as folder:
        os.environ["RASA_CACHE_DIRECTORY"] = f"{folder}/cache"
        os.environ["RASA_MAX_CACHE_SIZE"] = "0"
        import rasa.model_training

        started = time.monotonic()
        made = rasa.model_training.train_nlu(
            config=str(config),
            nlu_data=str(ROOT / "nlu_data"),
            domain=str(ROOT / "domain.yml"),
            output=folder,
            fixed_model_name="model",
        )
        seconds = time.monotonic() - started
        if not made:
            raise SystemExit("Rasa refused the training data")
        Path(made).replace(model)
    return {"train_seconds": seconds, "train_mb": _largest_mb()}


def parse(model: Path, texts: Path) -> dict[str, Any]:
    """Understand the JSON list of `texts` one by one; returns what was understood and what it cost."""
    from rasa.core.agent import Agent

    agent = Agent.load(str(model))
    load_seconds = time.monotonic() - STARTED
    understood, milliseconds = asyncio.run(_understand(agent, json.loads(texts.read_text("utf-8"))))
    return {
        "load_seconds": load_seconds,
        "resident_mb": _resident_mb(),
        "milliseconds": milliseconds,
        "understood": understood,
    }


async def _understand(agent: Any, texts: list[str]) -> Any:
    understood, milliseconds = [], []
    for text in texts:
        began = time.perf_counter()
        data = await agent.parse_message(text.lstrip("/ \t\n") or " ")
        milliseconds.append((time.perf_counter() - began) * 1000)
        ranking = [one for one in data.get("intent_ranking", []) if one["name"] != "nlu_fallback"]
        understood.append(
            {
                "intent": data["intent"]["name"] or "nlu_fallback",
                "confidence": data["intent"]["confidence"],
                "ranking": [{"name": one["name"], "confidence": one["confidence"]} for one in ranking[:5]],
            }
        )
    return understood, milliseconds


def _resident_mb() -> float:
    pages = int(Path("/proc/self/statm").read_text().split()[1])
    return pages * resource.getpagesize() / 1e6


def _largest_mb() -> float:
    return resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1e3


if __name__ == "__main__":
    main()
