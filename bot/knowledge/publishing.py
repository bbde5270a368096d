"""Publishing entries of knowledge: the same rules as `pandu knowledge check`, all or nothing, and back again."""

from __future__ import annotations

import asyncio
from datetime import date
from typing import Any

from sqlalchemy.ext.asyncio import AsyncSession

from bot.knowledge import live
from bot.knowledge.check import check, check_part
from bot.knowledge.check_questions import question_problems
from bot.knowledge.entries import FROM_FILE, as_content, merge, problems_of
from bot.knowledge.load import FOLDER, KnowledgeError, of_files
from bot.knowledge.models import Knowledge
from bot.knowledge.publications import (
    Contents,
    Key,
    Publication,
    contents_of,
    in_effect,
    publish,
)

_ALONE = ("sources", "documents", "offices", "services", "stages")
"""Kinds that nothing but themselves, and the question entries that rest on them, depends on."""
_RESTED_ON = ("offices", "services")


async def knowledge_with(session: AsyncSession, contents: Contents, today: date) -> Knowledge:
    """What Pandu would know if `contents` were published."""
    held = await live.known(session, today)
    if FROM_FILE not in contents.values():
        return merge(held, contents)
    return merge(of_files(), {**await in_effect(session, today), **contents})


async def problems_with(session: AsyncSession, contents: Contents, today: date) -> list[str]:
    """What publishing `contents` would make wrong; what is wrong already is not told again."""
    problems = problems_of(contents)
    if problems:
        return problems
    then = await knowledge_with(session, contents, today)
    if all(kind in _ALONE and one not in (None, FROM_FILE) for (kind, _), one in contents.items()):
        found = await asyncio.to_thread(check_part, then, FOLDER, list(contents))
        now = await knowledge_with(session, {}, today)
        if not any(entry in getattr(now, kind) for kind, entry in contents if kind in _RESTED_ON):
            return found  # what is new, no entry rests on
        rested = await asyncio.to_thread(lambda: [set(question_problems(one)) for one in (now, then)])
        return [*found, *sorted(rested[1] - rested[0])]
    now = await knowledge_with(session, {}, today)
    before, after = await asyncio.to_thread(lambda: (check(now, FOLDER), check(then, FOLDER)))
    return [problem for problem in after if problem not in before]


async def put(session: AsyncSession, publication: Publication, contents: Contents, today: date) -> Publication:
    """Publishes, or raises `KnowledgeError` with every problem and changes nothing."""
    problems = await problems_with(session, contents, today)
    if problems or not contents:
        raise KnowledgeError(problems or ["nothing to publish"])
    return await publish(session, publication, contents)


async def back(session: AsyncSession, undone: int, by: str, reason: str, today: date) -> Publication:
    """Everything that publication `undone` changed stands again as it stood before."""
    changed = await contents_of(session, undone)
    earlier = await in_effect(session, today, before=undone)
    contents: dict[Key, dict[str, Any] | None] = {key: earlier.get(key, dict(FROM_FILE)) for key in changed}
    was = await session.get_one(Publication, undone)
    new = Publication(by=by, reason=reason, office=was.office, effective_on=today, undoes=undone)
    return await put(session, new, contents, today)


async def difference(
    session: AsyncSession, contents: Contents, today: date, before: int | None = None
) -> dict[Key, tuple[Any, Any]]:
    """Entry -> what it is now and what it would be, as YAML holds them; None where there is none.

    `before`: in place of now, as it stood before that publication.
    """
    held = await in_effect(session, today, before=before, entries={entry for _, entry in contents})
    now, then = merge(of_files(), held), merge(of_files(), {**held, **contents})
    found: dict[Key, tuple[Any, Any]] = {}
    for kind, entry in contents:
        old, new = (getattr(one, kind).get(entry) for one in (now, then))
        if old != new:
            found[kind, entry] = (_shown(old), _shown(new))
    return found


def _shown(entry: Any) -> Any:
    return entry if entry is None or isinstance(entry, str) else as_content(entry)
