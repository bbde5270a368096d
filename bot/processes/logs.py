"""Log lines: readable in a terminal, JSON elsewhere, and without personal data in either.

What applicants write, and who they are, is no business of a log. Known fields are left out; numbers long enough to be a
telephone number or an NIK, e-mail addresses and tokens are masked in whatever is left, tracebacks included.
"""

from __future__ import annotations

import logging
import sys
from typing import Any, TextIO

import structlog
from structlog.typing import EventDict, Processor, WrappedLogger

from bot.channels.all import ALL
from bot.masking import mask_technical

PERSONAL = frozenset(
    {"text", "body", "address", "profile_name", "name_of_applicant", "phone", "payload", "nik", "email"}
)
QUIET: tuple[str, ...] = (
    "httpx",
    "httpcore",
    "aiohttp",
    "asyncio",
    "procrastinate",
    "psycopg",
    "alembic",
)
QUIET += ("rasa_sdk", "uvicorn", "sqlalchemy", "urllib3", "apscheduler", "multipart")


def keep_off_standard_output() -> None:
    """For commands, whose standard output is their answer: warnings and errors go to standard error, no more."""
    if not structlog.is_configured():
        structlog.configure(
            logger_factory=structlog.stdlib.LoggerFactory(),
            wrapper_class=structlog.make_filtering_bound_logger(logging.WARNING),
        )


def set_up_logs(level: str, stream: TextIO | None = None) -> None:
    """Send everything to `stream` (standard error): our lines from `level` up, those of libraries from warning up."""
    out = stream or sys.stderr
    terminal = out.isatty()
    shared: list[Processor] = [
        structlog.contextvars.merge_contextvars,
        structlog.stdlib.add_log_level,
        structlog.processors.TimeStamper(fmt="%H:%M:%S" if terminal else "iso", utc=not terminal),
    ]
    render: Processor = (
        structlog.dev.ConsoleRenderer(exception_formatter=structlog.dev.plain_traceback)
        if terminal
        else structlog.processors.JSONRenderer(ensure_ascii=False)
    )
    plain_errors: list[Processor] = [structlog.processors.format_exc_info, leave_out_personal]
    structlog.configure(
        processors=[*shared, structlog.stdlib.ProcessorFormatter.wrap_for_formatter],
        logger_factory=structlog.stdlib.LoggerFactory(),
        wrapper_class=structlog.make_filtering_bound_logger(logging.getLevelNamesMapping()[level.upper()]),
        cache_logger_on_first_use=False,
    )
    handler = logging.StreamHandler(out)
    handler.setFormatter(
        structlog.stdlib.ProcessorFormatter(
            foreign_pre_chain=[*shared, structlog.stdlib.add_logger_name],
            processors=[structlog.stdlib.ProcessorFormatter.remove_processors_meta, *plain_errors, render],
        )
    )
    root = logging.getLogger()
    root.handlers = [handler]
    root.setLevel(level.upper())
    for name in (*QUIET, *(library for kind in ALL.values() for library in kind.libraries)):
        logging.getLogger(name).setLevel(logging.WARNING)


def leave_out_personal(_logger: WrappedLogger, _method: str, event: EventDict) -> EventDict:
    """Drop the fields in PERSONAL; mask numbers, addresses and tokens in all other text."""
    return {key: mask(value) for key, value in event.items() if key not in PERSONAL}


def mask(value: Any) -> Any:
    return mask_technical(value) if isinstance(value, str) else value
