"""An office's own standard in the console: read, checked beside its source, saved by two, published, taken back."""

from __future__ import annotations

import html
import re
from collections.abc import AsyncIterator

import pytest

from bot.standards import refusal
from bot.storage.database import Database
from tests.console.conftest import SignedIn
from tests.console.drafting import OFFICE, ROOT, drafted, form_of, nothing_left, upload
from tests.console.drafting import known as known_now
from tests.standards import kinds

pytestmark = pytest.mark.usefixtures("nothing_is_left")


@pytest.fixture
async def nothing_is_left(database: Database) -> AsyncIterator[None]:
    async with nothing_left(database):
        yield


async def test_from_a_file_to_an_answer_and_back(signed_in: SignedIn, database: Database) -> None:
    officer, supervisor = await signed_in("officer"), await signed_in("supervisor")
    address = (await upload(officer)).headers["location"]
    page = (await officer.get(address)).text
    assert '<mark id="s-requirements-1"><a href="#requirements-1">Fotokopi KTP penanggung jawab</a></mark>' in page
    assert "isi nama kantor" in page or "Nama kantor" in page
    form = form_of(page) | OFFICE | {"requirements-1-text": "Fotokopi KTP penanggung jawab laboratorium Anda"}
    del form["requirements-2-kept"]
    assert (await officer.post(address, data=form)).status_code == 303
    page = (await officer.get(address)).text
    assert "Semua aturan dipenuhi" in page and "Begini Pandu akan menjawab" in page
    assert (await officer.post(f"{address}/publish", data={"reason": "baru", "version": 2})).status_code == 403

    answer = await supervisor.post(f"{address}/publish", data={"reason": "standar baru", "version": 2})
    assert answer.status_code == 303, answer.text
    known = await known_now(database)
    service = next(one for one in known.services.values() if known.offices[one.office].region == "Kabupaten Mekarwangi")
    texts = [one.text for one in service.requirements]  # type: ignore[union-attr]
    assert texts == ["Surat permohonan kepada Kepala Dinas", "Fotokopi KTP penanggung jawab laboratorium Anda"]
    assert [step.actor for step in service.procedures[0].steps] == ["applicant", "office", "office"]
    stages = known.stages[service.id].procedures[0].stages
    assert [(one.turn, one.steps) for one in stages] == [("applicant", [1]), ("office", [2, 3]), ("nobody", [])]
    assert service.title == "Izin Operasional Laboratorium"
    shown = (await officer.get(f"/console/knowledge/documents/{service.document}")).text
    assert "Fotokopi KTP penanggung jawab" in shown
    assert service.title in html.unescape((await officer.get("/console/knowledge")).text)

    number = re.search(r"Versi (\d+): standar baru", (await supervisor.get(ROOT)).text)
    assert number is not None
    assert (await officer.post(f"{ROOT}/versions/{number[1]}/back")).status_code == 403
    assert (await supervisor.post(f"{ROOT}/versions/{number[1]}/back")).status_code == 303
    assert service.id not in (await known_now(database)).services


async def test_two_people_do_not_lose_each_others_work(signed_in: SignedIn) -> None:
    """What one of them changed stands, whoever saves last; what both changed is told, and theirs stands until a yes."""
    first, second = await signed_in("officer"), await signed_in("officer")
    address = (await upload(first)).headers["location"]
    form = form_of((await first.get(address)).text)
    other = form_of((await second.get(address)).text)
    by_first = {"decree": "440/1/2026", "product-new": "Sertifikat laik sehat"}
    assert (await first.post(address, data=form | by_first)).status_code == 303
    by_second = {"cost-0-text": "Gratis bagi semua", "requirements-new": "Surat kuasa"}
    assert (await second.post(address, data=other | by_second)).status_code == 303
    both = html.unescape((await first.get(address)).text)
    for words in (*by_first.values(), *by_second.values()):
        assert words in both

    form, other = form_of(both), form_of(both)
    assert (await first.post(address, data=form | {"title": "Judul pertama"})).status_code == 303
    late = await second.post(address, data=other | {"title": "Judul kedua", "product-new": "Stiker"})
    assert late.status_code == 409
    assert "Judul layanan (“Judul pertama”)" in late.text and form_of(late.text)["title"] == "Judul kedua"
    kept = form_of((await first.get(address)).text)
    assert kept["title"] == "Judul pertama" and "Stiker" in kept.values()
    assert (await second.post(address, data=form_of(late.text))).status_code == 303
    kept = form_of((await first.get(address)).text)
    assert kept["title"] == "Judul kedua" and "Stiker" in kept.values()

    odd = await second.post(address, data=other | {"title": "Judul ketiga", "base": "bukan draf"})
    assert odd.status_code == 409 and "Judul ketiga" in odd.text
    assert form_of((await first.get(address)).text)["title"] == "Judul kedua"


async def test_what_breaks_a_rule_is_said_in_indonesian_and_not_published(
    signed_in: SignedIn, database: Database
) -> None:
    supervisor = await signed_in("supervisor")
    address = (await upload(supervisor)).headers["location"]
    form = form_of((await supervisor.get(address)).text) | OFFICE | {"office_aliases": "mekarwangi, kudus"}
    await supervisor.post(address, data=form | {"contact-0-value": "0298-555999"})
    page = html.unescape((await supervisor.get(address)).text)
    assert "“0298-555999” tidak ada di dokumen" in page
    assert "nama “kudus” sudah dipakai" in page
    assert (await supervisor.post(f"{address}/publish", data={"reason": "baru", "version": 2})).status_code == 422
    assert "Kabupaten Mekarwangi" not in {one.region for one in (await known_now(database)).offices.values()}


async def test_a_pasted_text_is_read_and_a_file_that_is_none_leaves_nothing(signed_in: SignedIn) -> None:
    officer = await signed_in("officer")
    pasted = await officer.post(ROOT, files={"text": (None, kinds.text().decode())})
    assert pasted.status_code == 303
    assert (await officer.post(f"{pasted.headers['location']}/remove")).status_code == 303
    refused = await upload(officer, "scan.pdf", b"%PDF-1.4 broken")
    assert refused.status_code == 422 and refusal.BROKEN in html.unescape(refused.text)
    assert "Belum ada draf" in refused.text


async def test_scripts_of_a_document_are_shown_as_text(signed_in: SignedIn) -> None:
    officer = await signed_in("officer")
    text = kinds.text().replace(b"Denah bangunan", b"Denah <script>alert(1)</script> bangunan")
    page = await officer.get((await officer.post(ROOT, files={"text": (None, text.decode())})).headers["location"])
    assert "<script>alert(1)" not in page.text


WITHOUT_STEPS = """STANDAR PELAYANAN IZIN TOKO OBAT
DINAS KESEHATAN KABUPATEN MEKARWANGI

Persyaratan :
1. Fotokopi KTP
2. Denah toko

Prosedur : terlampir

Jangka Waktu : 9 hari kerja

Biaya : Gratis
"""


async def test_a_standard_without_steps_is_published_and_says_so(signed_in: SignedIn, database: Database) -> None:
    supervisor = await signed_in("supervisor")
    address = (await supervisor.post(ROOT, files={"text": (None, WITHOUT_STEPS)})).headers["location"]
    form = form_of((await supervisor.get(address)).text) | OFFICE
    assert form["days"] == "9"
    assert (await supervisor.post(address, data=form)).status_code == 303
    assert "Semua aturan dipenuhi" in (await supervisor.get(address)).text
    for asked in ("bagaimana cara mengurus izin toko obat di mekarwangi", "pandu saya urus izin toko obat mekarwangi"):
        said = html.unescape((await supervisor.post(f"{address}/try", data={"text": asked})).text)
        newest = said.split('id="newest"', 1)[1].split("</form>", 1)[0]
        assert "Tidak disebutkan dalam standar pelayanan ini." in newest, asked
        assert "Mulai panduan" not in newest, asked
    published = await supervisor.post(f"{address}/publish", data={"reason": "baru", "version": 2})
    assert published.status_code == 303, published.text
    known = await known_now(database)
    service = next(one for one in known.services.values() if one.title == "Izin Toko Obat")
    assert service.procedures == [] and service.id not in known.stages
    shown = html.unescape((await supervisor.get(f"/console/knowledge/services/{service.id}")).text)
    assert "tidak disebutkan" in shown.lower()


async def test_what_the_reader_missed_is_added_and_time_is_confirmed(signed_in: SignedIn, database: Database) -> None:
    supervisor = await signed_in("supervisor")
    address = (await supervisor.post(ROOT, files={"text": (None, WITHOUT_STEPS)})).headers["location"]
    form = form_of((await supervisor.get(address)).text) | OFFICE
    wrong = {"way-new": "Pemohon mendaftar di loket", "contact-new-kind": "phone", "contact-new-value": "0298-1"}
    assert (await supervisor.post(address, data=form | wrong | {"days": "12"})).status_code == 303
    page = html.unescape((await supervisor.get(address)).text)
    parts = {name: page.split(f'id="h-{name}"')[1].split("</section>")[0] for name in ("duration", "complaints")}
    assert "angkanya tidak sesuai" in parts["duration"] and 'href="#h-duration"' in page
    assert "“0298-1” tidak ada di dokumen" in parts["complaints"]
    again = form_of(page) | {"days": "9"}
    del again["contact-0-kept"]
    del again["step-0-0-kept"]
    assert (await supervisor.post(address, data=again | {"step-0-new": "Prosedur : terlampir"})).status_code == 303
    published = await supervisor.post(f"{address}/publish", data={"reason": "baru", "version": 3})
    assert published.status_code == 303, published.text
    service = next(one for one in (await known_now(database)).services.values() if one.title == "Izin Toko Obat")
    assert [one.text for one in service.procedures[0].steps] == ["Prosedur : terlampir"]
    assert service.duration.days == 9  # type: ignore[union-attr]


async def test_a_version_says_what_it_changed(signed_in: SignedIn, database: Database) -> None:
    officer, supervisor = await signed_in("officer"), await signed_in("supervisor")
    address = await drafted(officer)
    publish = {"reason": "standar baru", "version": "2"}
    assert (await supervisor.post(f"{address}/publish", data=publish)).status_code == 303
    office = next(one for one in (await known_now(database)).offices.values() if one.region == OFFICE["office_region"])
    again = await drafted(
        officer, office=office.id, office_region="", office_name="", **{"requirements-0-text": "Surat bermeterai"}
    )
    draft = html.unescape((await officer.get(again)).text)
    assert "<ins>Surat bermeterai</ins>" in draft and "<del>Surat permohonan kepada Kepala Dinas</del>" in draft
    assert "<ins>Denah bangunan</ins>" not in draft
    assert (await supervisor.post(f"{again}/publish", data=publish | {"reason": "meterai"})).status_code == 303
    newest, first = re.findall(rf'href="({ROOT}/versions/\d+)"', (await officer.get(ROOT)).text)
    second = html.unescape((await officer.get(newest)).text)
    assert "meterai" in second and "<ins>Surat bermeterai</ins>" in second
    assert "<del>Surat permohonan kepada Kepala Dinas</del>" in second and "Denah bangunan" not in second
    assert "<ins>Denah bangunan</ins>" in (await officer.get(first)).text
    assert (await officer.get(f"{ROOT}/versions/999999")).status_code == 404
