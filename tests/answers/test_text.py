"""Bubbles: pages that fit a phone, one-line sources, trust marks, short titles, payloads."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.answers.payloads import button, parse, payload, short
from bot.answers.text import LIMIT, Item, fact_text, pages, references, source_line
from bot.knowledge.models import Fact, Source
from tests.answers.build import fact, knowledge

K = knowledge()


def clauses(*names: str) -> str:
    return source_line(references(K, [Source(document="doc-a", clause=name) for name in names]))


@pytest.mark.parametrize(
    ("names", "line"),
    [
        ((), ""),
        (("",), "Sumber: Dokumen A"),
        (("langkah 3",), "Sumber: Dokumen A, langkah 3"),
        (("langkah 3", "langkah 4", "langkah 5"), "Sumber: Dokumen A, langkah 3–5"),
        (("langkah 3", "langkah 5"), "Sumber: Dokumen A, langkah 3, 5"),
        (("langkah 3", "langkah 3"), "Sumber: Dokumen A, langkah 3"),
        (("langkah 3", "langkah 3, kolom Waktu"), "Sumber: Dokumen A, langkah 3"),
        (("judul", "Biaya"), "Sumber: Dokumen A, judul, Biaya"),
    ],
)
def test_source_line(names: tuple[str, ...], line: str) -> None:
    assert clauses(*names) == line


def test_a_source_line_that_would_fill_the_screen_names_documents_only() -> None:
    assert clauses(*(f"bagian yang panjang sekali huruf {letter}" for letter in "abcdef")) == "Sumber: Dokumen A"


def test_second_hand_facts_say_so() -> None:
    second = Fact.model_validate(fact("E-mail: a@b.c", mark="2nd"))
    assert fact_text(second) == "Menurut sumber sekunder, periksa lagi: E-mail: a@b.c"
    assert fact_text(Fact.model_validate(fact("Pasti.", mark="V"))) == "Pasti."


sentences = st.lists(st.text("abc de", min_size=1, max_size=90).map(lambda t: t.strip() + "x."), min_size=1, max_size=9)


@given(st.lists(sentences.map(" ".join), min_size=1, max_size=12), st.text("abc", max_size=60))
def test_pages_fit_and_lose_nothing(texts: list[str], head: str) -> None:
    source = (Source(document="doc-a", clause="langkah 1"),)
    found = pages(K, head, [Item(text, source) for text in texts])
    assert all(len(page.text) <= LIMIT for page in found)
    told = " ".join(" ".join(page.text.split()) for page in found)
    for text in texts:
        for sentence in text.replace(". ", ".\n").splitlines():
            assert " ".join(sentence.split()) in told
    assert all(page.text.endswith("Sumber: Dokumen A, langkah 1") for page in found)


def test_pages_are_counted_on_the_first_line() -> None:
    found = pages(K, "Judul\nBaris kedua", [Item("x" * 300), Item("y" * 300)])
    assert [page.text.split("\n")[0] for page in found] == ["Judul (1/2)", "Judul (2/2)"]


def test_titles_are_cut_at_a_word() -> None:
    assert short("Jaminan keamanan dan keselamatan") == "Jaminan keamanan dan…"
    assert short("Pendek") == "Pendek"
    assert len(short("x" * 40)) == 24


def test_payloads_are_compact_and_come_back() -> None:
    made = payload("ask_cost", office="arum", page=2, flow=None, detail="")
    assert made == '/ask_cost{"office":"arum","page":2}'
    assert parse(made) == ("ask_cost", {"office": "arum", "page": "2"})
    assert payload("show_menu") == "/show_menu"
    with pytest.raises(ValueError, match="characters"):
        button("Terlalu panjang", "ask_cost", detail="x" * 200)
    with pytest.raises(ValueError, match="not a payload"):
        parse("halo")
