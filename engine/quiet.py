"""Rasa's logging and warnings, reduced to what somebody should act on."""

from __future__ import annotations

import logging
import warnings


def hush() -> None:
    """Silence debug events, access logs and deprecation warnings of Rasa and its libraries."""
    import structlog

    # a filter would not last: Rasa and its libraries install their own while they are imported
    warnings.showwarning = lambda *_, **__: None
    # Rasa logs through structlog without a level: every debug event would be rendered and printed.
    structlog.configure(wrapper_class=structlog.make_filtering_bound_logger(logging.WARNING))
    logging.basicConfig(level=logging.WARNING, format="engine: %(levelname)s %(name)s %(message)s")
    for name in ("rasa", "sanic.root", "sanic.access"):
        logging.getLogger(name).setLevel(logging.ERROR)
    logging.getLogger("sanic.error").setLevel(logging.CRITICAL)
