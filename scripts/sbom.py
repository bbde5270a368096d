"""A software bill of materials (CycloneDX 1.5, JSON) of what a lock file installs, hashes included.

https://cyclonedx.org/docs/1.5/json/. Made of the lock file alone: nothing has to be installed or asked for.
"""

from __future__ import annotations

import json
import sys
import tomllib
import uuid
from pathlib import Path
from typing import Any

ROOT = Path(__file__).resolve().parent.parent
LOCKS = {"application": ROOT / "uv.lock", "engine": ROOT / "engine" / "uv.lock"}


def bill(lock: dict[str, Any]) -> dict[str, Any]:
    """The bill of one lock file (uv's, as TOML); the same for the same file."""
    packages = lock["package"]
    own = next(one for one in packages if {"editable", "virtual"} & one["source"].keys())
    components = [_component(one) for one in packages if one is not own]
    subject = {"type": "application", "name": own["name"], "version": own.get("version", "0")}
    content = json.dumps(components, sort_keys=True)
    return {
        "bomFormat": "CycloneDX",
        "specVersion": "1.5",
        "serialNumber": f"urn:uuid:{uuid.uuid5(uuid.NAMESPACE_URL, content)}",
        "version": 1,
        "metadata": {"component": {**subject, "bom-ref": own["name"]}},
        "components": components,
        "dependencies": [
            _needs(own, own["name"], packages),
            *(_needs(one, _ref(one), packages) for one in packages if one is not own),
        ],
    }


def write(folder: Path) -> list[Path]:
    """One file for each environment."""
    folder.mkdir(parents=True, exist_ok=True)
    written = []
    for name, lock in LOCKS.items():
        path = folder / f"{name}.cdx.json"
        path.write_text(json.dumps(bill(tomllib.loads(lock.read_text("utf-8"))), indent=1) + "\n", "utf-8")
        written.append(path)
    return written


def _ref(package: dict[str, Any]) -> str:
    return f"pkg:pypi/{package['name']}@{package['version']}"


def _component(package: dict[str, Any]) -> dict[str, Any]:
    files = [*package.get("wheels", ()), *([package["sdist"]] if "sdist" in package else ())]
    distributed = [
        {
            "type": "distribution",
            "url": one["url"],
            "hashes": [{"alg": "SHA-256", "content": one["hash"].removeprefix("sha256:")}],
        }
        for one in files
        if one.get("url") and one.get("hash", "").startswith("sha256:")
    ]
    found = {
        "type": "library",
        "bom-ref": _ref(package),
        "name": package["name"],
        "version": package["version"],
        "purl": _ref(package),
    }
    return found | ({"externalReferences": distributed} if distributed else {})


def _needs(package: dict[str, Any], ref: str, packages: list[dict[str, Any]]) -> dict[str, Any]:
    """Every locked version of a name that a package asks for (a lock may hold two, for two Pythons)."""
    asked = {one["name"] for one in package.get("dependencies", ())}
    return {"ref": ref, "dependsOn": sorted(_ref(one) for one in packages if one["name"] in asked and "version" in one)}


if __name__ == "__main__":
    for path in write(Path(sys.argv[1]) if len(sys.argv) > 1 else ROOT / ".pandu" / "sbom"):
        print(path)
