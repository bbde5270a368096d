"""Write an Alembic revision from the difference between the models and the migrations: `make_migration.py "what"`."""

from __future__ import annotations

import sys
import tempfile
from pathlib import Path

from alembic import command

from bot.processes.postgres import EmbeddedPostgres
from bot.storage.migrate import alembic_config


def main(message: str) -> None:
    with tempfile.TemporaryDirectory(prefix="pandu-migration-") as folder:
        Path(folder).chmod(0o755)
        server = EmbeddedPostgres(Path(folder))
        config = alembic_config(server.start())
        try:
            command.upgrade(config, "head")
            command.revision(config, message, autogenerate=True)
        finally:
            server.stop()


if __name__ == "__main__":
    main(sys.argv[1])
