"""Lookup tables, synonyms and patterns, applied the way Rasa's RegexEntityExtractor and EntitySynonymMapper do."""

from __future__ import annotations

import re
from functools import cache
from pathlib import Path

import pytest
import yaml

from bot.knowledge.load import get_knowledge

DATA = Path(__file__).resolve().parents[2] / "nlu_data"
KINDS = {"new", "expansion", "verification", "labour", "account", "company-data", "reporting", "exemption"}
FIXED = {
    "service_kind": KINDS,
    "flow": {"mandiri", "dibantu"},
    "business_type": {"perorangan", "badan-usaha", "umk", "non-umk"},
    "risk_level": {"r", "mr", "mt", "t"},
}


def items(name: str, kind: str) -> list[tuple[str, list[str]]]:
    blocks = yaml.safe_load((DATA / name).read_text("utf-8"))["nlu"]
    return [
        (block[kind], [line[2:] for line in block["examples"].splitlines() if line.startswith("- ")])
        for block in blocks
        if kind in block
    ]


@cache
def synonyms() -> dict[str, str]:
    return {form.lower(): value for value, forms in items("synonyms.yml", "synonym") for form in forms}


@cache
def patterns() -> list[tuple[str, str]]:
    tables = [
        (name, "(\\b" + "\\b|\\b".join(re.escape(form) for form in forms) + "\\b)")
        for name, forms in items("lookups.yml", "lookup")
    ]
    return tables + [(name, pattern) for name, found in items("lookups.yml", "regex") for pattern in found]


def entities(text: str) -> set[tuple[str, str]]:
    return {
        (name, synonyms().get(match.group().lower(), match.group()))
        for name, pattern in patterns()
        for match in re.finditer(pattern, text, re.IGNORECASE)
    }


def test_every_form_leads_to_an_id_of_the_knowledge() -> None:
    known = get_knowledge()
    allowed = FIXED | {"office": set(known.offices), "term": set(known.terms)}
    wrong = [
        (name, form, synonyms().get(form, form))
        for name, forms in items("lookups.yml", "lookup")
        for form in forms
        if synonyms().get(form, form) not in allowed[name]
    ]
    assert not wrong


def test_a_form_has_one_value() -> None:
    forms = [form.lower() for _, found in items("synonyms.yml", "synonym") for form in found]
    assert len(forms) == len(set(forms))


def test_longer_forms_come_first() -> None:
    for _, forms in items("lookups.yml", "lookup"):
        assert forms == sorted(forms, key=len, reverse=True) or [len(f) for f in forms] == sorted(
            map(len, forms), reverse=True
        )


def test_every_entity_is_annotated_once() -> None:
    """Rasa ignores lookup tables and patterns of entities that no example uses."""
    text = "\n".join(path.read_text("utf-8") for path in DATA.glob("*.yml"))
    used = set(re.findall(r"\]\((\w+)\)", text)) | set(re.findall(r'"entity": "(\w+)"', text))
    assert {name for name, _ in patterns()} <= used


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("kalau di Kab Kudus yang perluasan?", {("office", "kudus"), ("service_kind", "expansion")}),
        ("mandiri aja", {("flow", "mandiri")}),
        ("sendiri", {("flow", "mandiri")}),
        ("urus sendiri pak", {("flow", "mandiri")}),
        ("yg dibantu petugas", {("flow", "dibantu")}),
        ("di piaman baa", {("office", "pariaman")}),
        ("LPK menengah tinggi", {("service_kind", "labour"), ("risk_level", "mt")}),
        ("saya CV", {("business_type", "badan-usaha")}),
        ("cek pdu-ab12-cd34 dong", {("application_number", "pdu-ab12-cd34")}),
        ("1234567890123", {("nib", "1234567890123")}),
        ("3300000000000001", {("nik", "3300000000000001")}),
        ("56102", {("kbli", "56102")}),
    ],
)
def test_what_applicants_write_is_recognised(text: str, expected: set[tuple[str, str]]) -> None:
    assert entities(text) == expected


def test_a_term_that_is_also_a_service_is_recognised_in_a_question() -> None:
    assert ("service_kind", "exemption") in entities("cara ngurus SKPBKI")
    if "skpbki" in get_knowledge().terms:
        assert ("term", "skpbki") in entities("apa itu skpbki")


@pytest.mark.parametrize(
    "text",
    [
        "pernyataan mandirinya tidak bisa dicentang",
        "pernyataan mandiri error",
        "aplikasinya keluar sendiri terus",
        "mohon dibantu ya kak",
        "bayar 50000 atau 75000",
        "kode pos 59311",
        "nomor saya 081234567890",
        "saya mau tanya dulu",
        "terima kasih banyak pak",
        "verifikasi email gagal",
        "bahan baku baru datang",
    ],
)
def test_ordinary_words_are_no_entities(text: str) -> None:
    assert entities(text) == set()
