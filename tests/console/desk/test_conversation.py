"""One conversation: what is shown, who may do what, and what happens to what was typed."""

from __future__ import annotations

import asyncio
import re
from datetime import timedelta

import httpx
import pytest
from sqlalchemy import select, update

from bot.audit.models import AuditLine
from bot.conversations.models import Conversation, Incoming, Outgoing, StoredFile
from tests.console.desk.conftest import FrontOffice
from tests.handoff.samples import PDF, picture

LIVE = {"HX-Request": "true"}


def at(conversation_id: int, what: str = "") -> str:
    return f"/console/conversations/{conversation_id}" + (f"/{what}" if what else "")


async def test_the_page_shows_who_what_and_what_was_said(office: FrontOffice) -> None:
    page = (await office.sari.get(at(office.found["dewi"]))).text
    for part in ("Dewi Contoh", "+62•••", "Ringkasan", "Ditanyakan", "Belum ada", "Pandu tidak paham"):
        assert part in page
    assert "Catatan · Rina" in page
    assert "Tidak terkirim. WhatsApp menolak" in page
    assert "Kirim ulang" in page
    assert '<img src="/console/files/' in page
    assert "Jendela 24 jam WhatsApp tutup dalam" in page
    colleague = (await office.rina.get(at(office.found["dewi"]))).text
    assert "Kirim ulang" not in colleague
    assert "dipegang petugas Sari" in colleague


async def test_buttons_and_sources_are_shown_as_the_applicant_saw_them(office: FrontOffice) -> None:
    page = (await office.sari.get(at(office.found["siti"]))).text
    assert 'aria-label="Pilihan yang dilihat pemohon"><span>Syarat</span><span>Biaya</span>' in page
    assert "SOP D.V.1 Kabupaten Kudus, A, Kelengkapan" in page


async def test_reading_is_written_down_once_an_hour(office: FrontOffice) -> None:
    person = await office.waiting()
    query = select(AuditLine).where(AuditLine.action == "conversation.read", AuditLine.subject_id == person)
    for expected in (1, 1):
        await office.sari.get(at(person))
        async with office.runtime.database.session() as session:
            assert len((await session.scalars(query)).all()) == expected


async def test_an_unknown_conversation_is_said_kindly(office: FrontOffice) -> None:
    for number in (987654321, 0):
        answer = await office.sari.get(at(number))
        assert (answer.status_code, "Percakapan tidak ditemukan" in answer.text) == (404, True)
    part = await office.sari.get(at(987654321), headers=LIVE | {"HX-Target": "pane"})
    assert (part.status_code, 'id="pane"' in part.text) == (404, True)


async def test_of_many_who_claim_one_has_it_and_the_others_hear_who(office: FrontOffice) -> None:
    person = await office.waiting()
    browsers = [office.sari, office.rina, office.wati] * 4
    answers = await asyncio.gather(*(one.post(at(person, "claim"), headers=LIVE) for one in browsers))
    owners = {index % 3 for index, answer in enumerate(answers) if answer.status_code == 200}
    assert len(owners) == 1
    refused = [answer for answer in answers if answer.status_code == 409]
    assert len(refused) == 8
    name = ("Sari", "Rina", "Wati")[owners.pop()]
    assert all(f"sudah diambil petugas {name}" in answer.text for answer in refused)


async def test_only_the_owner_can_send_and_what_was_typed_is_not_lost(office: FrontOffice) -> None:
    person = await office.owned("sari")
    refused = await office.rina.post(at(person, "reply"), data={"text": "Selamat <siang>"})
    assert refused.status_code == 409
    assert "dipegang petugas Sari" in refused.text
    assert "Selamat &lt;siang&gt;</textarea>" in refused.text
    assert await office.sent(person) == []
    sent = await office.sari.post(at(person, "reply"), data={"text": "Selamat\r\nsiang", "token": "a"})
    assert sent.status_code == 303
    assert [one.text for one in await office.sent(person)] == ["Selamat\nsiang"]


async def test_a_form_sent_twice_sends_once(office: FrontOffice) -> None:
    person = await office.owned("sari")
    form = {"text": "Sudah kami terima.", "token": "form-7"}
    answers = await asyncio.gather(*(office.sari.post(at(person, "reply"), data=form, headers=LIVE) for _ in range(3)))
    assert [answer.status_code for answer in answers] == [200, 200, 200]
    assert len(await office.sent(person)) == 1
    tokens = {re.search(r'"token": "(.+?)"', answer.headers["hx-trigger"])[1] for answer in answers}  # type: ignore[index]
    assert len(tokens) == 3
    assert "form-7" not in tokens


async def test_a_pasted_megabyte_is_refused_kindly(office: FrontOffice) -> None:
    person = await office.owned("sari")
    pasted = "panjang sekali " * 66_666
    answer = await office.sari.post(at(person, "reply"), data={"text": pasted}, headers=LIVE)
    assert answer.status_code == 422
    assert "paling banyak 4096" in answer.text.replace(".", "").replace(",", "")
    assert pasted[:100] not in answer.text
    assert await office.sent(person) == []
    assert (await office.sari.post(at(person, "draft"), data={"text": "x" * 30_000})).status_code == 422
    more = await office.sari.post(at(person, "reply"), data={"text": pasted * 2}, headers=LIVE)
    assert more.status_code in {400, 413}  # desk.js says the same sentence


@pytest.mark.parametrize("content", [b"MZ\x90\x00 a program", b"<html><script>alert(1)</script>", b""])
async def test_files_are_what_they_are_and_not_what_they_are_called(office: FrontOffice, content: bytes) -> None:
    person = await office.owned("sari")
    files = {"files": ("foto.jpg", content, "image/jpeg")}
    answer = await office.sari.post(at(person, "reply"), data={"text": "ini"}, files=files, headers=LIVE)
    assert (answer.status_code, "foto.jpg" in answer.text) == (422, True)
    assert await office.sent(person) == []


async def test_a_file_goes_out_and_can_be_opened_again(office: FrontOffice) -> None:
    person = await office.owned("sari")
    files = [("files", ("../daftar syarat.exe", picture(), "text/html")), ("files", ("x.pdf", PDF, ""))]
    answer = await office.sari.post(at(person, "reply"), data={"text": ""}, files=files, headers=LIVE)
    assert answer.status_code == 200, answer.text
    shown, kept = await office.sent(person)
    assert f'src="/console/sent-files/{shown.id}"' in answer.text
    for message, kind, how, name in (
        (shown, "image/png", "inline", "daftar%20syarat.png"),
        (kept, "application/pdf", "attachment", "x.pdf"),
    ):
        opened = await office.rina.get(f"/console/sent-files/{message.id}")
        assert opened.headers["content-type"] == kind
        assert opened.headers["content-disposition"] == f"{how}; filename*=UTF-8''{name}"
        assert opened.headers["x-content-type-options"] == "nosniff"
        assert "sandbox" in opened.headers["content-security-policy"]
    assert (await office.rina.get("/console/sent-files/987654")).status_code == 404


async def test_a_received_file_that_lies_about_itself_is_only_bytes(office: FrontOffice) -> None:
    async with office.runtime.database.session() as session:
        stage = office.stage(session)
        person = await stage.person("Lia Contoh", "telegram", 1)
        message = await stage.asks(person, "", 1, kind="document")
        stored = StoredFile(
            incoming_id=message,
            kind="document",
            reference="x",
            filename='a";b\r\n.jpg',
            media_type="text/html",
            path="lies.html",
        )
        session.add(stored)
    folder = office.runtime.settings.files_dir
    folder.mkdir(parents=True, exist_ok=True)
    (folder / "lies.html").write_bytes(b"<script>alert(1)</script>")
    opened = await office.sari.get(f"/console/files/{stored.id}")
    assert opened.headers["content-type"] == "application/octet-stream"
    assert opened.headers["content-disposition"].startswith("attachment; ")
    assert "\n" not in opened.headers["content-disposition"]


async def test_a_reply_to_a_closed_conversation_is_explained(office: FrontOffice) -> None:
    person = await office.owned("sari")
    assert (await office.sari.post(at(person, "close"), headers=LIVE)).status_code == 200
    refused = await office.sari.post(at(person, "reply"), data={"text": "Satu lagi, Bu."})
    assert refused.status_code == 409
    assert "sudah selesai dan kembali ke Pandu" in refused.text
    assert "Satu lagi, Bu.</textarea>" in refused.text
    assert "Masuk ke percakapan untuk membalas" in refused.text
    taken = await office.sari.post(at(person, "claim"), data={"step_in": "1"}, headers=LIVE)
    assert taken.status_code == 200
    assert (
        await office.sari.post(at(person, "reply"), data={"text": "Satu lagi, Bu."}, headers=LIVE)
    ).status_code == 200


async def test_a_draft_is_kept_for_its_officer_until_it_is_sent(office: FrontOffice) -> None:
    person = await office.owned("sari")
    kept = await office.sari.post(at(person, "draft"), data={"text": "Nanti saya\n<cek> dulu"})
    assert kept.status_code == 204
    assert "Nanti saya\n&lt;cek&gt; dulu</textarea>" in (await office.sari.get(at(person))).text
    assert (await office.sari.get(at(person, "draft"))).text == "Nanti saya\n<cek> dulu"
    assert (await office.rina.get(at(person, "draft"))).text == ""
    await office.sari.post(at(person, "reply"), data={"text": "Sudah saya cek."})
    assert (await office.sari.get(at(person, "draft"))).text == ""
    assert (await office.sari.post(at(987654321, "draft"), data={"text": "x"})).status_code == 404


async def test_it_is_handed_to_a_colleague_with_a_note(office: FrontOffice) -> None:
    person = await office.owned("sari")
    form = {"to": f"officer-{office.people.rina.id}", "note": "Sudah saya cek berkasnya."}
    assert (await office.rina.post(at(person, "transfer"), data=form, headers=LIVE)).status_code == 409
    for wrong in ({"to": "", "note": "x"}, {"to": "officer-x", "note": "x"}, {"to": form["to"], "note": " "}):
        assert (await office.sari.post(at(person, "transfer"), data=wrong, headers=LIVE)).status_code == 422
    assert (await office.sari.post(at(person, "transfer"), data=form, headers=LIVE)).status_code == 200
    page = (await office.rina.get(at(person))).text
    assert 'data-mode="mine"' in page
    assert "Sudah saya cek berkasnya." in page


async def test_a_supervisor_takes_over_and_gives_back(office: FrontOffice) -> None:
    person = await office.owned("sari")
    assert "Ambil alih" not in (await office.rina.get(at(person))).text
    assert "Ambil alih" in (await office.wati.get(at(person))).text
    taken = await office.wati.post(at(person, "take-over"), headers=LIVE)
    assert (taken.status_code, 'data-mode="mine"' in taken.text) == (200, True)
    back = await office.wati.post(at(person, "give-back"), headers=LIVE)
    assert (back.status_code, 'data-mode="bot"' in back.text) == (200, True)


async def test_the_lease_is_shown_warned_about_and_renewed(office: FrontOffice) -> None:
    person = await office.owned("sari")
    page = (await office.sari.get(at(person))).text
    left = int(re.search(r'data-lease="(\d+)"', page)[1])  # type: ignore[index]
    assert left > 800
    assert 'hidden role="status" data-lease' in page
    office.clock.on(seconds=left - 60)
    try:
        soon = (await office.sari.get(at(person, "live"), headers=LIVE)).text
        assert re.search(r'data-lease="(59|60|61)"', soon)
        assert 'hidden role="status" data-lease' not in soon
        renewed = (await office.sari.post(at(person, "renew"), headers=LIVE)).text
        assert re.search(rf'data-lease="({left}|{left + 1})"', renewed)
    finally:
        office.clock.on(seconds=60 - left)


async def test_a_held_answer_is_edited_and_sent_or_taken_over(office: FrontOffice) -> None:
    maya = await office.kept_back("Maya Kedua")
    page = (await office.rina.get(at(maya))).text
    assert "Jawaban Pandu menunggu persetujuan" in page
    held, bubble = re.search(r"held/(\d+)/approve", page), re.search(r'name="text-(\d+)"', page)
    assert held is not None
    assert bubble is not None
    form = {f"text-{bubble[1]}": "Untuk biaya, mohon tanyakan\r\nke loket kami."}
    empty = await office.rina.post(at(maya, f"held/{held[1]}/approve"), data={f"text-{bubble[1]}": " "}, headers=LIVE)
    assert empty.status_code == 422
    done = await office.rina.post(at(maya, f"held/{held[1]}/approve"), data=form, headers=LIVE)
    assert done.status_code == 200, done.text
    assert "menunggu persetujuan <span" not in done.text
    query = select(Outgoing.text).where(Outgoing.conversation_id == maya, Outgoing.status == "pending")
    async with office.runtime.database.session() as session:
        assert "Untuk biaya, mohon tanyakan\nke loket kami." in (await session.scalars(query)).all()
    again = await office.rina.post(at(maya, f"held/{held[1]}/reject"), headers=LIVE)
    assert again.status_code == 409


async def test_older_messages_follow_without_gap_or_repetition(office: FrontOffice) -> None:
    async with office.runtime.database.session() as session:
        stage = office.stage(session)
        person = await stage.person("Panjang Contoh", "telegram", 1)
        for number in range(120):
            await stage.asks(person, f"pesan nomor {number} selesai", 200 - number)
    page = (await office.sari.get(at(person))).text
    seen: list[int] = []
    while True:
        numbers = [int(one) for one in re.findall(r"pesan nomor (\d+) selesai</p>", page)]
        seen = numbers + seen
        older = re.search(r'hx-get="([^"]+/older[^"]+)"', page)
        if older is None:
            break
        page = (await office.sari.get(older[1].replace("&amp;", "&"), headers=LIVE)).text
    assert seen == list(range(120))
    assert (await office.sari.get(at(person, "older?before=nonsense"), headers=LIVE)).status_code == 422


async def test_the_live_part_goes_on_where_the_page_began(office: FrontOffice) -> None:
    person = await office.owned("sari")
    page = (await office.sari.get(at(person))).text
    assert 'id="since" name="since" value=""' in page
    live = await office.sari.get(at(person, "live"), headers=LIVE)
    assert "halo, mau tanya" in live.text
    assert 'id="composer-state" data-mode="mine" hx-swap-oob="morph"' in live.text
    assert "<html" not in live.text


async def test_after_the_window_only_a_template_goes_out(office: FrontOffice) -> None:
    person = await office.owned("sari", channel="whatsapp")
    async with office.runtime.database.session() as session:
        found = await session.get(Conversation, person)
        assert found is not None
        found.last_incoming_at = office.clock() - timedelta(hours=25)
    page = (await office.sari.get(at(person))).text
    assert "Jendela 24 jam WhatsApp sudah tutup" in page
    assert 'name="template" value="1" form="reply"' in page
    refused = await office.sari.post(at(person, "reply"), data={"text": "Halo"}, headers=LIVE)
    assert refused.status_code == 409
    sent = await office.sari.post(at(person, "reply"), data={"text": "Halo\nBu", "template": "1"}, headers=LIVE)
    assert sent.status_code == 200
    assert [(one.text, bool(one.template)) for one in await office.sent(person)] == [("Halo Bu", True)]


async def test_officers_see_what_was_quoted_forwarded_and_edited_and_who_wants_no_news(office: FrontOffice) -> None:
    person = await office.owned("sari")
    async with office.runtime.database.session() as session:
        ours = Outgoing(conversation_id=person, text="Biaya Rp 0 menurut SOP", author="bot", status="sent")
        session.add(ours)
        await session.flush()
        told = {"channel": "whatsapp", "kind": "text", "outcome": "for_officer", "conversation_id": person}
        first = Incoming(provider_id="q1", text="ini benar?", quotes=ours.id, **told)
        session.add(first)
        await session.flush()
        session.add(Incoming(provider_id="q2", text="yang itu", quoted="kata saya sendiri", forwarded=True, **told))
        session.add(Incoming(provider_id="q3", text="ini betul?", edits=first.id, **told))
        await session.execute(update(Conversation).where(Conversation.id == person).values(no_news="asked"))
    page = (await office.sari.get(at(person))).text
    assert "Membalas: Biaya Rp 0 menurut SOP" in page and "Membalas: kata saya sendiri" in page
    assert "Diteruskan" in page and "Disunting" in page and "tidak mau kabar" in page


async def test_a_file_that_could_not_be_had_is_asked_for_again(office: FrontOffice) -> None:
    person = await office.owned("sari")
    async with office.runtime.database.session() as session:
        incoming = (await session.scalars(select(Incoming.id).where(Incoming.conversation_id == person))).first()
        assert incoming is not None
        lost = StoredFile(incoming_id=incoming, kind="photo", reference="x", error="Tidak ada lagi.")
        session.add(lost)
        await session.execute(
            update(Incoming).where(Incoming.id == incoming).values(attachments=[{"kind": "photo", "reference": "x"}])
        )
    page = (await office.sari.get(at(person))).text
    assert "Tidak ada lagi." in page and f"files/{lost.id}/again" in page
    assert (await office.sari.post(at(person, f"files/{lost.id}/again"), headers=LIVE)).status_code == 200
    page = (await office.sari.get(at(person))).text
    assert "Tidak ada lagi." not in page and "sedang diambil" in page
    assert (await office.sari.post(at(person, f"files/{lost.id}/again"), headers=LIVE)).status_code == 404


async def test_a_failed_message_is_sent_again_once(office: FrontOffice) -> None:
    dewi = office.found["dewi"]
    failed = next(one for one in await office.sent(dewi) if one.status == "failed")
    for _ in range(2):
        answer = await office.sari.post(at(dewi, f"messages/{failed.id}/resend"), headers=LIVE)
        assert answer.status_code == 200, answer.text
    assert [one.resend_of for one in await office.sent(dewi)].count(failed.id) == 1


async def test_canned_replies_come_filled_and_say_what_is_missing(office: FrontOffice) -> None:
    picker = (await office.sari.get(at(office.found["siti"], "replies"), headers=LIVE)).text
    assert "Selamat datang, Siti Contoh. Saya Sari dari" in picker
    assert "Isi sendiri: nomor permohonan" in picker
    open_field = {"text": "Permohonan {nomor_permohonan} kami pantau."}
    refused = await office.sari.post(at(await office.owned("sari"), "reply"), data=open_field, headers=LIVE)
    assert (refused.status_code, "{nomor_permohonan}" in refused.text) == (422, True)


async def test_suggested_answers_carry_their_source(office: FrontOffice) -> None:
    answer = await office.sari.get(at(office.found["siti"], "suggestions"), headers=LIVE)
    assert "Syarat" in answer.text
    assert re.search(r'data-insert="[^"]*KTP[^"]*" title=', answer.text)
    assert re.search(r"<small>[^<]*Kudus[^<]*</small>", answer.text)


async def test_without_the_engine_an_unread_question_has_no_suggestion(office: FrontOffice) -> None:
    answer = await office.sari.get(at(await office.waiting(), "suggestions"), headers=LIVE)
    assert (answer.status_code, answer.text.strip()) == (200, "")


async def test_who_else_looks_is_shown_until_they_leave(office: FrontOffice) -> None:
    person = await office.owned("sari")
    await office.rina.post(at(person, "looking"))
    assert ">Rina<" in (await office.sari.get(at(person, "live"), headers=LIVE)).text.replace("</svg>Rina", ">Rina")
    await office.rina.post(at(person, "leave"))
    assert "</svg>Rina" not in (await office.sari.get(at(person, "live"), headers=LIVE)).text
    await office.sari.post(at(person, "typing"))
    assert "Sari mengetik" in (await office.rina.get(at(person, "live"), headers=LIVE)).text


async def test_a_session_that_has_ended_leads_to_the_door(office: FrontOffice) -> None:
    person = await office.owned("sari")
    async with httpx.AsyncClient(
        transport=httpx.ASGITransport(office.app),
        base_url="http://pandu.test",
        headers={"sec-fetch-site": "same-origin"},
    ) as stranger:
        live = await stranger.get(at(person, "live"), headers=LIVE)
        assert (live.status_code, live.headers["hx-redirect"]) == (401, "/console/sign-in")
        draft = await stranger.post(at(person, "draft"), data={"text": "x"})
        assert draft.status_code == 303
