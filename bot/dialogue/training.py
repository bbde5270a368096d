"""The trained model in the data folder: found when it fits the training data, trained when not."""

from __future__ import annotations

import asyncio
import os
import re
import shutil
from pathlib import Path

from bot.errors import CannotRun
from bot.progress import Progress
from bot.settings import ROOT
from bot.storage.folders import make_folder
from engine.fingerprint import fingerprint

ENGINE_PYTHON = ROOT / "engine" / ".venv" / "bin" / "python"
TRAINING = "Training the model"
STARTING = "Starting the dialogue engine"
SECONDS = {TRAINING: 30.0, STARTING: 10.0}
"""What an engine needs that starts for the first time, and how long that typically takes on two cores."""
_COLOUR = re.compile(r"\x1b\[[0-9;]*m")
_MORE = re.compile(r"about (\d+) s …")
"""How the engine's training says that something takes longer than usual."""


def engine_environment(**more: str) -> dict[str, str]:
    """Environment of every engine process: quiet, one thread a library (measured faster on few cores), no reporting."""
    kept = {
        name: value for name, value in os.environ.items() if not name.startswith(("PYTHON", "VIRTUAL_ENV", "PANDU_"))
    }
    fixed = {
        "PYTHONUNBUFFERED": "1",
        "PYTHONNOUSERSITE": "1",
        "PYTHONWARNINGS": "ignore",
        "RASA_TELEMETRY_ENABLED": "false",
        "OMP_NUM_THREADS": "1",
        "TF_CPP_MIN_LOG_LEVEL": "3",
        "SQLALCHEMY_SILENCE_UBER_WARNING": "1",
    }
    return kept | fixed | more


async def ensure_model(data_dir: Path, progress: Progress) -> Path:
    """The model file for the present training data, trained first when there is none (`TRAINING` is the step's name).

    Raises CannotRun.
    """
    if not ENGINE_PYTHON.exists():
        raise CannotRun("The engine's environment is missing: start with make run, or run scripts/bootstrap.")
    model = data_dir / "models" / f"{fingerprint()}.tar.gz"
    if model.is_file():
        progress.skip(TRAINING)
        return model
    with progress.step(TRAINING):
        await _train(model.parent, data_dir / "logs" / "train.log", progress)
    if not model.is_file():
        raise CannotRun(f"Training made no {model}: its inputs changed meanwhile. Start again.")
    return model


async def train_candidate(data: Path, folder: Path, log_file: Path) -> Path:
    """A model of other training data, to be measured before it is used; politely, beside the running service.

    Raises CannotRun.
    """
    await asyncio.to_thread(shutil.rmtree, folder, ignore_errors=True)
    await _train(folder, log_file, Progress({}), "--data", str(data))
    return folder / f"{fingerprint()}.tar.gz"


async def _train(folder: Path, log_file: Path, progress: Progress, *options: str) -> None:
    make_folder(folder)
    make_folder(log_file.parent)
    process = await asyncio.create_subprocess_exec(
        *(*(("nice", "-n", "10") if options else ()), str(ENGINE_PYTHON), "-m", "engine.train"),
        *("--out", str(folder), *options),
        cwd=ROOT,
        env=engine_environment(),
        stdin=asyncio.subprocess.DEVNULL,
        stdout=asyncio.subprocess.PIPE,
        stderr=asyncio.subprocess.STDOUT,
        start_new_session=True,
    )
    last = ""
    try:
        with log_file.open("w") as log:
            assert process.stdout is not None
            async for raw in process.stdout:
                line = _COLOUR.sub("", raw.decode(errors="replace")).rstrip()
                log.write(line + "\n")
                if line and str(folder) not in line:  # neither Rasa's nor our path of the model
                    last = line
                    progress.say(f"  {line}")
                    if found := _MORE.search(line):
                        progress.more(TRAINING, float(found[1]))
        code = await process.wait()
    finally:
        if process.returncode is None:
            process.kill()
            await process.wait()
    if code != 0:
        raise CannotRun(f"The dialogue model cannot be trained: {last or 'no reason given'} (all of it: {log_file})")
