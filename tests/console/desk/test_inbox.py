"""The list: who is on it, how it is searched, what odd addresses do."""

from __future__ import annotations

import re

import httpx
import pytest

from tests.console.desk.conftest import FrontOffice


def names(answer: httpx.Response) -> list[str]:
    assert answer.status_code == 200, answer.text
    found = re.findall(r'<span class="row-top"><strong>(.*?)</strong>', answer.text)
    return [re.sub("</?mark>", "", one) for one in found]


async def rows(client: httpx.AsyncClient, **query: str) -> list[str]:
    return names(await client.get("/console/inbox/rows", params=query))


async def test_who_waits_is_listed_with_the_reason_and_the_time_left(office: FrontOffice) -> None:
    answer = await office.sari.get("/console/inbox")
    assert "Siti Contoh" in names(answer)
    assert "Eko Contoh" not in names(answer)
    assert ">Kecewa<" in answer.text
    assert "Sisa jendela 24 jam WhatsApp" in answer.text
    assert re.search(r'data-waiting="\d+"', answer.text)


async def test_markup_in_a_name_and_a_message_is_text(office: FrontOffice) -> None:
    found = await rows(office.sari)
    assert "Budi &lt;b&gt;Contoh&lt;/b&gt;" in found
    page = await office.sari.get(f"/console/conversations/{office.found['budi']}")
    assert "&lt;script&gt;alert(1)&lt;/script&gt;" in page.text
    assert "<script>alert" not in page.text


@pytest.mark.parametrize(
    ("view", "there", "not_there"),
    [
        ("mine", "Dewi Contoh", "Eko Contoh"),
        ("all", "Eko Contoh", "Bukan Siapa"),
        ("closed", "Ratna Contoh", "Siti Contoh"),
        ("held", "Maya Contoh", "Siti Contoh"),
        ("call-backs", "Wahyu Contoh", "Siti Contoh"),
    ],
)
async def test_the_views(office: FrontOffice, view: str, there: str, not_there: str) -> None:
    found = await rows(office.sari, view=view)
    assert there in found
    assert not_there not in found


async def test_a_note_that_names_me_is_on_its_list_until_i_open_it(office: FrontOffice) -> None:
    person = await office.waiting("Oki Contoh")
    await office.rina.post(f"/console/conversations/{person}/notes", data={"text": "@sari tolong lihat Oki"})
    before = await office.sari.get("/console/inbox/rows?view=mentions")
    assert "tolong lihat Oki" in before.text
    assert "belum dibuka" in before.text.split("tolong lihat Oki")[1].split("</li>")[0]
    await office.sari.get(f"/console/conversations/{person}")
    after = await office.sari.get("/console/inbox/rows?view=mentions")
    assert "belum dibuka" not in after.text.split("tolong lihat Oki")[1].split("</li>")[0]


@pytest.mark.parametrize(
    ("query", "expected"),
    [("Lestari", ["Lestari Contoh"]), ("perluasan", ["Joko Contoh"]), ("tidak ada seperti itu", [])],
)
async def test_search_finds_names_and_words(office: FrontOffice, query: str, expected: list[str]) -> None:
    assert await rows(office.sari, view="all", q=query) == expected


async def test_a_search_that_finds_nothing_here_leads_to_all_views(office: FrontOffice) -> None:
    here = await office.sari.get("/console/inbox/rows?q=Dewi")
    assert "Tidak ada yang cocok" in here.text
    (address,) = re.findall(r'href="(/console/inbox\?[^"]+)"', here.text)
    assert "Dewi Contoh" in (await office.sari.get(address.replace("&amp;", "&"))).text
    assert "Cari di Semua" not in (await office.sari.get("/console/inbox/rows?view=all&q=tidakada")).text


async def test_filters_narrow_the_list_and_stay_in_the_address(office: FrontOffice) -> None:
    found = await office.sari.get(
        "/console/inbox/rows",
        params={"view": "waiting", "reason": "anger", "office": "kudus"},
        headers={"HX-Request": "true", "HX-Trigger": "filter", "HX-Current-URL": "http://pandu.test/console/inbox"},
    )
    assert names(found) == ["Budi &lt;b&gt;Contoh&lt;/b&gt;"]
    assert found.headers["hx-replace-url"] == "/console/inbox?office=kudus&reason=anger"


@pytest.mark.parametrize(
    "query",
    [
        "view=nothing",
        "page=-1",
        "page=abc",
        "page=99999",
        "q=" + "x" * 3000,
        "q=%27%22%3B--",
        "q=%26%7C%21%3A%2A",
        "reason=x",
    ],
)
async def test_odd_addresses_are_no_error(office: FrontOffice, query: str) -> None:
    refused = 400 if "%00" in query else 200  # no address may hold a NUL
    assert (await office.sari.get(f"/console/inbox?{query}")).status_code == refused


async def test_a_wish_to_be_called_is_ticked_off(office: FrontOffice) -> None:
    page = await office.sari.get("/console/inbox?view=call-backs")
    form = re.search(r"/console/call-backs/\d+/done", page.text)
    assert form is not None
    done = await office.sari.post(form[0])
    assert done.status_code == 303
    assert "Wahyu Contoh" not in await rows(office.sari, view="call-backs")
    again = await office.sari.post(form[0])
    assert again.status_code == 303


async def test_other_pages_show_how_many_wait(office: FrontOffice) -> None:
    assert 'hx-get="/console/inbox/waiting"' in (await office.sari.get("/console/account")).text
    before = await office.sari.get("/console/inbox/waiting")
    await office.waiting()
    after = await office.sari.get("/console/inbox/waiting")
    count = [int(re.search(r'data-waiting="(\d+)"', answer.text)[1]) for answer in (before, after)]  # type: ignore[index]
    assert count[1] == count[0] + 1


async def asked_there(office: FrontOffice, *said: str) -> int:
    person = await office.waiting("Laras Contoh", minutes=130)
    async with office.runtime.database.session() as session:
        stage = office.stage(session)
        for text in said:
            await stage.asks(person, text, 0, outcome="for_officer")
    return person


def row_of(answer: httpx.Response, person: int) -> str:
    return re.sub(r"\s+", " ", answer.text.split(f'<li id="row-{person}"')[1].split("</li>")[0])


async def test_a_row_says_what_was_asked_where_and_since_when(office: FrontOffice) -> None:
    person = await asked_there(office, "kalau gudang pindah <b>alamat</b> bagaimana?", "ok bu")
    row = row_of(await office.sari.get("/console/inbox"), person)
    assert "kalau gudang pindah &lt;b&gt;alamat&lt;/b&gt; bagaimana?" in row
    assert "ok bu" not in row
    assert '<span class="row-about">Kabupaten Kudus' in row
    assert "menunggu </span>2 j 10 mnt" in row


async def test_a_search_shows_what_it_found_with_its_words_marked(office: FrontOffice) -> None:
    person = await asked_there(office, "untuk <i>tembakau</i> rajang izinnya apa?", "biayanya?")
    row = row_of(await office.sari.get("/console/inbox/rows?view=all&q=tembakau"), person)
    assert "&lt;i&gt;<mark>tembakau</mark>&lt;/i&gt; rajang" in row
    row = row_of(await office.sari.get("/console/inbox/rows?view=all&q=laras"), person)
    assert "<mark>Laras</mark> Contoh" in row
    assert "biayanya?" in row
