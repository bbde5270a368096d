"""Invented standards in the layouts that offices use: every component as it should be read."""

from __future__ import annotations

from pathlib import Path

import pytest
import yaml

from tests.standards.drafts import read_file, stands_in, texts

OWN = Path(__file__).parent / "own"
DOCUMENTS = sorted(path for path in OWN.iterdir() if path.suffix in (".txt", ".csv", ".html"))


@pytest.mark.parametrize("path", DOCUMENTS, ids=lambda path: path.stem)
def test_every_component_is_read_as_printed(path: Path) -> None:
    expected = yaml.safe_load(path.with_suffix(".yaml").read_text("utf-8"))
    draft = read_file(path)
    assert draft.layout == expected["layout"]
    assert [_said(service.model_dump(by_alias=True)) for service in draft.services] == expected["services"]


@pytest.mark.parametrize("path", DOCUMENTS, ids=lambda path: path.stem)
def test_nothing_is_said_that_the_document_does_not_say(path: Path) -> None:
    source = path.read_text("utf-8")
    invented = [text for service in read_file(path).services for text in texts(service) if not stands_in(text, source)]
    assert invented == []


def _said(service: dict[str, object]) -> dict[str, object]:
    """Only what is stated, in a short form; doubts by the component that they are about."""
    doubts = [doubt["component"] for doubt in service.pop("doubts")]  # type: ignore[attr-defined]
    short: dict[str, object] = {key: value for key, value in service.items() if value}
    for key in ("duration", "cost"):
        if key in short:
            short[key] = [stated["text"] for stated in short[key]]  # type: ignore[attr-defined]
    if "requirements" in short:
        short["requirements"] = [
            entry["text"] if entry["for"] is None else f"{entry['for']} > {entry['text']}"
            for entry in short["requirements"]  # type: ignore[attr-defined]
        ]
    if "complaints" in short:
        short["complaints"] = [f"{c['kind']} {c['value'] or '-'}" for c in short["complaints"]]  # type: ignore[attr-defined]
    if doubts:
        short["doubts"] = sorted(set(doubts))
    return short
