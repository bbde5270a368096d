"""Write an Alembic revision from the difference between the models and the migrations: `make_migration.py "what"`."""

from __future__ import annotations

import asyncio
import sys
import tempfile
from pathlib import Path

from alembic import command

from bot.processes.postgres import EmbeddedPostgres
from bot.storage.migrate import alembic_config, migrate


def main(message: str) -> None:
    with tempfile.TemporaryDirectory(prefix="pandu-migration-") as folder:
        Path(folder).chmod(0o755)
        server = EmbeddedPostgres(Path(folder))
        url = server.start()
        try:
            asyncio.run(migrate(url))
            command.revision(alembic_config(url), message, autogenerate=True)
        finally:
            server.stop()


if __name__ == "__main__":
    main(sys.argv[1])
