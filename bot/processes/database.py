"""The database's shape and roles at the start of a process."""

from __future__ import annotations

from bot.errors import CannotRun
from bot.processes.logs import mask
from bot.storage.urls import DatabaseUrls


async def migrated(urls: DatabaseUrls) -> None:
    """Bring the database to the present shape; the embedded one also gets its roles. Raises CannotRun."""
    import psycopg
    from sqlalchemy.exc import ProgrammingError

    from bot.storage.migrate import migrate
    from bot.storage.roles import make_roles

    try:
        await migrate(urls.owner)
        if urls.app != urls.owner:
            await make_roles(urls.owner, passwords=False)
    except (psycopg.errors.InsufficientPrivilege, ProgrammingError) as error:
        reason = mask(str(error).strip().splitlines()[0])
        raise CannotRun(
            f"The database has an older shape, and this role may not change it ({reason}): "
            "run pandu database migrate with the owner's PANDU_DATABASE_URL."
        ) from None
    except psycopg.OperationalError as error:
        reason = mask(str(error).strip().splitlines()[0])
        raise CannotRun(f"The database cannot be used ({reason}): check PANDU_DATABASE_URL and that it runs.") from None
