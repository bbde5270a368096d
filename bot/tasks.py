"""The job queue with the tasks of every part: composition, like app.py."""

from __future__ import annotations

from procrastinate import App

from bot.applications import tasks as applications
from bot.complaints import tasks as complaints
from bot.conversations import tasks as conversations
from bot.conversations.jobs import job_queue
from bot.handoff import tasks as handoff
from bot.privacy import tasks as privacy
from bot.survey import tasks as survey
from bot.understanding import tasks as understanding


def make_jobs(database_url: str, pool_size: int = 6) -> App:
    """Connects to nothing yet. Tasks find the `Runtime` in the worker's additional context."""
    jobs = job_queue(database_url, pool_size)
    for part in (conversations, handoff, applications, complaints, privacy, survey, understanding):
        part.add_tasks(jobs)
    return jobs
