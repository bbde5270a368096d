""" "Sampai mana izin saya?" in chat: the owner sees it, nobody else does, and what is said is true."""

from __future__ import annotations

from datetime import date
from pathlib import Path

import pytest
from sqlalchemy import select, text

from actions import ActionServices, build_executor
from bot.applications import wording
from bot.applications.models import Application
from bot.applications.numbers import new_number
from bot.applications.service import NewApplication, Register, add, advance
from bot.channels.all import kind_of
from bot.conversations import persons
from bot.conversations.models import Conversation, Outgoing
from bot.knowledge.load import get_knowledge
from bot.settings import Settings
from tests.actions.chat import Chat
from tests.applications.conftest import Clock
from tests.helpers.claiming import code_in_chat, code_on_paper

PHONE = "0812-3456-7890"


async def conversation(register: Register, clock: Clock, channel: str, address: str, folder: Path) -> Chat:
    person = Conversation(channel=channel, address=address)
    register.session.add(person)
    await register.session.flush()
    chat = Chat(register.session, get_knowledge(), person.id)
    settings = Settings(_env_file=None, data_dir=folder, public_url="https://pandu.example")  # type: ignore[call-arg]
    chat.executor = build_executor(ActionServices(chat.knowledge, settings, chat._session, chat._request, now=clock))
    return chat


@pytest.fixture
async def owner(register: Register, clock: Clock, tmp_path: Path) -> Chat:
    return await conversation(register, clock, "whatsapp", "whatsapp:+6281234567890", tmp_path)


@pytest.fixture
async def stranger(register: Register, clock: Clock, tmp_path: Path) -> Chat:
    return await conversation(register, clock, "telegram", "4711", tmp_path)


@pytest.fixture
async def application(register: Register) -> Application:
    new = NewApplication("magetan-perluasan", reference="B-7", received_on=date(2026, 11, 2), phones=[PHONE])
    found = (await add(register, new, "sari")).application
    await advance(register, found.number, "pemeriksaan", "sari", on=date(2026, 11, 3))
    await advance(register, found.number, "verifikasi", "sari", on=date(2026, 11, 16))
    return found


async def outcomes(register: Register) -> list[str]:
    return [one.outcome for one in (await register.session.execute(text("select outcome from application_looks")))]


async def test_the_owner_sees_stage_wait_promise_and_what_to_do(owner: Chat, application: Application) -> None:
    said = await owner.say("sampai mana izin saya", "track_status")
    assert application.number in said.text
    assert "Tahap: Verifikasi teknis." in said.text
    assert "Menunggu: Dinas Perindustrian, sejak 16 November 2026 (2 hari kerja)." in said.text
    assert "sudah 2 dari 5 hari, batasnya 23 November 2026" in said.text
    assert "tinggal menunggu" in said.text
    assert "Standar Pelayanan Magetan" in said.text
    assert "Bicara petugas" in said.buttons


@pytest.mark.parametrize("typed", ["{number}", "cek {number} dong", "{lower}", "{spaced}"])
async def test_a_number_alone_is_enough(owner: Chat, application: Application, typed: str) -> None:
    number = application.number
    written = typed.format(number=number, lower=number.lower(), spaced=number.replace("-", " "))
    said = await owner.say(written, "nlu_fallback")
    assert "Tahap: Verifikasi teknis." in said.text


async def test_why_so_long_means_the_application(owner: Chat, stranger: Chat, application: Application) -> None:
    assert "Tahap: Verifikasi teknis." in (await owner.say("kok lama banget ya", "ask_duration")).text
    assert application.number not in (await stranger.say("kok lama banget ya", "ask_duration")).text


async def test_overdue_is_told_honestly(owner: Chat, application: Application, clock: Clock) -> None:
    clock.on(2026, 11, 26)
    said = await owner.say("cek status", "track_status")
    assert "Maaf, janji itu sudah terlewati 3 hari kerja: batasnya 23 November 2026" in said.text
    assert said.buttons["Buat pengaduan"] == f'/complaint{{"application_number":"{application.number}"}}'
    await owner.tap("Bicara petugas")
    ((_, reason),) = owner.requests
    assert application.number in reason and "terlewati 3 hari kerja" in reason


async def test_foreign_and_unknown_numbers_get_the_same_answer(stranger: Chat, application: Application) -> None:
    foreign = await stranger.say(application.number, "track_status")
    assert application.number not in foreign.text
    assert "tidak dapat saya buka" in foreign.text
    unknown = await stranger.say(new_number(), "out_of_scope")
    assert unknown.messages[-1]["buttons"] == foreign.messages[-1]["buttons"]
    assert foreign.text in unknown.text


async def test_a_mistyped_number_is_no_wrong_try(stranger: Chat, register: Register, application: Application) -> None:
    wrong = application.number[:-1] + ("A" if application.number[-1] != "A" else "C")
    assert "salah ketik" in (await stranger.say(wrong, "track_status")).text
    assert await outcomes(register) == []


async def test_five_wrong_tries_then_a_pause(
    stranger: Chat, register: Register, application: Application, clock: Clock
) -> None:
    for _ in range(5):
        assert "tidak dapat saya buka" in (await stranger.say(application.number, "track_status")).text
    assert "demi keamanan" in (await stranger.say(application.number, "track_status")).text
    code = await code_on_paper(register, application.id)
    assert "demi keamanan" in (await stranger.say(code, "track_status")).text
    clock.on(2026, 11, 18, hour=5)
    assert "Berhasil" in (await stranger.say(code, "track_status")).text
    assert await outcomes(register) == ["refused"] * 5 + ["paused"] * 2 + ["linked"]


async def test_a_claim_code_links_once(
    owner: Chat, stranger: Chat, register: Register, application: Application
) -> None:
    code = await code_on_paper(register, application.id)
    assert code not in str((await register.session.execute(text("select * from claim_codes"))).all())
    said = await stranger.say(f"kode saya {code.lower()}", "out_of_scope")
    assert "Berhasil" in said.text and "Tahap: Verifikasi teknis." in said.text
    assert "Berhasil" in (await stranger.say(code, "track_status", again=True)).text
    assert "Tahap" in (await stranger.say("status", "track_status")).text
    assert "tidak dapat saya buka" in (await owner.say(code, "track_status")).text


async def test_a_claim_code_expires_and_is_replaced(
    stranger: Chat, register: Register, application: Application, clock: Clock
) -> None:
    first = await code_on_paper(register, application.id)
    second = await code_on_paper(register, application.id)
    assert "tidak dapat saya buka" in (await stranger.say(first, "track_status")).text
    clock.on(2026, 12, 19)
    assert "tidak dapat saya buka" in (await stranger.say(second, "track_status")).text


async def test_a_second_channel_of_the_same_person(owner: Chat, stranger: Chat, application: Application) -> None:
    await owner.say("cek status", "track_status")
    said = await owner.tap("Hubungkan chat lain")
    code = next(line for line in said.text.splitlines() if line.startswith("KLAIM-"))
    assert "Berhasil" in (await stranger.say(code, "nlu_fallback")).text
    assert application.number in (await stranger.say("izin saya sampai mana", "track_status")).text


async def test_a_code_sent_in_the_chat_that_was_told_it_is_not_used_up(
    owner: Chat, stranger: Chat, register: Register, application: Application
) -> None:
    await owner.say("cek status", "track_status")
    said = await owner.tap("Hubungkan chat lain")
    joining = next(line for line in said.text.splitlines() if line.startswith("KLAIM-"))
    receipt = await code_in_chat(register, application.id, owner.conversation)
    for code in (joining, receipt, joining):
        assert (await owner.say(code, "nlu_fallback")).messages[0]["text"].endswith(wording.OWN_CODE)
    for code in (joining, receipt, joining):
        assert "Berhasil" in (await stranger.say(code, "nlu_fallback")).text


async def test_both_chats_carry_a_code_to_the_other(
    owner: Chat, stranger: Chat, register: Register, application: Application
) -> None:
    for one, other in ((owner, stranger), (stranger, owner), (owner, stranger)):
        await one.say("cek status", "track_status")
        said = await one.tap("Hubungkan chat lain")
        code = next(line for line in said.text.splitlines() if line.startswith("KLAIM-"))
        assert "Berhasil" in (await other.say(code, "nlu_fallback")).text
    ids = {owner.conversation, stranger.conversation}
    rows = (await register.session.scalars(select(Conversation).where(Conversation.id.in_(ids)))).all()
    assert len({(one.person_id, one.proof) for one in rows}) == 1 and rows[0].proof == min(ids)


async def test_who_writes_without_a_number_sees_nobodys_applications(
    register: Register, clock: Clock, application: Application, tmp_path: Path
) -> None:
    """WhatsApp's user names: the address is an id (whatsapp:ID.…), and no number is vouched for."""
    nameless = await conversation(register, clock, "whatsapp", "whatsapp:ID.81234567890", tmp_path)
    assert application.number not in (await nameless.say("cek status", "track_status")).text
    assert [kind_of("whatsapp").number_of(one) for one in ("whatsapp:ID.812", "whatsapp:+62812")] == ["", "+62812"]


async def test_what_comes_later_is_seen_in_both(
    owner: Chat, stranger: Chat, register: Register, application: Application
) -> None:
    await owner.say("cek status", "track_status")
    said = await owner.tap("Hubungkan chat lain")
    await stranger.say(next(line for line in said.text.splitlines() if line.startswith("KLAIM-")), "nlu_fallback")
    new = NewApplication("kudus-iui", reference="B-8", received_on=date(2026, 11, 9), phones=[PHONE])
    later = (await add(register, new, "sari")).application
    assert later.number in (await stranger.say(later.number, "nlu_fallback")).text
    ids = {owner.conversation, stranger.conversation}
    rows = (await register.session.scalars(select(Conversation).where(Conversation.id.in_(ids)))).all()
    assert len({one.person_id for one in rows} - {None}) == 1 and all(one.proof for one in rows)


async def test_what_officers_join_opens_nothing(
    owner: Chat, stranger: Chat, register: Register, application: Application
) -> None:
    await persons.join(register.session, owner.conversation, stranger.conversation, "officer")
    assert application.number not in (await stranger.say("izin saya sampai mana", "track_status")).text
    third = Conversation(channel="telegram", address="4712")
    register.session.add(third)
    await register.session.flush()
    await persons.join(register.session, stranger.conversation, third.id, "code")
    assert application.number not in (await stranger.say("izin saya sampai mana", "track_status")).text


async def test_several_are_listed(owner: Chat, register: Register, application: Application) -> None:
    other = NewApplication("kudus-iui", received_on=date(2026, 11, 2), phones=[PHONE], stage="visitasi")
    second = (await add(register, other, "sari")).application
    said = await owner.say("cek status", "track_status")
    assert "Ada 2 permohonan" in said.text
    shown = await owner.tap(second.number)
    assert "Visitasi dan verifikasi" in shown.text and "15 hari" in shown.text
    assert "Ada 2 permohonan" in (await owner.tap("Permohonan lain")).text


async def test_a_name_chooses_among_several(owner: Chat, register: Register, application: Application) -> None:
    other = NewApplication("kudus-iui", received_on=date(2026, 11, 2), phones=[PHONE], stage="visitasi")
    second = (await add(register, other, "sari")).application
    assert application.number in (await owner.say("cek status magetan", "track_status", {"office": "magetan"})).text
    await owner.say("cek status", "track_status")
    assert second.number in (await owner.say("yang kudus", "inform", {"office": "kudus"})).text
    assert "Ada 2 permohonan" in (await owner.say("cek status pariaman", "track_status", {"office": "pariaman"})).text


async def test_history_and_counting(owner: Chat, register: Register, application: Application) -> None:
    await advance(register, application.number, "perbaikan", "sari", reason="Akta tidak terbaca")
    said = await owner.say("cek status", "track_status")
    assert "Keterangan petugas: Akta tidak terbaca" in said.text
    assert "Menunggu: Anda" in said.text and "hitungannya berhenti" in said.text
    assert said.buttons["Cara memperbaiki"] == '/ask_risk_or_kbli{"topic":"perbaikan-penolakan"}'
    history = await owner.tap("Riwayat")
    assert [line for line in history.text.splitlines() if line.startswith("•")] == [
        "• 2 November 2026: Menyampaikan data perluasan",
        "• 3 November 2026: Pemeriksaan kelengkapan",
        "• 16 November 2026: Verifikasi teknis",
        "• 18 November 2026: Perbaikan (Akta tidak terbaca)",
    ]
    await owner.tap("Lihat status")
    counting = await owner.tap("Cara dihitung")
    assert "hari kerja" in counting.text and "lengkap dan benar" in counting.text
    assert "Pasal 1 angka 26" in counting.text


async def test_no_promise_is_said_where_none_is_stated(owner: Chat, register: Register) -> None:
    new = NewApplication("verifikasi-iui-oss", received_on=date(2026, 11, 2), phones=[PHONE], stage="kunjungan")
    await add(register, new, "sari")
    said = await owner.say("cek status", "track_status")
    assert "tidak disebutkan dalam standar" in said.text and "batasnya" not in said.text
    assert "Tim Verifikasi" in said.text
    assert said.buttons["Instansi tak menjawab"] == '/ask_risk_or_kbli{"topic":"fiktif-positif"}'
    assert "PP 28/2025" in (await owner.tap("Instansi tak menjawab")).text


async def test_without_an_application_it_says_how_to_connect_one(stranger: Chat, application: Application) -> None:
    assert "kode klaim" in (await stranger.say("izin saya sampai mana", "track_status")).text


async def test_every_look_is_in_the_audit_log(
    owner: Chat, stranger: Chat, register: Register, application: Application
) -> None:
    await owner.say("cek status", "track_status")
    await stranger.say(application.number, "track_status")
    assert await outcomes(register) == ["shown", "refused"]


async def test_every_stage_of_every_service_can_be_told(owner: Chat, register: Register) -> None:
    for entry in get_knowledge().stages.values():
        for procedure in entry.procedures:
            for stage in procedure.stages:
                new = NewApplication(
                    entry.id, procedure.procedure, received_on=date(2026, 11, 2), phones=[PHONE], stage=stage.id
                )
                made = (await add(register, new, "sari")).application
                said = await owner.say(made.number, "track_status")
                assert f"Tahap: {stage.title}. " in said.text
                assert stage.waits_for in said.text or stage.end
                assert len(said.messages) == 1 and len(said.messages[0]["text"]) <= 1000
                assert all(len(title) <= 24 for title in said.buttons)


async def test_the_receipt_comes_as_a_file(
    owner: Chat, register: Register, application: Application, tmp_path: Path
) -> None:
    await owner.say("cek status", "track_status")
    payload = owner.last.buttons["Tanda terima"]
    said = await owner.send(payload)
    assert "sebagai berkas PDF" in said.text and application.number in said.text
    await owner.send(payload, again=True)
    sent = select(Outgoing).where(Outgoing.conversation_id == owner.conversation)
    (message,) = (await register.session.scalars(sent)).all()
    assert message.file and message.file["media_type"] == "application/pdf" and message.author == "system"
    assert (tmp_path / "files" / message.file["path"]).read_bytes().startswith(b"%PDF")
    typed = await owner.say("minta tanda terimanya dong", "out_of_scope")
    assert "sebagai berkas PDF" in typed.text


async def test_a_stranger_gets_no_receipt(stranger: Chat, register: Register, application: Application) -> None:
    refused = f'/track_status{{"application_number":"{application.number}","detail":"tanda-terima"}}'
    assert "tidak dapat saya buka" in (await stranger.send(refused)).text
    assert "berkas PDF" not in (await stranger.say("minta tanda terima", "out_of_scope")).text
    sent = select(Outgoing).where(Outgoing.conversation_id == stranger.conversation)
    assert (await register.session.scalars(sent)).all() == []


async def test_a_receipt_in_the_chat_leaves_the_code_on_paper(
    owner: Chat, stranger: Chat, register: Register, application: Application
) -> None:
    paper = await code_on_paper(register, application.id)
    assert "berkas PDF" in (await owner.say("kirim tanda terima", "track_status")).text
    assert "Berhasil" in (await stranger.say(paper, "track_status")).text
