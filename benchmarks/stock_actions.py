"""Pandu's actions behind rasa-sdk's own action server, so that stock Rasa holds the same dialogue in the benchmark.

Run as `python -m benchmarks.stock_actions PORT` with PANDU_BENCH_DATABASE_URL. The server is rasa-sdk's Sanic app as it
comes; only the executor is handed in, because our actions need their capabilities at hand.
"""

from __future__ import annotations

import os
import sys

from rasa_sdk.endpoint import create_app

from actions import ActionServices, build_executor
from bot.handoff.people import OfficersDesk
from bot.knowledge.load import get_knowledge
from bot.settings import Settings
from bot.storage.database import Database


def main(port: int) -> None:
    settings, database = Settings(_env_file=None), Database(os.environ["PANDU_BENCH_DATABASE_URL"])
    services = ActionServices(
        knowledge=get_knowledge(),
        settings=settings,
        session=database.session,
        request_person=OfficersDesk(settings, database).ask,
    )
    app = create_app(build_executor(services))
    app.run(host="127.0.0.1", port=port, single_process=True, access_log=False, motd=False)


if __name__ == "__main__":
    main(int(sys.argv[1]))
