"""Knowledge that was published is one knowledge with the files: checked, merged, undone, written, live at once."""

from __future__ import annotations

import asyncio
import gc
import time
import weakref
from collections.abc import AsyncIterator
from datetime import UTC, date, datetime, timedelta
from pathlib import Path
from zoneinfo import ZoneInfo

import pytest
import structlog
from sqlalchemy import delete
from sqlalchemy.ext.asyncio import AsyncSession

from bot.answers.indexes import index_of, prepare
from bot.app import at_work, build_runtime
from bot.knowledge import live, load
from bot.knowledge.entries import FROM_FILE, KINDS, as_content, merge, problems_of, read_folder, write_folder
from bot.knowledge.load import FOLDER, KnowledgeError, get_knowledge, of_files
from bot.knowledge.models import Knowledge
from bot.knowledge.publications import Contents, Publication, PublishedEntry, history, in_effect
from bot.knowledge.publishing import back, difference, knowledge_with, problems_with, put
from bot.settings import Settings
from bot.storage.database import Database
from bot.storage.events import Events
from tests.helpers.until import until
from tests.knowledge.sukaraja import entries

TODAY = datetime.now(UTC).date()
ZONE = ZoneInfo("Asia/Jakarta")


def _publication(effective_on: date = TODAY, **fields: str) -> Publication:
    return Publication(by="dewi", office="sukaraja", reason="standar baru", effective_on=effective_on, **fields)


async def _known(session: AsyncSession) -> load.Knowledge:
    return await live.known(session, TODAY)


@pytest.mark.parametrize("kind", KINDS)
def test_every_entry_of_the_files_can_be_written_and_read_again(kind: str) -> None:
    for entry in getattr(of_files(), kind).values():
        assert KINDS[kind].model_validate(as_content(entry)) == entry


async def test_a_published_office_is_known_beside_those_of_the_files(session: AsyncSession) -> None:
    await put(session, _publication(), entries(), TODAY)
    known = await _known(session)
    assert known.services["sukaraja-reklame"].kind == "reklame"
    assert set(of_files().services) < set(known.services)


async def test_a_day_of_effect_is_waited_for(session: AsyncSession) -> None:
    await put(session, _publication(TODAY + timedelta(days=3)), entries(), TODAY)
    assert "sukaraja" not in (await _known(session)).offices
    assert ("offices", "sukaraja") in await in_effect(session, TODAY + timedelta(days=3))


async def test_what_is_taken_back_before_its_day_never_comes(session: AsyncSession) -> None:
    later = await put(session, _publication(TODAY + timedelta(days=3)), entries(), TODAY)
    label = as_content(of_files().offices["kudus"].model_copy(update={"label": "Kudus"}))
    await put(session, _publication(TODAY + timedelta(days=3)), {("offices", "kudus"): label}, TODAY)
    await back(session, later.id, "dewi", "keliru", TODAY)
    then = merge(of_files(), await in_effect(session, TODAY + timedelta(days=3)))
    assert "sukaraja" not in then.offices and then.offices["kudus"].label == "Kudus"


async def test_what_breaks_a_rule_is_refused_whole(session: AsyncSession) -> None:
    wrong = entries()
    service = wrong["services", "sukaraja-reklame"]
    assert service is not None
    service["requirements"][0]["printed"] = "Fotokopi paspor"
    with pytest.raises(KnowledgeError, match="Fotokopi paspor"):
        await put(session, _publication(), wrong, TODAY)
    assert await in_effect(session, TODAY) == {}


async def test_a_name_that_another_office_has_is_refused(session: AsyncSession) -> None:
    wrong = entries()
    office = wrong["offices", "sukaraja"]
    assert office is not None
    office["aliases"].append("kudus")
    assert any("kudus" in problem for problem in await problems_with(session, wrong, TODAY))


def test_a_wrong_shape_is_told_with_its_place() -> None:
    contents: Contents = {("offices", "x"): {"id": "x"}, ("nonsense", "y"): {"id": "y"}}
    problems = problems_of(contents)
    assert any(problem.startswith("offices/x: name") for problem in problems)
    assert "nonsense: there is no such kind of entry" in problems


async def test_an_earlier_version_comes_back_in_one_step(session: AsyncSession) -> None:
    await put(session, _publication(), entries(), TODAY)
    mended = dict(of_files().offices["kudus"].model_copy(update={"label": "Kudus"}))
    second = await put(
        session,
        _publication(),
        {("offices", "kudus"): as_content(of_files().offices["kudus"].model_copy(update=mended))},
        TODAY,
    )
    assert (await _known(session)).offices["kudus"].label == "Kudus"
    await back(session, second.id, "dewi", "keliru", TODAY)
    assert (await _known(session)).offices["kudus"] == of_files().offices["kudus"]
    assert "sukaraja" in (await _known(session)).offices


async def test_an_entry_of_a_file_can_be_withdrawn_and_returns(session: AsyncSession) -> None:
    key = ("stages", "kudus-iui")
    withdrawn = await put(session, _publication(), {key: None}, TODAY)
    assert "kudus-iui" not in (await _known(session)).stages
    await back(session, withdrawn.id, "dewi", "keliru", TODAY)
    assert "kudus-iui" in (await _known(session)).stages


async def test_the_difference_is_told_entry_by_entry(session: AsyncSession) -> None:
    new = await difference(session, entries(), TODAY)
    assert new["offices", "sukaraja"][0] is None
    assert new["offices", "sukaraja"][1]["name"] == "DPMPTSP Kota Sukaraja"
    same = {("offices", "kudus"): as_content(of_files().offices["kudus"])}
    assert await difference(session, same, TODAY) == {}


async def test_a_publication_leaves_what_is_read_already_as_it_is(session: AsyncSession) -> None:
    """With many offices, reading all of them anew would stop every turn for seconds."""
    await put(session, _publication(), entries(), TODAY)
    before = await _known(session)
    label = as_content(of_files().offices["kudus"].model_copy(update={"label": "Kudus"}))
    await put(session, _publication(), {("offices", "kudus"): label}, TODAY)
    after = await _known(session)
    assert after.offices["kudus"] != before.offices["kudus"]
    assert after.services["sukaraja-reklame"] is before.services["sukaraja-reklame"]
    service = entries()["services", "sukaraja-reklame"] or {}
    changed = {("services", "sukaraja-reklame"): service | {"label": "Reklame"}}
    await put(session, _publication(), changed, TODAY)
    assert (await _known(session)).services["sukaraja-reklame"].label == "Reklame"


@pytest.mark.usefixtures("published_for_all")
async def test_a_draft_is_laid_over_what_the_process_knows(session: AsyncSession) -> None:
    await put(session, _publication(), entries(), TODAY)
    await live.refresh(session, ZONE)
    known = get_knowledge()
    assert "sukaraja" in known.offices and await knowledge_with(session, {}, TODAY) is known
    gone = await knowledge_with(session, {("services", "sukaraja-reklame"): None}, TODAY)
    assert "sukaraja-reklame" not in gone.services and "sukaraja-reklame" in known.services
    back = await knowledge_with(session, {("services", "sukaraja-reklame"): FROM_FILE}, TODAY)
    assert "sukaraja-reklame" not in back.services, "what no file holds is gone when nothing is published of it"
    await put(
        session, _publication(), {("services", "sukaraja-reklame"): None, ("stages", "sukaraja-reklame"): None}, TODAY
    )
    assert "sukaraja-reklame" not in (await knowledge_with(session, {}, TODAY)).services


async def test_what_is_exported_is_imported_as_it_was(session: AsyncSession, tmp_path: Path) -> None:
    await put(session, _publication(), entries(), TODAY)
    write_folder(tmp_path, await in_effect(session, TODAY))
    assert read_folder(tmp_path) == (entries(), [])


def test_a_copy_of_the_files_changes_nothing() -> None:
    contents, problems = read_folder(FOLDER)
    assert problems == []
    own = {key: content for key, content in contents.items() if key[0] != "sources"}
    assert merge(of_files(), own) == of_files()


def test_an_entry_that_no_longer_fits_is_left_out_and_told() -> None:
    told: list[str] = []
    known = merge(of_files(), {("offices", "alt"): {"id": "alt", "old": 1}}, lambda key, _: told.append(key[1]))
    assert known.offices == of_files().offices
    assert told == ["alt"]


@pytest.fixture
async def published_for_all(database: Database) -> AsyncIterator[None]:
    """What a test publishes for every process is gone after it."""
    yield
    async with database.session() as session:
        await session.execute(delete(PublishedEntry))
        await session.execute(delete(Publication))
    load.use(None)
    live._seen = None


async def test_an_entry_is_read_once_and_what_no_longer_fits_told_once(session: AsyncSession) -> None:
    await put(session, _publication(), entries(), TODAY)
    session.add(
        PublishedEntry(
            publication_id=(await history(session, None))[0].id,
            kind="offices",
            entry="alt",
            content={"id": "alt", "old": 1},
        )
    )
    await session.flush()
    with structlog.testing.capture_logs() as told:
        first, second = await _known(session), await _known(session)
    assert "alt" not in first.offices and [one["entry"] for one in told] == ["alt"]
    assert first.services["sukaraja-reklame"] is second.services["sukaraja-reklame"]
    assert first == merge(of_files(), await in_effect(session, TODAY))


@pytest.mark.usefixtures("published_for_all")
async def test_every_process_hears_of_a_publication_at_once(
    database: Database, database_url: str, tmp_path: Path
) -> None:
    """A worker, too, long before it would look by itself; and what was published before is known from the start."""
    settings = Settings(_env_file=None, data_dir=tmp_path)
    runtime = build_runtime(settings, database_url, "http://127.0.0.1:1", "x", receiving=False)
    async with database.session() as session:
        await put(session, _publication(), entries(), TODAY)
    async with at_work(runtime):
        assert "sukaraja" in get_knowledge().offices
        async with database.session() as session:
            await put(
                session,
                _publication(),
                {("services", "sukaraja-reklame"): None, ("stages", "sukaraja-reklame"): None},
                TODAY,
            )

        async def withdrawn() -> bool:
            return "sukaraja-reklame" not in get_knowledge().services

        await until(withdrawn, live.EVERY / 3)
    await runtime.database.close()


async def test_a_knowledge_that_is_out_of_use_is_freed_without_the_collector() -> None:
    """Each publication freezes what was made, so that nothing walks through it: a circle in it would stay for ever."""
    known = merge(of_files(), entries())
    prepare(known)
    index = weakref.ref(index_of(known))
    gc.collect()
    gc.disable()
    try:
        del known
        for label in ("Satu", "Dua", "Tiga"):  # as many as are kept, and one
            service = as_content(of_files().services["kudus-iui"].model_copy(update={"label": label}))
            prepare(merge(of_files(), {("services", "kudus-iui"): service}))
        assert index() is None
    finally:
        gc.enable()


@pytest.mark.usefixtures("published_for_all")
async def test_a_running_process_knows_within_seconds(database: Database, database_url: str) -> None:
    events = Events(database_url)
    prepared: list[tuple[bool, bool]] = []

    def prepare(knowledge: Knowledge) -> None:
        prepared.append(("sukaraja" in knowledge.offices, "sukaraja" in get_knowledge().offices))

    looked = asyncio.Event()
    tasks = [
        asyncio.create_task(events.listen()),
        asyncio.create_task(live.keep_fresh(database, events, ZONE, every=0.5, prepare=prepare, looked=looked)),
    ]
    try:
        await looked.wait()
        before = get_knowledge()
        async with database.session() as session:
            await put(session, _publication(), entries(), TODAY)
        started = time.monotonic()
        while "sukaraja" not in get_knowledge().offices:
            assert time.monotonic() - started < 10
            await asyncio.sleep(0.05)
        assert "sukaraja" not in before.offices
        assert (True, False) in prepared, "what answers need is made before a turn has the new knowledge"
    finally:
        for task in tasks:
            task.cancel()
        await asyncio.gather(*tasks, return_exceptions=True)


@pytest.mark.parametrize("file", ["../.env", "sources/../../.env", "/etc/passwd", "sources/..", "offices/kudus.yaml"])
def test_a_document_keeps_its_text_among_the_sources_and_nowhere_else(file: str) -> None:
    content = {"id": "sk-uji", "title": "SK Uji", "short": "SK Uji", "file": file}
    assert [one for one in problems_of({("documents", "sk-uji"): content}) if "file" in one]
    assert problems_of({("documents", "sk-uji"): content | {"file": "sources/sk-uji.txt"}}) == []
