"""The knowledge holds what the documents hold: each list complete, in order, word for word."""

from __future__ import annotations

import pytest

from bot.knowledge.models import Knowledge, NotStated, Procedure, Service
from tests.knowledge import documents
from tests.knowledge.documents import plain

S0_LISTS = documents.lists("S0")
S1_LISTS = documents.lists("S1")
S4_LISTS = documents.lists("S4")
KUDUS_NEW, KUDUS_EXPANSION = documents.kudus()

STEPS = {
    ("verifikasi-iui-oss", "utama"): S0_LISTS[1],
    ("pariaman-ketenagakerjaan-mt", "mandiri"): S1_LISTS[1],
    ("pariaman-ketenagakerjaan-mt", "dibantu"): S1_LISTS[2],
    ("magetan-perluasan", "utama"): documents.magetan("Sistem Mekanisme dan Prosedur"),
    ("kudus-iui", "utama"): [activity for activity, _ in KUDUS_NEW],
    ("kudus-perluasan", "utama"): [activity for activity, _ in KUDUS_EXPANSION],
    ("siinas-akun", "utama"): S4_LISTS[0],
    ("siinas-data-perusahaan", "utama"): S4_LISTS[1],
    ("siinas-laporan", "utama"): S4_LISTS[2],
    ("siinas-skpbki", "utama"): S4_LISTS[3],
    ("siinas-verifikasi", "utama"): S4_LISTS[4],
}
COUNTS = [19, 15, 16, 5, 8, 8, 6, 11, 7, 9, 12]


def procedure_of(knowledge: Knowledge, service: str, procedure: str) -> Procedure:
    return next(one for one in knowledge.services[service].procedures if one.id == procedure)


def test_the_reader_of_the_documents_finds_every_list() -> None:
    assert [len(steps) for steps in STEPS.values()] == COUNTS


def test_every_procedure_is_compared(knowledge: Knowledge) -> None:
    stored = [one for one in knowledge.services.values() if not knowledge.is_national_guide(one)]
    assert {(one.id, each.id) for one in stored for each in one.procedures} == set(STEPS)


@pytest.mark.parametrize(("service", "procedure"), STEPS)
def test_each_sentence_of_a_step_list_is_printed_once(knowledge: Knowledge, service: str, procedure: str) -> None:
    printed = [plain(step.printed or "") for step in procedure_of(knowledge, service, procedure).steps]
    assert printed == STEPS[service, procedure]


def test_the_list_that_is_printed_twice_is_kept_once(knowledge: Knowledge) -> None:
    first, second = S0_LISTS[1], S0_LISTS[2]
    assert [one.rstrip("”") for one in first] == second
    assert len(knowledge.services["verifikasi-iui-oss"].procedures) == 1


def test_the_reference_to_steps_5_to_7_is_resolved(knowledge: Knowledge) -> None:
    steps = procedure_of(knowledge, "verifikasi-iui-oss", "utama").steps
    assert {step.number: step.refers_to for step in steps if step.refers_to} == {18: [5, 6, 7]}


@pytest.mark.parametrize(
    ("service", "listed"),
    [
        ("verifikasi-iui-oss", S0_LISTS[0]),
        ("pariaman-ketenagakerjaan-mt", S1_LISTS[0]),
        ("magetan-perluasan", documents.magetan("Persyaratan")),
        ("siinas-akun", S4_LISTS[5]),
    ],
)
def test_each_requirement_is_there_in_order(knowledge: Knowledge, service: str, listed: list[str]) -> None:
    requirements = knowledge.services[service].requirements
    assert not isinstance(requirements, NotStated)
    assert len(requirements) == len(listed)
    for requirement, sentence in zip(requirements, listed, strict=True):
        assert plain(requirement.printed or "").removeprefix("1. ") == sentence


def test_minimum_documents_per_risk(knowledge: Knowledge) -> None:
    requirements = knowledge.services["siinas-data-perusahaan"].requirements
    assert not isinstance(requirements, NotStated)
    by_risk = {one.id: one.condition.answers for one in requirements if one.condition}
    assert by_risk == {
        "pb-industri-r": ["r", "belum-tahu"],
        "pb-industri-mr-mt": ["mr", "mt", "belum-tahu"],
        "pb-industri-t": ["t", "belum-tahu"],
    }


@pytest.mark.parametrize(
    ("service", "rows"),
    [("kudus-iui", KUDUS_NEW), ("kudus-perluasan", KUDUS_EXPANSION)],
)
def test_kudus_times_and_their_total(knowledge: Knowledge, service: str, rows: list[tuple[str, str]]) -> None:
    steps = procedure_of(knowledge, service, "utama").steps
    assert [step.time and step.time.printed for step in steps] == [time for _, time in rows]
    total = knowledge.services[service].duration
    assert not isinstance(total, NotStated)
    minutes = sum(int(time.split()[0]) for _, time in rows if time.endswith("menit"))
    days = sum(int(time.split()[0]) for _, time in rows if time.endswith("hari"))
    assert (total.days, total.minutes, total.computed) == (days, minutes, True) == (15, 92, True)


def test_what_the_documents_do_not_say_is_recorded(knowledge: Knowledge) -> None:
    def silent(field: str) -> set[str]:
        stored = [one for one in knowledge.services.values() if not knowledge.is_national_guide(one)]
        return {one.id for one in stored if isinstance(getattr(one, field), NotStated)}

    siinas = {one.id for one in knowledge.services.values() if one.document == "S4"}
    assert len(siinas) == 5
    assert silent("duration") == siinas | {"verifikasi-iui-oss", "pariaman-ketenagakerjaan-mt"}
    assert silent("cost") == silent("complaints") == siinas | {"kudus-iui", "kudus-perluasan"}
    assert silent("legal_basis") == siinas | {"pariaman-ketenagakerjaan-mt"}
    assert silent("requirements") == {"siinas-skpbki", "siinas-verifikasi"}
    assert isinstance(knowledge.offices["kudus"].contacts, NotStated)


def test_magetan_manufacturing_part_is_complete(knowledge: Knowledge) -> None:
    sections = {section.id: section.items for section in knowledge.services["magetan-perluasan"].sections}
    assert {name: len(items) for name, items in sections.items()} == {
        "sarana": 10,
        "fasilitas": 17,
        "kompetensi": 4,
        "pengawasan": 1,
        "pelaksana": 6,
        "jaminan": 3,
        "keamanan": 2,
        "evaluasi": 6,
    }


def test_the_law_that_magetan_prints_twice_is_kept_once(knowledge: Knowledge) -> None:
    laws = knowledge.services["magetan-perluasan"].legal_basis
    assert not isinstance(laws, NotStated)
    cell = documents.magetan("Dasar Hukum")
    assert len(cell) == 8
    assert [plain(law.printed or "") for law in laws] == cell[:7]
    assert cell[7] == cell[3]


def test_magetan_addresses_keep_their_spelling_with_a_remark(knowledge: Knowledge) -> None:
    contacts = knowledge.offices["magetan"].contacts
    assert not isinstance(contacts, NotStated)
    odd = {one.value: one.remark or "" for one in contacts if "dpmpstsp" in (one.value or "")}
    assert set(odd) == {"dpmpstsp.magetan@gmail.com", "www.dpmpstsp.magetan.go.id"}
    assert all("DPMPTSP" in remark for remark in odd.values())


def test_laws_that_were_replaced_carry_a_note(knowledge: Knowledge) -> None:
    noted = {
        law.note
        for service in knowledge.services.values()
        if not isinstance(service.legal_basis, NotStated)
        for law in service.legal_basis
        if law.note
    }
    assert noted == set(knowledge.legal_notes)


def test_pariaman_flows_differ_where_the_document_does(knowledge: Knowledge) -> None:
    alone = procedure_of(knowledge, "pariaman-ketenagakerjaan-mt", "mandiri").steps[8]
    helped = procedure_of(knowledge, "pariaman-ketenagakerjaan-mt", "dibantu").steps[8]
    assert "SPPL" in alone.text and "PKKPR" not in alone.text
    assert "PKKPR" in helped.text and "SPPL" not in helped.text


def test_officers_do_the_counter_work_of_the_helped_flow(knowledge: Knowledge) -> None:
    steps = procedure_of(knowledge, "pariaman-ketenagakerjaan-mt", "dibantu").steps
    assert [step.number for step in steps if step.actor == "applicant"] == [1, 2]


def test_the_applicant_does_four_of_the_nineteen_steps(knowledge: Knowledge) -> None:
    steps = procedure_of(knowledge, "verifikasi-iui-oss", "utama").steps
    assert [step.number for step in steps if step.actor == "applicant"] == [1, 2, 3, 19]


def test_both_expansion_licences_stay_apart(knowledge: Knowledge) -> None:
    found = [one for one in knowledge.services.values() if one.kind == "expansion"]
    assert {_route(one) for one in found} == {("magetan", "siinas", "S2"), ("kudus", "oss", "S3")}


def _route(service: Service) -> tuple[str, str, str]:
    return service.office, service.system, service.document
