"""`pandu knowledge export` and `import`: what was published, as the YAML that `knowledge/` is made of."""

from __future__ import annotations

from datetime import UTC, datetime
from pathlib import Path
from zoneinfo import ZoneInfo

from bot.audit.service import note
from bot.conversations.runtime import Runtime
from bot.errors import CannotRun
from bot.knowledge.entries import FROM_FILE, read_folder, write_folder
from bot.knowledge.load import KnowledgeError
from bot.knowledge.publications import Publication, history, in_effect
from bot.knowledge.publishing import put


def _today(runtime: Runtime) -> datetime:
    return datetime.now(UTC).astimezone(ZoneInfo(runtime.settings.timezone))


async def export(runtime: Runtime, folder: Path) -> int:
    """Writes every published entry in effect; withdrawn ones are named."""
    async with runtime.database.session() as session:
        contents = await in_effect(session, _today(runtime).date())
    written = write_folder(folder, {key: one for key, one in contents.items() if one != FROM_FILE})
    for path in written:
        print(path)
    for kind, entry in sorted(key for key, content in contents.items() if content is None):
        print(f"withdrawn, not written: {kind}/{entry}")
    print(f"{len(written)} files")
    return 0


async def take_in(runtime: Runtime, folder: Path, by: str, reason: str, office: str) -> int:
    """Publishes every entry of a folder, all or nothing; prints what is wrong with them otherwise."""
    contents, problems = read_folder(folder)
    if not problems and not contents:
        raise CannotRun(f"There are no entries of knowledge in {folder}.")
    try:
        if problems:
            raise KnowledgeError(problems)
        async with runtime.database.session() as session:
            today = _today(runtime).date()
            publication = Publication(by=by, reason=reason, office=office or None, effective_on=today)
            await put(session, publication, contents, today)
            number = publication.id
            await note(session, "system", "knowledge.imported", "publication", number, entries=len(contents))
    except KnowledgeError as error:
        for problem in error.problems:
            print(problem)
        print(f"{len(error.problems)} problems; nothing was published")
        return 1
    print(f"Publication {number}: {len(contents)} entries, live within a minute.")
    return 0


async def due(runtime: Runtime) -> int:
    """What was to be looked at again by now, and what comes into effect later; exit code 0."""
    today = _today(runtime).date()
    async with runtime.database.session() as session:
        versions = await history(session, None, limit=1000)
    undone = {one.undoes for one in versions}
    standing = [one for one in versions if one.id not in undone]
    late = [one for one in standing if one.review_on is not None and one.review_on <= today]
    coming = [one for one in standing if one.effective_on > today]
    for one in sorted(late, key=lambda one: (one.review_on, one.id)):
        print(f"version {one.id} ({one.reason}): to be reviewed since {one.review_on}")
    for one in sorted(coming, key=lambda one: (one.effective_on, one.id)):
        print(f"version {one.id} ({one.reason}): in effect from {one.effective_on}")
    if not late and not coming:
        print("Nothing is due.")
    return 0
