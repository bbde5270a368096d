"""`make audit`: known vulnerabilities in what both lock files install, asked of PyPI with pip-audit.

Exit code 0: all packages were looked up and none is known to be vulnerable; 1: some are; 2: the data could not be had,
so nothing is known (pip-audit by itself says "No known vulnerabilities found" then, which is not the same).
"""

from __future__ import annotations

import json
import re
import shutil
import subprocess
import sys
import tempfile
from pathlib import Path
from typing import Any

ROOT = Path(__file__).resolve().parent.parent
sys.path.insert(0, str(ROOT))
from scripts.sbom import write  # noqa: E402

PROJECTS = {"application": ROOT, "engine": ROOT / "engine"}
UV = shutil.which("uv") or str(ROOT / ".pandu/tools/uv/bin/uv")  # as scripts/bootstrap finds or installs it
EXPORT = [UV, "export", "--frozen", "--no-emit-project", "--no-hashes", "--no-annotate", "--no-header"]
AUDIT = [
    UV,
    "tool",
    "run",
    "--quiet",
    "pip-audit",
    "--disable-pip",
    "--no-deps",
    "--format",
    "json",
    "--progress-spinner",
    "off",
]


def main() -> int:
    """Write the bills of materials, audit both projects and say what was found."""
    for path in write(ROOT / ".pandu" / "sbom"):
        print(f"bill of materials: {path.relative_to(ROOT)}")
    worst = 0
    for name, folder in PROJECTS.items():
        worst = max(worst, judge(name, *asked_about(folder)))
    return worst


def asked_about(folder: Path) -> tuple[str, str]:
    """What pip-audit answers about a project, and what it complains of; also where its programs are missing."""
    try:
        listed = subprocess.run(EXPORT, cwd=folder, capture_output=True, text=True, check=True).stdout  # noqa: S603
        packages = [line for line in listed.splitlines() if re.match(r"[A-Za-z0-9]", line)]
        with tempfile.NamedTemporaryFile("w", suffix=".txt") as file:
            file.write("\n".join(packages))
            file.flush()
            asked = subprocess.run([*AUDIT, "-r", file.name], capture_output=True, text=True, check=False)  # noqa: S603
    except FileNotFoundError as error:
        return "", f"{error.filename} is not installed"
    except subprocess.CalledProcessError as error:
        return "", error.stderr
    return asked.stdout, asked.stderr


def judge(name: str, output: str, error: str) -> int:
    """Print what pip-audit found about one project; the exit code that follows from it."""
    try:
        looked: list[dict[str, Any]] = json.loads(output)["dependencies"]
    except (ValueError, KeyError):
        reason = (error.strip().splitlines() or ["no reason given"])[-1]
        print(f"{name}: not audited ({reason})")
        return 2
    skipped = [one["name"] for one in looked if "skip_reason" in one]
    vulnerable = [one for one in looked if one.get("vulns")]
    for one in vulnerable:
        for found in one["vulns"]:
            fixed = ", ".join(found.get("fix_versions") or []) or "no version yet"
            print(f"{name}: {one['name']} {one['version']}: {found['id']}, fixed in {fixed}")
    print(
        f"{name}: {len(looked) - len(skipped)} packages looked up, {len(vulnerable)} vulnerable, {len(skipped)} unknown"
    )
    if skipped:
        print(f"{name}: nothing is known about {', '.join(skipped[:5])}{' …' if len(skipped) > 5 else ''}")
    return 1 if vulnerable else 2 if skipped else 0


if __name__ == "__main__":
    sys.exit(main())
