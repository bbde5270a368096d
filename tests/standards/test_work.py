"""The guesses of a draft, for a person to confirm: who acts, what a button is called, what time is promised."""

from __future__ import annotations

import base64
import zlib
from collections import Counter

import pytest

from bot.knowledge.load import of_files
from bot.knowledge.regions import all_regions
from bot.standards.entries import entries_of, office_label
from bot.standards.merging import merged, packed, unpacked
from bot.standards.models import Procedure, ServiceDraft, Stated
from bot.standards.typed import typed
from bot.standards.work import Work, WorkLine, actor_of, begin, counted, short


@pytest.mark.parametrize(
    ("step", "actor", "called", "inferred"),
    [
        ("Pemohon menyerahkan berkas", "applicant", "Anda", False),
        ("Isi data yang diminta", "applicant", "Anda", True),
        ("kirim permohonan", "applicant", "Anda", True),
        ("Menunggu persetujuan kementerian", "applicant", "Anda", True),
        ("Tunggu surel balasan", "applicant", "Anda", True),
        ("Petugas loket login ke dasbor", "office", "Petugas loket", False),
        ("Tim Teknis PTSP (Dinas Pertanian) melakukan kunjungan", "office", "Tim Teknis PTSP", False),
        ("Kepala Dinas menandatangani izin", "office", "Kepala Dinas", False),
        ("Sistem mengirim pemberitahuan", "system", "Sistem", False),
        ("Disposisi berkas", "office", "Petugas", True),
    ],
)
def test_who_acts_is_read_or_marked_as_a_guess(step: str, actor: str, called: str, inferred: bool) -> None:
    assert actor_of(step) == (actor, called, inferred)


def test_a_button_does_not_end_in_the_middle_of_a_phrase() -> None:
    assert short("Pendaftaran Dengan Bantuan Petugas") == "Pendaftaran"
    assert short("Izin Toko Obat") == "Izin Toko Obat"
    long = begin(ServiceDraft(title="Izin Penyelenggaraan Pelatihan Kerja bagi Lembaga Swasta"))
    assert long.document_short == "Standar Izin Penyelenggaraan Pelatihan Kerja bagi Lembaga"
    assert short("Suratketeranganpendaftaranulang") == "Suratketeranganpendaftar"


@pytest.mark.parametrize(
    ("said", "days", "minutes"),
    [
        (["14 (empat belas) hari kerja"], 14, None),
        (["45 menit"], None, 45),
        (["3 hari sampai 5 hari"], None, None),
        (["3 hari", "5 hari"], None, None),
        ([], None, None),
    ],
)
def test_promised_time_is_what_one_sentence_says(said: list[str], days: int | None, minutes: int | None) -> None:
    assert counted(said) == (days, minutes)


def test_times_of_single_steps_are_told_with_their_step() -> None:
    read = ServiceDraft(title="Izin", procedures=[Procedure(steps=["Pemohon mendaftar", "Petugas memeriksa"])])
    read.duration = [Stated(text="5 menit"), Stated(text="2 hari")]
    read.doubt("duration", "Waktu tertulis per langkah; jumlah keseluruhannya tidak disebutkan di dokumen.")
    assert [line.text for line in begin(read).duration] == ["Langkah 1: 5 menit", "Langkah 2: 2 hari"]


def test_what_the_reader_missed_can_be_added_line_by_line() -> None:
    work = typed(
        begin(ServiceDraft(title="Izin Toko Obat")),
        {
            "requirements-new": "Fotokopi KTP\n\n  Denah   toko \n",
            "way-new": "Pemohon mendaftar di loket\nPetugas memeriksa berkas",
            "duration-new": "9 hari kerja",
            "days": "",
            "contact-new-kind": "phone",
            "contact-new-value": "0298-555321",
        },
    )
    assert [line.text for line in work.requirements] == ["Fotokopi KTP", "Denah toko"]
    assert [(way.label, [step.actor for step in way.steps]) for way in work.ways] == [
        ("Langkah-langkah", ["applicant", "office"])
    ]
    assert [(one.kind, one.label, one.value) for one in work.complaints] == [("phone", "Telepon", "0298-555321")]
    assert (work.days, work.minutes) == (9, None)
    assert typed(work, {"days": "10"}).days == 10 and typed(work, {"days": "sepuluh"}).days is None
    assert typed(work, {"contact-new-kind": "phone"}).complaints == work.complaints


def test_further_parts_for_applicants_are_kept_and_tools_of_the_office_are_not() -> None:
    read = ServiceDraft(title="Izin Toko Obat", other={"JAMINAN PELAYANAN": ["Bebas pungutan"], "KETERKAITAN": ["SOP"]})
    work = begin(read)
    assert [(part.title, [one.kept for one in part.lines]) for part in work.further] == [
        ("Jaminan Pelayanan", [True]),
        ("Keterkaitan", [False]),
    ]
    work = work.model_copy(update={"office_name": "Dinas Contoh", "office_region": "Kabupaten Nirwana"})
    contents = entries_of(work, "JAMINAN PELAYANAN: Bebas pungutan. KETERKAITAN: SOP", 1, of_files())
    service = next(one for (kind, _), one in contents.items() if kind == "services" and one)
    assert [(one["title"], one["items"][0]["text"]) for one in service["sections"]] == [
        ("Jaminan Pelayanan", "Bebas pungutan")
    ]
    changed = typed(work, {"further-1-0-text": "SOP Toko", "further-1-0-kept": "1", "further-0-0-text": "x"})
    assert [(one.lines[0].text, one.lines[0].kept) for one in changed.further] == [("x", False), ("SOP Toko", True)]


def test_neighbours_with_long_names_have_buttons_of_their_own() -> None:
    """Else the second of them could never be published: its name would be another office's."""
    assert office_label("Kabupaten Semarang") == "Kabupaten Semarang"
    assert office_label("Kabupaten Ogan Komering Ulu Selatan") == "Kab. Ogan K. Ulu Selatan"
    labels = Counter(office_label(one.title).lower() for one in all_regions().values())
    assert [name for name, times in labels.items() if times > 1 or len(name) > 24] == []


def test_what_two_people_changed_is_laid_together() -> None:
    line = WorkLine(printed="KTP", text="KTP")
    base = Work(title="Izin", requirements=[line, line], days=3)
    mine = base.model_copy(update={"days": 5, "requirements": [line.model_copy(update={"kept": False}), line]})
    theirs = base.model_copy(
        update={"days": 7, "label": "Izin", "requirements": [line, line.model_copy(update={"text": "KTP asli"}), line]}
    )
    kept, shown, clashes = merged(base, mine, theirs)
    assert clashes == {"days": ["7"]} and (kept.days, shown.days) == (7, 5)
    for one in (kept, shown):
        assert one.label == "Izin"
        assert [(item.kept, item.text) for item in one.requirements] == [
            (False, "KTP"),
            (True, "KTP asli"),
            (True, "KTP"),
        ]
    assert merged(base, base, theirs)[0] == theirs and merged(base, mine, base)[0] == mine
    assert merged(base, mine, mine)[2] == {}


def test_a_draft_travels_in_a_field_of_its_form() -> None:
    work = Work(title="Izin “Laik” Sehat", requirements=[WorkLine(printed="KTP", text="KTP")])
    assert unpacked(packed(work)) == work
    huge = base64.b64encode(zlib.compress(b'{"title": "' + b"a" * 50_000_000 + b'"}')).decode()
    for odd in ("", "x", "AAAA", base64.b64encode(zlib.compress(b"{}")).decode(), huge):
        assert unpacked(odd) is None
