"""Defects of every kind: found, told with file and place, and told alone."""

from __future__ import annotations

from pathlib import Path

import pytest

from bot.knowledge.check import check, facts_per_document, run
from bot.knowledge.load import FOLDER, load
from bot.knowledge.models import Knowledge
from tests.knowledge.conftest import Edit

KUDUS = "services/kudus-iui.yaml"
EXPANSION = "services/kudus-perluasan.yaml"
MAGETAN = "services/magetan-perluasan.yaml"
PARIAMAN = "services/pariaman-ketenagakerjaan-mt.yaml"
VERIFICATION = "services/verifikasi-iui-oss.yaml"
STEP_2 = "      - number: 2\n        text: Buka e-mail"

# file, what is replaced, by what, the only problem told
STAGES = "stages/magetan-perluasan.yaml"
DEFECTS = {
    "stage after which nothing comes": (STAGES, "next: [terbit]", "next: [terbang]", "there is no stage terbang"),
    "step of no stage": (STAGES, "steps: [1, 2]", "steps: [1]", "step 2 belongs to no stage"),
    "stage without such a step": (STAGES, "steps: [5]", "steps: [5, 9]", "there is no step 9"),
    "code of two stages": (STAGES, 'oss: ["50"]', 'oss: ["50", "48"]', "OSS status 48 means 2 stages"),
    "unknown code": (STAGES, 'oss: ["50"]', 'oss: ["51"]', "there is no OSS status 51"),
    "time that runs for the applicant": (
        STAGES,
        'waits_for: "Anda"\n        steps: [1, 2]',
        'waits_for: "Anda"\n        clock: runs\n        steps: [1, 2]',
        "does not run while the applicant has to act",
    ),
    "end that goes on": (STAGES, "end: rejected", "end: rejected\n        next: [terbit]", "an end has no next stage"),
    "unknown document": (
        MAGETAN,
        "source: S2, Biaya / Tarif",
        "source: pp-1-1900 [V], Pasal 1",
        "no document pp-1-1900",
    ),
    "place not named": (MAGETAN, "source: S2, Biaya / Tarif", "source: S2", "the place in S2 is not named"),
    "contact not in the document": (
        "offices/magetan.yaml",
        "0351-891321",
        "0351-891322",
        "0351-891322 does not occur in S2",
    ),
    "corrected spelling": (
        "offices/magetan.yaml",
        "value: dpmpstsp.magetan@gmail.com",
        "value: dpmptsp.magetan@gmail.com",
        "dpmptsp.magetan@gmail.com does not occur in S2",
    ),
    "contact that nothing can confirm": (
        "offices/siinas.yaml",
        "source: slide-pusdatin-2023 [V], Helpdesk",
        "source: slide-pusdatin-2023 [V], Helpdesk\n    value: helpdesk@kemenperin.go.id",
        "stands neither in a stored document nor in a national fact",
    ),
    "own standard that the office has not": (
        "services/oss-akun.yaml",
        "office: kudus, service: kudus-iui",
        "office: kudus, service: magetan-perluasan",
        "kudus has no service magetan-perluasan",
    ),
    "step that quotes nothing of a stored document": (
        "services/siinas-akun.yaml",
        "        printed: Mengisi data perusahaan\n",
        "",
        "step 3: quotes nothing of S4",
    ),
    "quotation not in the document": (
        MAGETAN,
        "printed: Tidak dikenakan biaya.",
        "printed: Tidak dipungut biaya.",
        "cost: printed: 'Tidak dipungut biaya.' does not occur in S2",
    ),
    "step quoted wrongly": (KUDUS, "usernme serta password", "username serta password", "does not occur in S3"),
    "gap in the steps": (MAGETAN, "      - number: 3", "      - number: 6", "[1, 2, 6, 4, 5]; they must run from 1"),
    "step twice": (KUDUS, STEP_2, STEP_2.replace("2", "1", 1), "[1, 1, 3, 4, 5, 6, 7, 8]; they must run from 1"),
    "reference to no step": (
        VERIFICATION,
        "refers_to: [5, 6, 7]",
        "refers_to: [5, 6, 70]",
        "step 18 refers to step 70",
    ),
    "step that refers to itself": (
        VERIFICATION,
        "refers_to: [5, 6, 7]",
        "refers_to: [18]",
        "step 18 refers to step 18",
    ),
    "condition on no question": (
        PARIAMAN,
        "condition: {question: bentuk-usaha, answers: [perorangan]}",
        "condition: {question: bentuk, answers: [perorangan]}",
        "there is no question bentuk",
    ),
    "condition on no answer": (
        PARIAMAN,
        "condition: {question: sarana-kantor, answers: [ya]}",
        "condition: {question: sarana-kantor, answers: [iya]}",
        "sarana-kantor has no answer iya",
    ),
    "question without effect": (
        PARIAMAN,
        "        condition: {question: sarana-kantor, answers: [ya]}\n",
        "",
        "nothing depends on sarana-kantor",
    ),
    "answer twice": (
        PARIAMAN,
        "{id: badan-usaha, label: Badan usaha}",
        "{id: perorangan, label: Badan usaha}",
        "options of bentuk-usaha: perorangan occurs 2 times",
    ),
    "requirement twice": (MAGETAN, "{id: akta, ", "{id: nib, ", "requirements: nib occurs 2 times"),
    "no such office": (KUDUS, "office: kudus", "office: kudus-kota", "there is no office kudus-kota"),
    "no such next service": (
        KUDUS,
        "next_services: [siinas-akun]",
        "next_services: [kudus-ekspor]",
        "there is no kudus-ekspor",
    ),
    "no such legal note": (KUDUS, "note: pp-24-2018", "note: pp-24-1918", "there is no legal note pp-24-1918"),
    "no such term": ("glossary.yaml", "see_also: [kbli, ", "see_also: [kbki, ", "nib: see_also: there is no term kbki"),
    "no such stored file": ("documents.yaml", "sources/S4.txt", "sources/S5.txt", "the file sources/S5.txt is missing"),
    "fact of another office": (
        MAGETAN,
        "printed: Tidak dikenakan biaya.\n  source: S2, Biaya / Tarif",
        "printed: Tidak dipungut biaya\n  source: S1, Biaya",
        "cost.source: taken from S1; this standard is S2",
    ),
    "second-hand as the document": (
        KUDUS,
        "layar-oss-2026 [2nd], layar",
        "layar-oss-2026, layar",
        "layar-oss-2026 is marked S; mark S, and only S, names a stored document",
    ),
    "alias of two offices": (
        "offices/magetan.yaml",
        "mpp magetan]",
        "Kab.Kudus]",
        "the name 'kab kudus' also points to offices/kudus.yaml",
    ),
    "alias of two services": (
        EXPANSION,
        "aliases: [perluasan, ",
        "aliases: [perluasan, iui, ",
        "the name 'iui' also points",
    ),
    "alias of term and topic": ("topics.yaml", '"kbli 2020"', '"kode kbli"', "the name 'kode kbli' also points to"),
    "formatting": (
        KUDUS,
        "remark: Dokumen tidak menyebut siapa",
        "remark: Dokumen *tidak* menyebut siapa",
        "'*' is formatting",
    ),
    "formatting in a list": (MAGETAN, "output: [Berita Acara Pemeriksaan]", "output: [Berita_Acara]", "output: '_' is"),
    "wrong total": (KUDUS, "  minutes: 92", "  minutes: 90", "the steps of utama add up to 15 days and 92 minutes"),
    "number that is not printed": (
        KUDUS,
        "{text: 2 menit, minutes: 2,",
        "{text: 2 menit, minutes: 3,",
        "[3] is not what '2 menit' says",
    ),
    "unused document": (
        "documents.yaml",
        "- id: skm-tubaba",
        "- id: skm-lain\n  title: a\n  short: a\n  url: b\n- id: skm-tubaba",
        "skm-lain: no fact",
    ),
    "document that cannot be found": (
        "documents.yaml",
        "  url: https://e-smile.tubaba.go.id/main/skm/laporan/online\n",
        "",
        "skm-tubaba: needs a file, a url",
    ),
    "fact too long for a message": (
        "topics.yaml",
        "Bila belum tampil, periksa akun OSS",
        "Bila belum tampil, " + "sekali lagi " * 50,
        "more than 600 characters",
    ),
}
# Defects that by their nature break a second rule too.
SEVERAL = {
    "no such office",
    "gap in the steps",
    "step twice",
    "stage after which nothing comes",
    "second-hand as the document",
    "condition on no question",
    "wrong total",
    "number that is not printed",
    "answer twice",
    "no such stored file",
}


def test_the_real_knowledge_has_no_problems(knowledge: Knowledge) -> None:
    assert check(knowledge, FOLDER) == []


@pytest.mark.parametrize("name", DEFECTS)
def test_a_defect_is_found_and_placed(broken: Edit, name: str) -> None:
    file, old, new, expected = DEFECTS[name]
    folder = broken(file, old, new)
    problems = check(load(folder), folder)
    assert [line for line in problems if expected in line and line.startswith(file)], problems
    if name not in SEVERAL:
        own = [line for line in problems if not line.startswith("questions: ")]  # entries rest on what was broken
        assert len(own) == 1, problems


def test_a_stored_text_that_no_document_names(broken: Edit) -> None:
    folder = broken("documents.yaml", "- id: S0", "- id: S0")
    (folder / "sources" / "S9.txt").write_text("Standar Pelayanan", "utf-8")
    assert check(load(folder), folder) == ["sources/S9.txt: no entry of documents.yaml names this file"]


def test_a_quotation_may_run_over_lines_and_no_break_spaces(broken: Edit) -> None:
    folder = broken("sources/S2.txt", "Tidak dikenakan biaya.", "Tidak\xa0 dikenakan\n biaya.")
    assert check(load(folder), folder) == []


def test_every_fact_is_counted(knowledge: Knowledge) -> None:
    counts = facts_per_document(knowledge)
    assert list(counts) == list(knowledge.documents)
    assert min(counts.values()) > 0


def test_run_tells_the_counts_and_succeeds(capsys: pytest.CaptureFixture[str]) -> None:
    assert run(FOLDER) == 0
    lines = capsys.readouterr().out.splitlines()
    assert lines[-1] == "No problems."
    assert lines[-3].startswith("17 services, 6 offices, ")
    assert [line for line in lines if line.endswith("SOP Kudus 2021")]


def test_run_fails_on_a_wrong_contact(broken: Edit, capsys: pytest.CaptureFixture[str]) -> None:
    folder = broken("offices/magetan.yaml", "0351-891321", "0351-891322")
    assert run(folder) == 1
    out = capsys.readouterr().out
    assert "offices/magetan.yaml: contacts.2: 0351-891322 does not occur in S2" in out
    assert out.endswith("1 problems\n")


def test_run_fails_on_files_that_do_not_load(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert run(tmp_path) == 1
    assert "documents.yaml: the file is missing" in capsys.readouterr().out
