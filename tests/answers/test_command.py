"""`pandu answers` as a program."""

from __future__ import annotations

import json
import subprocess
import sys
from pathlib import Path

PLAYED = """
- name: a definition
  group: fact
  turns:
    - say: "nib itu apa"
      expect: ["nomor induk"]
"""


def test_with_json_standard_output_is_json_alone(tmp_path: Path) -> None:
    file = tmp_path / "played.yml"
    file.write_text(PLAYED, encoding="utf-8")
    command = [str(Path(sys.executable).parent / "pandu"), "answers", "test", str(file), "--json"]
    done = subprocess.run(command, capture_output=True, text=True, check=False, timeout=120)
    assert done.returncode == 0, done.stderr
    assert json.loads(done.stdout)["n"] == 1
