"""The process that reads one file from standard input and answers with one JSON object."""

from __future__ import annotations

import json
import resource
import sys

MEMORY = 1_200_000_000
CPU_SECONDS = 30
OUT_OF_MEMORY = 3


def main(suffix: str) -> int:
    _limit()
    data = sys.stdin.buffer.read()
    try:
        from bot.standards.files import lines_of
        from bot.standards.read import read_lines
        from bot.standards.refusal import BROKEN, Refused

        try:
            lines = lines_of(data, f"file{suffix}")
            text = "\n".join("\t".join(line.cells) if line.is_row else line.text for line in lines)
            answer = {"draft": read_lines(lines).model_dump(by_alias=True), "text": text}
        except Refused as refused:
            answer = {"refused": str(refused)}
        except RecursionError:
            answer = {"refused": BROKEN}
        sys.stdout.write(json.dumps(answer, ensure_ascii=True))
    except MemoryError:
        return OUT_OF_MEMORY
    return 0


def _limit() -> None:
    """No files are written, little memory and time are had; the parent also watches the clock."""
    resource.setrlimit(resource.RLIMIT_AS, (MEMORY, MEMORY))
    resource.setrlimit(resource.RLIMIT_CPU, (CPU_SECONDS, CPU_SECONDS + 2))
    resource.setrlimit(resource.RLIMIT_FSIZE, (0, 0))
    resource.setrlimit(resource.RLIMIT_CORE, (0, 0))


if __name__ == "__main__":
    raise SystemExit(main(sys.argv[1] if len(sys.argv) > 1 else ""))
