"""Pages of the console, full of data: no names from the code, no English, where officers read."""

from __future__ import annotations

import html
import re

import pytest

from tests.console.desk.conftest import FrontOffice

PAGES = (
    "",
    "/inbox",
    "/inbox?view=held",
    "/applications",
    "/complaints",
    "/figures",
    "/survey",
    "/understanding",
    "/replies",
    "/rules",
    "/audit",
    "/account",
)
_UNSEEN = re.compile(r"<(script|style|code|pre)\b.*?</\1>|<[^>]+>", re.DOTALL)
_RAW = re.compile(r"(?<!\{)\b[a-z]+(?:_[a-z]+)+\b|\bact: \w+")
_ENGLISH = re.compile(
    r"\b(?:out of scope|ask cost|unknown|error|failed|pending|loading|submit|cancel)\b", re.IGNORECASE
)


def raw_words(page: str) -> list[str]:
    """What is no Indonesian in the text of a page; its tags and programs are not read."""
    text = html.unescape(_UNSEEN.sub(" ", "<body" + page.partition("<body")[2]))
    return sorted({*_RAW.findall(text), *_ENGLISH.findall(text)})


def test_raw_words_are_seen() -> None:
    page = '<body class="a_b"><p>out_of_scope {nama_usaha}, act: hand_over</p><script>x_y</script> Submit'
    assert raw_words(page) == ["Submit", "act: hand_over", "out_of_scope"]


@pytest.mark.parametrize("address", PAGES)
async def test_a_page_says_no_raw_word(office: FrontOffice, address: str) -> None:
    answer = await office.wati.get(f"/console{address}")
    assert (answer.status_code, raw_words(answer.text)) == (200, [])


async def test_a_conversation_says_no_raw_word(office: FrontOffice) -> None:
    for name, number in office.found.items():
        answer = await office.wati.get(f"/console/conversations/{number}")
        assert raw_words(answer.text) == [], name
