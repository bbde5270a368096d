"""Train the model when its inputs are new: `python -m engine.train --out DIR`; the last line printed is its path.

`python -m engine.train --fingerprint` prints only the fingerprint of the inputs, without importing Rasa, under any
Python from 3.10 on. A model is written under another name and renamed, so a file that exists is complete.
"""

from __future__ import annotations

import argparse
import os
import sys
import tempfile
import time
from pathlib import Path
from typing import Optional, Sequence

from engine.fingerprint import ROOT, fingerprint

KEPT_MODELS = 2


def main(arguments: Optional[Sequence[str]] = None) -> int:
    """Train if needed; returns the exit code."""
    parser = argparse.ArgumentParser(prog="engine.train", description="Train the model when its inputs are new.")
    parser.add_argument("--out", type=Path, help="folder of the models")
    parser.add_argument("--data", type=Path, default=ROOT / "nlu_data", help=argparse.SUPPRESS)
    parser.add_argument("--fingerprint", action="store_true", help="print the fingerprint and end")
    options = parser.parse_args(arguments)
    if options.fingerprint:
        print(fingerprint())
        return 0
    if options.out is None:
        parser.error("--out is needed")
    return _train_if_new(options.out, options.data)


def _train_if_new(out: Path, data: Path) -> int:
    model = out / f"{fingerprint()}.tar.gz"
    if model.is_file():
        print("The model is up to date.", flush=True)
    else:
        print("Training the model (half a minute; more where sentence vectors must be computed) …", flush=True)
        started = time.monotonic()
        out.mkdir(parents=True, exist_ok=True)
        try:
            _train(model, data)
        except Exception as error:  # one clear sentence for whoever typed `make run`
            print(f"Training failed: {error}", file=sys.stderr, flush=True)
            return 1
        print(f"Trained in {time.monotonic() - started:.0f} s.", flush=True)
    os.utime(model)
    _forget_old(out, model)
    print(model, flush=True)
    return 0


def _train(model: Path, data: Path) -> None:
    os.environ.setdefault("OMP_NUM_THREADS", "1")
    os.environ["RASA_TELEMETRY_ENABLED"] = "false"
    os.environ["SQLALCHEMY_SILENCE_UBER_WARNING"] = "1"
    os.environ["LOG_LEVEL"] = "ERROR"  # no progress bars
    with tempfile.TemporaryDirectory(dir=model.parent, prefix="training-") as folder:
        # Rasa keeps a cache of trained components in the current folder; our own fingerprint makes it needless.
        os.environ["RASA_CACHE_DIRECTORY"] = f"{folder}/cache"
        os.environ["RASA_MAX_CACHE_SIZE"] = "0"
        from engine import lean_imports, quiet

        quiet.hush()
        lean_imports.install()
        import rasa.model_training
        import rasa.shared.utils.cli

        rasa.shared.utils.cli.print_success = lambda *_: None  # coloured, and names a file that is moved below
        print("Reading examples and rules …", flush=True)
        result = rasa.model_training.train(
            domain=str(ROOT / "domain.yml"),
            config=str(ROOT / "config.yml"),
            training_files=[str(data)],
            output=folder,
            fixed_model_name="model",
            force_training=True,
        )
        if result.code != 0 or result.model is None:
            raise RuntimeError("Rasa refused the training data; see above")
        Path(result.model).replace(model)


def _forget_old(out: Path, current: Path) -> None:
    models = sorted(out.glob("*.tar.gz"), key=lambda path: path.stat().st_mtime, reverse=True)
    for old in models[KEPT_MODELS:]:
        if old != current:
            old.unlink(missing_ok=True)


if __name__ == "__main__":
    raise SystemExit(main())
