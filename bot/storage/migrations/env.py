"""Alembic's entry: run by bot.storage.migrate, or by `alembic -c` with the same options."""

from __future__ import annotations

from alembic import context
from sqlalchemy import NullPool, create_engine

from bot.tables import metadata


def ours(item: object, name: str | None, kind: str, reflected: bool, compare_to: object) -> bool:
    """The job queue's tables belong to Procrastinate."""
    return not (kind == "table" and (name or "").startswith("procrastinate_"))


url = context.config.get_main_option("sqlalchemy.url")
assert url is not None
with create_engine(url, poolclass=NullPool).connect() as connection:
    context.configure(
        connection=connection, target_metadata=metadata, compare_server_default=False, include_object=ours
    )
    with context.begin_transaction():
        context.run_migrations()
