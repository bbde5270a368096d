""" "data saya", "hapus data saya" and the notice, as a person types and taps them."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest
from sqlalchemy import select
from sqlalchemy.ext.asyncio import AsyncSession

from actions import ActionServices, build_executor
from bot.conversations.models import Conversation, Outgoing
from bot.handoff.desk import NoConversation
from bot.handoff.reading import files as stored
from bot.knowledge.load import get_knowledge
from bot.privacy import service, wording
from bot.privacy.models import NoticeShown, PrivacyRequest
from bot.settings import Settings
from tests.actions.chat import Chat

START = datetime(2026, 11, 23, 3, 0, tzinfo=UTC)
NOTICE = get_knowledge().privacy.notice


class Person(Chat):
    """A chat whose clock is the test's; `queued` are the erasings asked for."""

    now = START
    public_url = ""
    folder = Path("/nowhere")  # where nothing may be written

    def configure(self) -> Person:
        self.queued: list[tuple[int, int]] = []
        settings = Settings(_env_file=None, public_url=self.public_url, data_dir=self.folder)  # type: ignore[call-arg]

        async def erase_later(session: AsyncSession, conversation: int, request: int) -> None:
            assert session is self.session
            self.queued.append((conversation, request))

        self.services = ActionServices(
            self.knowledge,
            settings,
            self._session,
            self._request,
            now=lambda: self.now,
            erase_later=erase_later,
        )
        self.executor = build_executor(self.services)
        return self


@pytest.fixture
async def person(session: AsyncSession) -> Person:
    conversation = Conversation(channel="simulator", address="pemilik-data")
    session.add(conversation)
    await session.flush()
    return Person(session, get_knowledge(), conversation.id).configure()


COPY = [
    "data saya",
    "DATA SAYA",
    "Data pribadi saya dong",
    "tolong kirim data saya ya",
    "minta salinan semua data saya",
    "dataku",
]
ERASE = [
    "hapus data saya",
    "HAPUS DATA",
    "tolong hapus semua data saya ya",
    "hapus riwayat chat saya",
    "hapusen dataku kabeh",
]
NEITHER = [
    "tolong hapus data saya di oss, saya sudah tidak usaha lagi",
    "data saya kok bisa sampai ke penipu",
    "data saya dibilang sudah meninggal",
    "paket data saya habis terus",
    "hapus nib",
]


@pytest.mark.parametrize("text", COPY)
async def test_a_copy(person: Person, text: str) -> None:
    said = await person.say(text, "nlu_fallback")
    assert "Ini yang Pandu simpan" in said.text
    assert list(said.buttons) == [wording.B_TEXT, wording.B_ERASE, "Menu"]


@pytest.mark.parametrize("text", ERASE)
async def test_erasing_is_explained_first(person: Person, text: str) -> None:
    said = await person.say(text, "nlu_fallback")
    assert "Yang dihapus" in said.text
    assert "Yang tetap ada" in said.text
    assert "register kantor" in said.text
    assert "UU 27/2022" in said.text
    assert list(said.buttons) == [wording.B_KEEP, wording.B_SURE, wording.B_COPY, wording.B_OSS]
    assert all(len(title) <= 24 for title in said.buttons)
    assert person.queued == []


@pytest.mark.parametrize("text", NEITHER)
async def test_other_data_is_not_meant(person: Person, text: str) -> None:
    said = await person.say(text, "account_problem")
    assert "Yang dihapus" not in said.text
    assert "Ini yang Pandu simpan" not in said.text


@pytest.mark.parametrize(
    ("text", "part"),
    [
        ("saya mau data saya dihapus", "Yang dihapus"),
        ("cabut izin pemrosesan data saya", "Yang dihapus"),
        ("nyuwun tulung data kula dipunhapus", "Yang dihapus"),
        ("bisa minta rekap data saya yang tersimpan di pandu", "Ini yang Pandu simpan"),
        ("kalau saya hapus chat apakah datanya ikut hilang", "Yang disimpan"),
        ("data saya aman gak", "Yang disimpan"),
    ],
)
async def test_questions_about_privacy(person: Person, text: str, part: str) -> None:
    assert part in (await person.say(text, "ask_privacy")).text


async def test_the_privacy_answer_offers_both(person: Person) -> None:
    said = await person.say("apakah data saya disimpan", "ask_privacy")
    assert list(said.buttons)[:2] == [wording.B_COPY, wording.B_ERASE]
    assert "Yang dihapus" in (await person.tap(wording.B_ERASE)).text


async def test_it_goes_before_a_report_that_is_being_written(person: Person) -> None:
    await person.say("buat laporan", "complaint")
    assert "Yang dihapus" in (await person.say("hapus data saya", "complaint")).text


async def test_the_yes_starts_it_once(person: Person) -> None:
    await person.say("hapus data saya", "ask_privacy")
    sure = person.last.buttons[wording.B_SURE]
    assert (await person.tap(wording.B_SURE)).text == wording.STARTED
    assert (await person.send(sure)).text == wording.ALREADY
    request = (await person.session.execute(select(PrivacyRequest))).scalar_one()
    assert person.queued == [(person.conversation, request.id)]
    assert request.status == "confirmed"


async def test_the_yes_is_good_for_ten_minutes(person: Person) -> None:
    await person.say("hapus data saya", "ask_privacy")
    sure = person.last.buttons[wording.B_SURE]
    person.now = START + timedelta(minutes=10)
    assert (await person.send(sure)).text == wording.EXPIRED
    assert person.queued == []


async def test_no(person: Person) -> None:
    await person.say("hapus data saya", "ask_privacy")
    assert (await person.tap(wording.B_KEEP)).text == wording.KEPT
    assert (await person.say("ya", "affirm")).text != wording.STARTED  # a bare yes erases nothing
    assert person.queued == []


async def test_nobody_confirms_for_another(person: Person, session: AsyncSession) -> None:
    await person.say("hapus data saya", "ask_privacy")
    stranger = Conversation(channel="simulator", address="orang-lain")
    session.add(stranger)
    await session.flush()
    other = Person(session, get_knowledge(), stranger.id).configure()
    assert (await other.send(person.last.buttons[wording.B_SURE])).text == wording.EXPIRED
    assert (await other.send('/ask_privacy{"detail":"hapus-ya","answer":"x"}')).text == wording.EXPIRED
    assert other.queued == person.queued == []


async def test_a_hold_is_told(person: Person) -> None:
    await service.hold(person.session, "conversation", person.conversation, "sengketa", "officer:1")
    said = await person.say("hapus data saya", "ask_privacy")
    assert said.text == wording.HELD
    assert wording.B_SURE not in said.buttons


async def test_a_link_only_where_the_phone_reaches_it(person: Person) -> None:
    said = await person.say("data saya", "ask_privacy")
    assert "https://pandu.example/data/" in said.text  # the simulator's page is reached by whoever chats in it
    said = await _on_telegram(person).say("data saya", "ask_privacy")
    assert "/data/" not in said.text
    assert wording.COPY_NO_LINK in said.text
    person.public_url = "https://pandu.example"
    person.configure()
    assert "https://pandu.example/data/" in (await _on_telegram(person).say("data saya", "ask_privacy")).text


def _on_telegram(person: Person) -> Person:
    call = Chat._call

    def from_telegram(*arguments: object) -> dict[str, object]:
        found = call(person, *arguments)  # type: ignore[arg-type]
        found["tracker"]["latest_message"]["metadata"]["channel"] = "telegram"
        return found

    person._call = from_telegram  # type: ignore[method-assign,assignment]
    return person


@pytest.mark.parametrize(
    ("channel", "public_url", "suffix"),
    [("telegram", "", ".html"), ("whatsapp", "https://pandu.example", ".pdf"), ("whatsapp", "", "")],
)
async def test_a_file_where_the_channel_takes_one(
    person: Person, tmp_path: Path, channel: str, public_url: str, suffix: str
) -> None:
    conversation = await person.session.get_one(Conversation, person.conversation)
    conversation.channel, conversation.profile_name = channel, "Siti 😀"
    await person.session.flush()
    person.folder, person.public_url = tmp_path, public_url
    said = await person.configure().say("data saya", "ask_privacy")
    files = list((tmp_path / "files").rglob("*.*"))
    assert [file.suffix for file in files] == ([suffix] if suffix else [])
    assert (wording.COPY_FILE in said.text) == bool(suffix)
    if not suffix:
        return
    query = select(Outgoing).where(Outgoing.conversation_id == person.conversation, Outgoing.file.is_not(None))
    sent = (await person.session.scalars(query)).one()
    assert (sent.text, sent.author, sent.status) == (wording.COPY_CAPTION, "system", "pending")
    assert files[0].read_bytes().startswith(b"%PDF-" if suffix == ".pdf" else b"<!doctype html>")
    given = (await person.session.scalars(select(PrivacyRequest).where(PrivacyRequest.status == "done"))).one()
    assert (given.kind, given.token_hash) == ("export", None)
    with pytest.raises(NoConversation):  # officers do not read over the person's shoulder
        await stored.sent(person.session, tmp_path / "files", sent.id)


async def test_all_of_it_comes_as_text_page_by_page(person: Person) -> None:
    await person.say("data saya", "ask_privacy")
    said = await person.tap(wording.B_TEXT)
    assert said.text.startswith("Data Anda, bagian 1 dari ")
    heard = said.text
    while wording.B_MORE_TEXT in said.buttons:
        said = await person.tap(wording.B_MORE_TEXT)
        heard += said.text
    assert "alamat: pemilik-data" in heard
    assert "PERMINTAAN SALINAN DAN PENGHAPUSAN" in heard


# --- the notice ---


async def _shown(person: Person) -> list[int]:
    query = select(NoticeShown.version).where(NoticeShown.conversation_id == person.conversation)
    return list((await person.session.scalars(query.order_by(NoticeShown.id))).all())


async def test_the_first_contact_reads_the_notice_and_it_is_recorded(person: Person) -> None:
    said = await person.say("halo", "greet", first=True)
    assert NOTICE.text in said.text
    await person.say("halo", "greet", first=True, again=True)
    assert await _shown(person) == [NOTICE.version]
    assert NOTICE.text not in (await person.say("biayanya?", "ask_cost")).text


async def test_a_new_version_is_shown_once(person: Person) -> None:
    await person.say("halo", "greet", first=True)
    newer = NOTICE.model_copy(update={"version": NOTICE.version + 1, "text": "Baru."})
    rules = person.knowledge.privacy.model_copy(update={"notice": newer})
    person.knowledge = person.knowledge.model_copy(update={"privacy": rules})
    person.configure()
    said = await person.say("terima kasih", "thanks")
    assert said.messages[0]["text"].startswith(f"{newer.changed} Baru.")
    again = await person.say("terima kasih", "thanks", again=True)  # the same message, handled twice
    assert again.messages[0]["text"].startswith(newer.changed)
    assert newer.changed not in (await person.say("terima kasih", "thanks")).text
    assert person.conversation in person.services.informed
    assert await _shown(person) == [NOTICE.version, newer.version]


@pytest.mark.parametrize("typed", ["Hapus sekarang", "ya, hapus semuanya", "Ya hapus"])
async def test_a_typed_yes_counts_while_the_question_is_open(person: Person, typed: str) -> None:
    assert (await person.say(typed, "nlu_fallback")).text != wording.STARTED, "nobody asked"
    await person.say("hapus data saya", "ask_privacy")
    person.now = START + timedelta(minutes=10)
    assert (await person.say(typed, "nlu_fallback")).text != wording.STARTED, "too late"
    person.now = START
    assert (await person.say(typed, "nlu_fallback")).text == wording.STARTED
    assert len(person.queued) == 1
