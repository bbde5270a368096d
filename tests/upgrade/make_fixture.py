"""The making of before.dump and its companions: python -m tests.upgrade.make_fixture CHECKOUT FOLDER.

CHECKOUT is a working tree of an earlier commit with its environments and its trained model (`scripts/bootstrap`,
`pandu nlu train`; here 530ae68, the last before migration 0015). Its own `pandu serve` runs in an empty data folder,
and people who do not exist fill it through the simulator, the console and `pandu applications`; its own `pandu database
backup` makes the dump. FOLDER gets before.dump.xz, files/, secrets/data_keys (of these invented people's rows) and
facts.json.
"""

from __future__ import annotations

import json
import lzma
import os
import shutil
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable
from pathlib import Path

import httpx

from bot.applications.numbers import claim_code_in, number_in
from tests.helpers.system import Person, Running, free_port, wait_until_ready

STORY = "udah 3 minggu izin perluasan saya gak ada kabar, tiap ditanya petugasnya cuma bilang tunggu"
SAME_ORIGIN = {"Sec-Fetch-Site": "same-origin"}


def main(checkout: Path, target: Path) -> None:
    with tempfile.TemporaryDirectory(prefix="pandu-before-") as name:
        folder = Path(name)
        folder.chmod(0o755)
        shutil.copytree(checkout / ".pandu" / "models", folder / "models")
        environment = {key: value for key, value in os.environ.items() if not key.startswith("PANDU_")}
        environment |= {"PANDU_DATA_DIR": str(folder), "PANDU_PORT": str(free_port()), "PANDU_SIMULATOR": "on"}

        def pandu(*arguments: str) -> str:
            command = [str(checkout / ".venv/bin/pandu"), *arguments]
            done = subprocess.run(command, cwd=checkout, env=environment, capture_output=True, text=True, check=True)
            return done.stdout

        with (folder / "serve.log").open("ab") as log:
            process = subprocess.Popen(
                [str(checkout / ".venv/bin/pandu"), "serve"], cwd=checkout, env=environment, stdout=log, stderr=log
            )
        running = Running(f"http://127.0.0.1:{environment['PANDU_PORT']}", folder, process)
        try:
            wait_until_ready(running)
            facts = fill(running, pandu, checkout)
            target.mkdir(parents=True, exist_ok=True)
            pandu("database", "backup", str(folder / "before.dump"))
        finally:
            running.stop()
        (target / "before.dump.xz").write_bytes(lzma.compress((folder / "before.dump").read_bytes(), preset=9))
        shutil.copytree(folder / "files", target / "files", dirs_exist_ok=True)
        (target / "secrets").mkdir(exist_ok=True)
        shutil.copy(folder / "secrets" / "data_keys", target / "secrets" / "data_keys")
        (target / "facts.json").write_text(json.dumps(facts, indent=2, ensure_ascii=False) + "\n", "utf-8")


def fill(running: Running, pandu: Callable[..., str], checkout: Path) -> dict[str, str]:
    """Messages, a guide under way, applications, a draft of a report, an officer with a draft of knowledge."""
    asks = Person(running.url, "ani-contoh")
    asks.says("apa saja syarat izin perluasan di magetan?")
    walks = Person(running.url, "bima-contoh")
    walks.says("panduan perluasan magetan")
    reports = Person(running.url, "citra-contoh")
    reports.says(STORY)
    reports.taps("Buat laporan")
    pandu("applications", "import", "docs/contoh-permohonan.csv")
    listed = pandu("applications", "list", "--office", "magetan", "--stage", "verifikasi")
    number = number_in(listed)
    assert number
    code = claim_code_in(pandu("applications", "receipt", number, "--out", str(running.folder / "r.pdf")))
    assert code
    owns = Person(running.url, "dewi-contoh")
    owns.says(code)
    assert "Berhasil" in owns.heard(), owns.heard()
    pandu("applications", "advance", number, "perbaikan", "--reason", "Akta tidak terbaca")
    until_news(running, owns)
    owns.says("tanda terima")
    other = next(line for line in pandu("applications", "list").splitlines() if number_in(line) not in (None, number))
    unused = number_in(other)
    assert unused
    unused_code = claim_code_in(pandu("applications", "receipt", unused, "--out", str(running.folder / "r2.pdf")))
    assert unused_code
    draft = drafts(running, pandu, checkout)
    return {"number": number, "unused_number": unused, "unused_code": unused_code, "draft": draft}


def until_news(running: Running, person: Person) -> None:
    deadline = time.monotonic() + 30
    while True:
        shown = httpx.get(f"{running.url}/api/simulator/{person.name}/messages").json()["messages"]
        if any("Kabar permohonan" in one["text"] for one in shown):
            return
        assert time.monotonic() < deadline, "the news did not arrive"
        time.sleep(0.2)


def drafts(running: Running, pandu: Callable[..., str], checkout: Path) -> str:
    """An officer's first password is changed, and a standard is read into a draft; its address in the console."""
    first = pandu("officers", "add", "eka", "Eka Contoh", "--role", "administrator").split()[-1]
    with httpx.Client(base_url=running.url, headers=SAME_ORIGIN) as browser:
        browser.post("/console/sign-in", data={"username": "eka", "password": first})
        new = "gula jawa tiga kilo setengah"
        changed = browser.post("/console/account/password", data={"old": first, "new": new, "again": new})
        assert changed.status_code == 303, changed.text
        text = (checkout / "tests/standards/own/label-and-value.txt").read_text("utf-8")
        read = browser.post("/console/knowledge/drafts", data={"text": text})
        assert read.status_code == 303, read.text
        return read.headers["location"]


if __name__ == "__main__":
    main(Path(sys.argv[1]).resolve(), Path(sys.argv[2]).resolve())
