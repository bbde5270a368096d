"""Files of applicants, opened by an officer: shown as what they are, and nothing of them runs."""

from __future__ import annotations

import pytest
from sqlalchemy import text

from bot.conversations.models import StoredFile
from tests.console.desk.conftest import FrontOffice
from tests.hostile.hostile_files import DRESSED


@pytest.mark.parametrize("name", DRESSED)
async def test_an_officers_browser_runs_nothing_of_it(office: FrontOffice, name: str) -> None:
    content, said, shown = DRESSED[name]
    async with office.runtime.database.session() as session:
        stage = office.stage(session)
        person = await stage.person("Lia Contoh", "telegram", 1)
        sent = await stage.asks(person, "", 1, kind="document")
        file = StoredFile(
            incoming_id=sent, kind="photo", reference="x", filename="../x.svg", media_type=said, path="hostile.bin"
        )
        session.add(file)
    folder = office.runtime.settings.files_dir
    folder.mkdir(parents=True, exist_ok=True)
    (folder / "hostile.bin").write_bytes(content)
    try:
        answer = await office.sari.get(f"/console/files/{file.id}")
    finally:
        async with office.runtime.database.session() as session:
            await session.execute(text("delete from stored_files where id = :id"), {"id": file.id})
    assert answer.status_code == 200 and answer.content == content
    headers = answer.headers
    assert headers["content-type"] == shown
    assert headers["x-content-type-options"] == "nosniff"
    assert (
        "sandbox" in headers["content-security-policy"] and "default-src 'none'" in headers["content-security-policy"]
    )
    how = "inline" if shown.startswith("image/") else "attachment"
    assert (
        headers["content-disposition"].startswith(f"{how}; ")
        and ".." not in headers["content-disposition"].split("''")[1]
    )
