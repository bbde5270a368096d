"""`make nlu-compare`: ways to understand a message, on the same examples, and what each costs.

    python -m benchmarks.nlu [--real FILE.jsonl] [--only NAME ...] [--models FOLDER] [--write docs/understanding.md]

Each pipeline is trained by Rasa from nlu_data/ and the same domain, then loaded in a fresh process that understands
every message of the labelled files one by one with one thread. `--real` names a file of real messages that is not part
of the repository. With `--models` trained models are kept and used again. About half an hour on 2 cores, of which
stock DIET takes most.
"""

from __future__ import annotations

import argparse
import json
import os
import re
import statistics
import subprocess
import sys
import tempfile
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import Any

import yaml
from rapidfuzz import fuzz, process
from rapidfuzz.utils import default_process

from bot.dialogue.nlu_test import NluReport, evaluate, read_rows

ROOT = Path(__file__).resolve().parent.parent
PYTHON = ROOT / "engine" / ".venv" / "bin" / "python"
OWN = ROOT / "tests" / "nlu_test_set.jsonl"
SEED = 20261122
NEAR, NEAR_WORDS = 80, 5
ANNOTATION = re.compile(r"\[([^\]]+)\](?:\([^)]*\)|\{[^}]*\})")
EPOCHS = 15  # of stock DIET: what two cores do in about a quarter of an hour; its default of 300 takes hours
_HEAD = (
    *("pipeline", "messages", "strict", "lenient", "macro-F1", "direct", "of these right", "right, not asked"),
    "top 3",
    *("train s", "load s", "MB", "ms (p95)"),
)
BEGIN, END = "<!-- make nlu-compare writes from here -->", "<!-- to here -->"

STOCK = [
    {"name": "WhitespaceTokenizer"},
    {"name": "RegexFeaturizer"},
    {"name": "LexicalSyntacticFeaturizer"},
    {"name": "CountVectorsFeaturizer"},
    {"name": "CountVectorsFeaturizer", "analyzer": "char_wb", "min_ngram": 1, "max_ngram": 4},
    {"name": "DIETClassifier", "epochs": EPOCHS, "constrain_similarities": True, "random_seed": SEED},
    {"name": "EntitySynonymMapper"},
]


@dataclass(frozen=True, slots=True)
class Variant:
    """A pipeline to measure: what differs from config.yml, or `stock` for Rasa's own."""

    name: str
    title: str
    options: dict[str, Any]
    stock: bool = False


VARIANTS = (
    Variant("diet", f"stock DIET, {EPOCHS} epochs", {}, stock=True),
    Variant("ngrams", "n-grams, linear", {"dense_weight": 0, "spelling": False}),
    Variant("ngrams-spelling", "the same with our normaliser", {"dense_weight": 0}),
    Variant("e5", "e5 vectors alone", {"dense_weight": 1}),
    Variant("both", "both for every message", {"cascade": 1.1}),
    Variant("cascade", "**cascade** (config.yml)", {}),
)


@dataclass(frozen=True, slots=True)
class Measured:
    """What one pipeline reached and cost; milliseconds are of one message, one thread, Rasa's own work included."""

    title: str
    train_seconds: float
    load_seconds: float
    resident_mb: float
    median_ms: float
    p95_ms: float
    reports: dict[str, NluReport]


def main() -> int:
    """Measure, print the table, and write it where told."""
    options = _options()
    files = {"real": options.real, "own": OWN} if options.real else {"own": OWN}
    measured = []
    with tempfile.TemporaryDirectory(prefix="pandu-nlu-") as name:
        folder = options.models or Path(name)
        folder.mkdir(parents=True, exist_ok=True)
        for variant in VARIANTS:
            if not options.only or variant.name in options.only:
                print(f"{variant.title} …", file=sys.stderr, flush=True)
                measured.append(_measure(variant, folder, files))
    text = table(measured) + "\n\n" + nearness(files)
    print(text)
    if options.json:
        options.json.write_text(json.dumps([asdict(one) for one in measured], indent=1, ensure_ascii=False), "utf-8")
    if options.write:
        page = options.write.read_text("utf-8")
        before, after = page.split(BEGIN)[0], page.split(END)[1]
        options.write.write_text(f"{before}{BEGIN}\n\n{text}\n\n{END}{after}", "utf-8")
    return 0


def table(measured: list[Measured]) -> str:
    """The results as a Markdown table, one row a pipeline and file."""
    lines = ["| " + " | ".join(_HEAD) + " |", "| --- " * len(_HEAD) + "|"]
    for one in measured:
        times = f"{one.median_ms:.1f} ({one.p95_ms:.0f})"
        cost = [f"{one.train_seconds:.0f}", f"{one.load_seconds:.1f}", f"{one.resident_mb:.0f}", times]
        title = one.title
        for name, report in one.reports.items():
            right = (report.strict, report.lenient, report.macro_f1)
            asked = (report.direct_share, report.direct_right, report.right)
            figures = [f"{figure:.3f}" for figure in (*right, *asked, report.top3)]
            lines.append("| " + " | ".join([title, f"{name} {report.n}", *figures, *cost]) + " |")
            title, cost = "", [""] * len(cost)
    return "\n".join(lines)


def nearness(files: dict[str, Path]) -> str:
    """One line: the share of each file's messages that have a near neighbour among the examples.

    Near: more than 80 of 100 by rapidfuzz's token_set_ratio, against examples of five words and more. Where it is high,
    the figures above say less about messages that nobody has seen.
    """
    long = [default_process(text) for text in _examples() if len(text.split()) >= NEAR_WORDS]
    shares = []
    for name, path in files.items():
        texts = [default_process(row.text) for row in read_rows(path)]
        shares.append(f"{name} {near_share(texts, long):.1%}")
    return f"Messages with a near neighbour among the examples: {', '.join(shares)}."


def near_share(texts: list[str], examples: list[str]) -> float:
    """The share of `texts` that are near to one of `examples`; both in lower case, without signs."""
    near = [process.extractOne(text, examples, scorer=fuzz.token_set_ratio, score_cutoff=NEAR) for text in texts]
    return sum(match is not None and match[1] > NEAR for match in near) / len(texts)


def _examples() -> list[str]:
    """The text of every example, without the annotations of entities."""
    texts = []
    for path in sorted((ROOT / "nlu_data").glob("*.yml")):
        for block in yaml.safe_load(path.read_text("utf-8")).get("nlu") or []:
            if "intent" in block:
                lines = block["examples"].splitlines()
                texts += [ANNOTATION.sub(r"\1", line[2:].strip()) for line in lines if line.startswith("- ")]
    return texts


def _measure(variant: Variant, folder: Path, files: dict[str, Path]) -> Measured:
    model, facts = folder / f"{variant.name}.tar.gz", folder / f"{variant.name}.json"
    if not (model.is_file() and facts.is_file()):
        config = folder / f"{variant.name}.yml"
        config.write_text(yaml.safe_dump(_config(variant)), "utf-8")
        facts.write_text(json.dumps(_worker("train", variant, "--config", config, "--model", model)), "utf-8")
    trained = json.loads(facts.read_text("utf-8"))
    rows = {name: read_rows(path) for name, path in files.items()}
    texts = folder / "texts.json"
    texts.write_text(json.dumps([row.text for each in rows.values() for row in each]), "utf-8")
    try:
        found = _worker("parse", variant, "--model", model, "--texts", texts)
    finally:
        texts.unlink()
    answers = iter(found["understood"])
    reports = {name: evaluate(each, lambda texts: [next(answers) for _ in texts]) for name, each in rows.items()}
    times = sorted(found["milliseconds"])
    return Measured(
        title=variant.title,
        train_seconds=trained["train_seconds"],
        load_seconds=found["load_seconds"],
        resident_mb=found["resident_mb"],
        median_ms=statistics.median(times),
        p95_ms=times[int(len(times) * 0.95)],
        reports=reports,
    )


def _config(variant: Variant) -> dict[str, Any]:
    config: dict[str, Any] = yaml.safe_load((ROOT / "config.yml").read_text("utf-8"))
    ours, *rest = config["pipeline"]
    fallback = rest[-1]
    config["pipeline"] = [*STOCK, fallback] if variant.stock else [{**ours, **variant.options}, *rest]
    config.pop("policies", None)
    return config


def _worker(work: str, variant: Variant, *arguments: str | Path) -> dict[str, Any]:
    """Run benchmarks/nlu_worker.py in the engine's environment and return its JSON."""
    threads = {"OMP_NUM_THREADS": "1", "OPENBLAS_NUM_THREADS": "1"}
    if work == "parse":
        threads |= {"TF_INTRA_OP_PARALLELISM_THREADS": "1", "TF_INTER_OP_PARALLELISM_THREADS": "1"}
    kept = {name: value for name, value in os.environ.items() if not name.startswith(("PYTHON", "PANDU_", "VIRTUAL"))}
    done = subprocess.run(
        [str(PYTHON), "-W", "ignore", "-m", "benchmarks.nlu_worker", work, *map(str, arguments)]
        + (["--stock"] if variant.stock else []),
        cwd=ROOT,
        env=kept | threads | {"TF_CPP_MIN_LOG_LEVEL": "3", "SQLALCHEMY_SILENCE_UBER_WARNING": "1"},
        capture_output=True,
        text=True,
        check=False,
    )
    if done.returncode != 0:
        raise RuntimeError(f"{variant.name}: {done.stderr[-6000:]}")
    found: dict[str, Any] = json.loads(done.stdout.strip().splitlines()[-1])
    return found


def _options() -> argparse.Namespace:
    parser = argparse.ArgumentParser(prog="benchmarks.nlu", description=__doc__.splitlines()[0])
    parser.add_argument("--real", type=Path, help="JSONL of real messages, not part of the repository")
    parser.add_argument("--only", nargs="*", choices=[one.name for one in VARIANTS], help="only these pipelines")
    parser.add_argument("--models", type=Path, help="folder to keep trained models in")
    parser.add_argument("--write", type=Path, help="page whose table is replaced")
    parser.add_argument("--json", type=Path, help="file for all figures")
    return parser.parse_args()


if __name__ == "__main__":
    raise SystemExit(main())
