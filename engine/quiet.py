"""Rasa's logging and warnings, reduced to what somebody should act on."""

from __future__ import annotations

import json
import logging
import os
import time
import warnings
from typing import Any, Dict


class Lines(logging.Formatter):
    """One JSON object a line, with the field names of the application's log. `extra={"fields": {…}}` adds some."""

    def format(self, record: logging.LogRecord) -> str:
        """Return the line of a record."""
        made = time.strftime("%Y-%m-%dT%H:%M:%S", time.gmtime(record.created))
        line: Dict[str, Any] = {"event": record.getMessage(), **getattr(record, "fields", {})}
        line.update(level=record.levelname.lower(), timestamp=f"{made}.{int(record.msecs):03d}Z", logger=record.name)
        if record.exc_info:
            line["exception"] = self.formatException(record.exc_info)
        return json.dumps(line, ensure_ascii=False, default=str)


def hush() -> None:
    """Silence debug events, access logs and deprecation warnings of Rasa and its libraries; set up our own lines."""
    import structlog

    # a filter would not last: Rasa and its libraries install their own while they are imported
    warnings.showwarning = lambda *_, **__: None
    # Rasa logs through structlog without a level: every debug event would be rendered and printed.
    structlog.configure(wrapper_class=structlog.make_filtering_bound_logger(logging.WARNING))
    handler = logging.StreamHandler()
    handler.setFormatter(Lines())
    logging.basicConfig(level=logging.WARNING, handlers=[handler])
    logging.getLogger("engine").setLevel(os.environ.get("PANDU_LOG_LEVEL", "warning").upper())
    for name in ("rasa", "sanic.root", "sanic.access"):
        logging.getLogger(name).setLevel(logging.ERROR)
    logging.getLogger("sanic.error").setLevel(logging.CRITICAL)
