"""`pandu serve` with a dummy engine: `python -m tests.processes.serve_with_dummy FOLDER [ROLE]`."""

from __future__ import annotations

import asyncio
import os
import sys
from pathlib import Path

from bot.processes import serve
from bot.progress import Progress
from bot.settings import Settings
from tests.helpers.until import until

DUMMY = Path(__file__).with_name("dummy_engine.py")


def main(folder: Path, role: serve.Role = "all") -> int:
    program = folder / "python"
    program.write_text(f'#!/bin/sh\nexec {sys.executable} {DUMMY} "$@"\n')
    program.chmod(0o755)

    async def model(data_dir: Path, progress: Progress) -> Path:
        """Trained when the file that DUMMY_TRAINED names is there."""
        trained = os.environ.get("DUMMY_TRAINED", str(DUMMY))

        async def there() -> bool:
            return await asyncio.to_thread(Path(trained).exists)

        await until(there, 600)
        return data_dir / "model.tar.gz"

    serve.ENGINE_PYTHON = program
    serve.ensure_model = model
    behaviour, environment = os.environ.get("DUMMY", ""), serve.engine_environment
    serve.engine_environment = lambda **more: environment(**more, DUMMY=behaviour)
    return serve.serve(Settings(), role)


if __name__ == "__main__":
    sys.exit(main(Path(sys.argv[1]), *sys.argv[2:]))  # type: ignore[arg-type]
