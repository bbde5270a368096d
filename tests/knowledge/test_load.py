"""Reading `knowledge/`: its shape, and what is wrong with it."""

from __future__ import annotations

from pathlib import Path

import pytest

from bot.knowledge.load import FOLDER, KnowledgeError, load
from bot.knowledge.models import Knowledge, Source
from tests.knowledge.conftest import Edit


def problems_of(folder: Path) -> list[str]:
    with pytest.raises(KnowledgeError) as caught:
        load(folder)
    assert str(caught.value) == "\n".join(caught.value.problems)
    return caught.value.problems


def test_the_real_knowledge_loads(knowledge: Knowledge) -> None:
    assert load(FOLDER) == knowledge
    assert set(knowledge.offices) == {"unnamed", "pariaman", "magetan", "kudus", "siinas", "oss"}
    assert len(knowledge.services) == 17


@pytest.mark.parametrize(
    ("written", "read"),
    [
        ("S3, A langkah 1", ("S3", "A langkah 1", "S")),
        ("pp-28-2025 [V], Pasal 205 ayat (1)", ("pp-28-2025", "Pasal 205 ayat (1)", "V")),
        ("berita [2nd]", ("berita", "", "2nd")),
    ],
)
def test_a_source_is_one_line(written: str, read: tuple[str, str, str]) -> None:
    source = Source.model_validate(written)
    assert (source.document, source.clause, source.mark) == read


@pytest.mark.parametrize("written", ["", "S3: langkah 1", "S3 [U], langkah 1", "dua kata"])
def test_a_source_of_another_form_is_refused(written: str) -> None:
    with pytest.raises(ValueError, match="is not a source"):
        Source.model_validate(written)


def test_a_fact_without_a_source_is_named_with_file_id_and_place(broken: Edit) -> None:
    folder = broken("services/magetan-perluasan.yaml", "\n  source: S2, Biaya / Tarif", "")
    assert problems_of(folder) == ["services/magetan-perluasan.yaml: magetan-perluasan: cost.source: Field required"]


def test_a_glossary_fact_without_a_source(broken: Edit) -> None:
    folder = broken("glossary.yaml", ', source: "pp-28-2025 [V], Pasal 1 angka 12 dan Pasal 206"', "")
    assert problems_of(folder) == ["glossary.yaml: nib: facts.0.source: Field required"]


def test_an_unknown_field_is_a_problem(broken: Edit) -> None:
    folder = broken("offices/kudus.yaml", "region:", "regoin:")
    assert "offices/kudus.yaml: kudus: regoin: Extra inputs are not permitted" in problems_of(folder)


def test_a_button_label_that_is_too_long(broken: Edit) -> None:
    folder = broken("services/kudus-iui.yaml", "label: Izin Usaha Industri", "label: Izin Usaha Industri Kudus")
    assert [line for line in problems_of(folder) if "label" in line and "at most 24" in line]


def test_a_step_that_is_too_long(broken: Edit) -> None:
    folder = broken("services/kudus-iui.yaml", "Isi data perusahaan Anda", "Isi data " + "panjang " * 50)
    assert [line for line in problems_of(folder) if "steps.3.text" in line and "at most 350" in line]


def test_all_problems_of_all_files_are_told_at_once(broken: Edit) -> None:
    broken("offices/kudus.yaml", "region:", "regoin:")
    folder = broken("topics.yaml", "title:", "titel:")
    assert {line.split(":")[0] for line in problems_of(folder)} == {"offices/kudus.yaml", "topics.yaml"}


def test_an_id_that_occurs_twice(broken: Edit) -> None:
    folder = broken("glossary.yaml", "- id: kbli\n", "- id: nib\n")
    assert "glossary.yaml: nib: the id occurs twice" in problems_of(folder)


def test_a_file_with_another_name_than_its_id(broken: Edit) -> None:
    folder = broken("offices/kudus.yaml", "id: kudus\n", "id: kudus-baru\n")
    assert problems_of(folder) == ["offices/kudus.yaml: the id is 'kudus-baru'; a file is named after its id"]


def test_yaml_that_cannot_be_read_names_file_and_line(broken: Edit) -> None:
    folder = broken("offices/kudus.yaml", "aliases: [", "aliases: [[")
    (problem,) = problems_of(folder)
    assert problem.startswith("offices/kudus.yaml:") and "line" in problem


def test_a_missing_file_and_an_empty_folder(tmp_path: Path) -> None:
    problems = problems_of(tmp_path)
    assert "documents.yaml: the file is missing" in problems


@pytest.mark.parametrize("content", ["", "id: a\n", "- teks\n"])
def test_a_file_that_is_no_list_of_entries(broken: Edit, content: str) -> None:
    folder = broken("topics.yaml", (FOLDER / "topics.yaml").read_text("utf-8"), content)
    assert [line for line in problems_of(folder) if line.startswith("topics.yaml")]


@pytest.mark.parametrize("deep", ["[" * 10_000, "{a: " * 10_000])
def test_brackets_without_end_are_refused_at_once(broken: Edit, deep: str) -> None:
    folder = broken("topics.yaml", "- id:", deep + "- id:")
    with pytest.raises(KnowledgeError, match="nested more than 50 deep"):
        load(folder)
