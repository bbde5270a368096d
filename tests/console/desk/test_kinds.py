"""The reason for asking a person arrives in the queue with them: from the chat to the list's badge and filter."""

from __future__ import annotations

import httpx
import pytest

from actions import ActionServices, build_executor
from bot.handoff.people import OfficersDesk
from bot.knowledge.load import get_knowledge
from bot.survey import wording
from tests.actions.chat import Chat
from tests.console.desk.conftest import FrontOffice
from tests.console.desk.test_inbox import rows

NAMED = {"office": "magetan", "service": "magetan-perluasan"}


async def _not_helped(chat: Chat, last: str) -> None:
    await chat.say("berapa lama?", "ask_duration", NAMED)
    await (chat.say("belum", "deny") if last == "typed" else chat.tap(wording.NO))
    await (chat.say("ke petugas saja", "talk_to_human") if last == "typed" else chat.tap("Bicara petugas"))


async def _complains(chat: Chat, last: str) -> None:
    await chat.say("petugas loketnya galak sekali", "complaint", {"office": "magetan"})
    if last == "draft":
        await chat.tap("Buat laporan")
        await chat.say("bicara petugas", "talk_to_human")
    else:
        await (chat.say("sambungkan petugas", "talk_to_human") if last == "typed" else chat.tap("Bicara petugas"))


async def _wants_both(chat: Chat, last: str) -> None:
    await chat.say("mau komplain, sambungkan ke orang", "talk_to_human", parts=("talk_to_human", "complaint"))


async def _only_a_person(chat: Chat, last: str) -> None:
    await chat.say("mau bicara orang", "talk_to_human")


async def listed_as(client: httpx.AsyncClient, name: str) -> list[str]:
    reasons = ("requested", "survey", "complaint", "anger")
    return [one for one in reasons if name in await rows(client, view="waiting", reason=one)]


@pytest.mark.parametrize(
    ("story", "last", "kind", "badge", "why"),
    [
        (_not_helped, "tapped", "survey", "Belum terbantu", "Jawaban Pandu soal"),
        (_not_helped, "typed", "survey", "Belum terbantu", "Jawaban Pandu soal"),
        (_complains, "tapped", "complaint", "Pengaduan", "Pemohon punya keluhan"),
        (_complains, "typed", "complaint", "Pengaduan", "Pemohon punya keluhan"),
        (_complains, "draft", "complaint", "Pengaduan", "Pemohon punya keluhan"),
        (_wants_both, "typed", "complaint", "Pengaduan", "Pemohon punya keluhan"),
        (_only_a_person, "typed", "requested", "Minta petugas", "Pemohon meminta petugas."),
    ],
)
async def test_the_kind_shows_in_the_list(
    office: FrontOffice, story: object, last: str, kind: str, badge: str, why: str
) -> None:
    name = f"Kirana {kind} {story.__name__} {last}".title()  # type: ignore[attr-defined]
    async with office.runtime.database.session() as session:
        person = await office.stage(session).person(name, "telegram", 0)
    async with office.runtime.database.session() as session:
        chat = Chat(session, get_knowledge(), person)
        desk = OfficersDesk(office.runtime.settings, office.runtime.database)
        chat.executor = build_executor(ActionServices(chat.knowledge, office.runtime.settings, chat._session, desk.ask))
        await story(chat, last)  # type: ignore[operator]
    assert await listed_as(office.sari, name) == [kind]
    page = await office.sari.get("/console/inbox/rows", params={"view": "waiting", "q": name})
    assert f">{badge}<" in page.text
    opened = await office.sari.get(f"/console/conversations/{person}")
    assert why in opened.text
