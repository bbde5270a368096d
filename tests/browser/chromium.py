"""The start of Chromium for tests and screenshots: the system's own, without a word to the outside."""

from __future__ import annotations

import os
import shutil

ARGUMENTS = (
    "--no-sandbox",
    "--disable-gpu",
    "--disable-quic",
    "--no-first-run",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
)


def executable() -> str:
    """The path of Chromium; raises LookupError with what to do when there is none."""
    for name in (os.environ.get("PANDU_TEST_CHROMIUM", ""), "chromium", "chromium-browser", "google-chrome"):
        if name and (path := shutil.which(name)):
            return path
    raise LookupError("Chromium is missing: apt-get install --no-install-recommends chromium fonts-dejavu-core")
