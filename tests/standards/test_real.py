"""Real standards. The six historic ones are read from beside the repository, where they are, and never kept here."""

from __future__ import annotations

import re
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from bot.knowledge.check import check_part
from bot.knowledge.entries import merge, problems_of
from bot.knowledge.load import FOLDER, of_files
from bot.standards.entries import entries_of
from bot.standards.models import MAIN, ServiceDraft
from bot.standards.text import squeeze
from bot.standards.work import begin
from tests.standards.drafts import read_file, stands_in, texts

ROOT = Path(__file__).resolve().parents[2]
SOURCES = ROOT / "knowledge" / "sources"
SHARED = next((p / "shared" / "standards" for p in ROOT.parents[:2] if (p / "shared" / "standards").is_dir()), None)
NEEDED = 0.9

Expected = list[dict[str, Any]]


class Printed:
    """The lines of a document, to point at what a component should be."""

    def __init__(self, path: Path) -> None:
        self.text = path.read_text("utf-8")
        self.lines = [squeeze(line) for line in self.text.split("\n")]

    def items(self, first: int, last: int, mark: str = r"\d{1,2}[.)] ?", drop: str = r"$^") -> list[str]:
        """Items of lines `first` to `last` (from 1); one begins where `mark` stands, `drop` is taken off first."""
        found: list[str] = []
        for printed in self.lines[first - 1 : last]:
            line = re.sub(drop, "", printed).strip()
            if re.match(mark, line) or (line and not found):
                found.append(re.sub(mark, "", line, count=1))
            elif line:
                found[-1] += f" {line}"
        return [item.rstrip("; ") for item in found]

    def between(self, start: str, end: str, mark: str) -> list[str]:
        part = squeeze(self.text).split(start, 1)[1].split(end, 1)[0]
        return [item.strip().rstrip(";") for item in re.split(mark, part) if item.strip()]


def _gorontalo(page: Printed) -> Expected:
    steps = page.items(18, 21, r"\d\. \d\) ")
    return [{"title": page.lines[0], "requirements": page.items(3, 16, r"\d+\. [a-n]\. "), "procedures": [steps]}]


def _sumenep(page: Printed) -> Expected:
    shared = {"procedures": [page.items(17, 24, r"\d\. \d\. ")], "duration": [page.lines[24], page.lines[26][3:]]}
    bullet = r"^\u2022 "
    return [
        {"title": page.lines[4][5:], "requirements": page.items(6, 10, r"\d\. ", bullet), **shared},
        {"title": page.lines[10][5:], "requirements": page.items(12, 16, r"\d\. ", bullet), **shared},
    ]


def _metro(page: Printed) -> Expected:
    first, second, third = page.items(77, 81)
    return [
        {
            "title": page.lines[0].removeprefix("Standar Pelayanan "),
            "product": [page.lines[14]],
            "requirements": page.items(23, 65),
            "procedures": [[first, third], [second]],
            "procedure titles": [page.lines[72], page.lines[74]],
        }
    ]


def _scribd(page: Printed) -> Expected:
    words = r"^(?:3\. Jangka waktu|pelayanan|6\. Penanganan|pengaduan,|saran dan) "
    return [
        {
            "title": page.lines[4][4:],
            "requirements": [*page.items(16, 22), *page.items(25, 40)],
            "for": ["Penggunaan OSS", "Pemenuhan komitmen"],
            "procedures": [page.items(45, 57)],
            "duration": page.items(59, 65, drop=words),
            "cost": ["Gratis"],
            "product": [page.lines[66].removeprefix("5. Produk ")],
            "complaints": [("other", None)],
        }
    ]


def _surakarta(page: Printed) -> Expected:
    first = r"^1 Persyaratan : "
    return [
        {
            "title": page.lines[10].split(" : ")[1],
            "office": page.lines[6].removeprefix("STANDAR PELAYANAN "),
            "decree": page.lines[2].split(" : ")[1],
            "requirements": [
                *page.items(15, 26, r"\d ", first)[:-1],
                page.lines[25][2:] + " " + page.lines[26][2:],
                page.lines[27],
                *page.items(29, 30, r"\d "),
            ],
            "duration": [page.lines[31].split(" : ")[1]],
            "cost": ["Gratis"],
            "product": [page.lines[33].split(" : ")[1]],
            "complaints": [("other", None), ("phone", "0271-714890"), ("address", None)],
            "legal_basis": page.items(39, 46, r"\d ", r"^7 Dasar Hukum : "),
        }
    ]


def _semarang(page: Printed) -> Expected:
    letters = r"(?:^| )[a-h]\. "
    return [
        {
            "title": "Pemberian Ijin Laik Kesehatan",
            "office": "Dinas Kesehatan",
            "legal_basis": page.between("Dasar Hukum 1 ", " 2 Persyaratan Pelayanan", r" [2-4] (?=Peraturan)"),
            "requirements": [
                *page.between("1 Untuk perorangan", "2 Untuk Badan Hukum", letters),
                *page.between("2 Untuk Badan Hukum", "3 Sistem, mekanisme", letters),
            ],
            "for": ["perorangan", "Badan Hukum"],
            "procedures": [page.between("prosedur pelayanan 1 ", "\x00", r" [2-4](?: (?=Pemohon|tim)|$)")],
        }
    ]


def _iui(page: Printed) -> Expected:
    return [
        {
            "title": page.lines[0],
            "requirements": page.items(3, 3),
            "procedures": [page.items(5, 23)],
            "cost": ["Tidak dipungut biaya"],
            "product": [next(line for line in page.lines if line.startswith("Berita Acara Verifikasi (L"))],
            "complaints": [("box", None), ("web", "oss.go.id"), ("other", None)],
        }
    ]


def _pariaman(page: Printed) -> Expected:
    last = next(at for at, line in enumerate(page.lines, start=1) if line.startswith("16) "))
    return [
        {
            "title": page.lines[0],
            "decree": "22/KEP/DPMPTSP&NAKER/2021",
            "requirements": page.items(5, 10),
            "procedures": [page.items(12, 26), page.items(28, last)],
            "cost": ["Tidak dipungut biaya"],
            "product": [next(line for line in page.lines if line.startswith("Nomor Induk Berusaha (NIB)/"))],
            "complaints": [
                ("other", None),
                ("address", None),
                ("email", "dpmptsppariamankota@gmail.com"),
                ("social", "Dpmptspnaker KotaPariaman"),
                ("social", "Dpmptspnaker"),
                ("other", None),
                ("web", "OSS.go.id"),
            ],
        }
    ]


def _magetan(page: Printed) -> Expected:
    def cell(line: int) -> list[str]:
        text = re.sub(r"</?[a-z][^<>]*>", " ", page.text.split("\n")[line - 1].split("\t")[2])
        return [item.strip().rstrip(";").strip() for item in re.split(r"(?:^|\s)\d{1,2}\. ", squeeze(text)) if item]

    return [
        {
            "title": page.lines[2].removeprefix("STANDART PELAYANAN "),
            "requirements": cell(7),
            "procedures": [cell(8)],
            "duration": cell(9),
            "cost": cell(10),
            "product": cell(11),
            "complaints": [
                ("address", None),
                ("other", None),
                ("phone", "0351-891321"),
                ("phone", "0351-8196742"),
                ("whatsapp", "0895633648010"),
                ("email", "dpmpstsp.magetan@gmail.com"),
                ("web", "www.dpmpstsp.magetan.go.id"),
            ],
            "legal_basis": cell(15),
        }
    ]


def _kudus(page: Printed) -> Expected:
    def service(title: str, start: int, product: str) -> dict[str, Any]:
        rows = [line.split("\t") for line in page.text.split("\n")[start:] if re.match(r"\d\.\t", line)][:8]
        laws = next(line for line in page.lines[start:] if line.startswith("1. Peraturan Pemerintah"))
        return {
            "title": title,
            "office": "PEMERINTAH KABUPATEN KUDUS",
            "decree": "067.1/385/2021",
            "procedures": [[squeeze(row[1]) for row in rows]],
            "duration": ["15 menit", "5 menit", "5 menit", "30 menit", "30 menit", "15 hari", "5 menit", "2 menit"],
            "product": [product],
            "legal_basis": re.split(r"; \d\. ", laws.split(" 1. Mampu")[0].removeprefix("1. ")),
        }

    second = next(at for at, line in enumerate(page.lines) if line.startswith("B. IZIN"))
    return [
        service("IZIN USAHA INDUSTRI (OSS)", 0, "SK Izin Usaha Industri"),
        service("IZIN PERLUASAN INDUSTRI (OSS)", second, "SK Izin Perluasan Industri"),
    ]


def _siinas(page: Printed) -> Expected:
    def under(heading: str) -> list[str]:
        start = page.lines.index(heading) + 2
        return page.items(start + 1, start + page.lines[start:].index("") if "" in page.lines[start:] else 999)

    titles = [
        "Registrasi Akun",
        "Pengisian Data Perusahaan dan Upload Legalitas",
        "Pengisian Laporan Pembangunan / Laporan Produksi",
        "pengajuan SKPBKI",
        "Pengajuan Permohonan Verifikasi",
    ]
    return [
        {
            "title": page.lines[2],
            "procedure titles": titles,
            "procedures": [under(title) for title in titles],
            "requirements": [*under("Persyaratan registrasi"), *under("Persyaratan minimum upload dokumen")],
            "for": ["registrasi", "minimum upload dokumen"],
            "product": [next(line for line in page.lines if line.startswith("Terverifikasinya"))],
        }
    ]


CASES: dict[str, tuple[str, int, Callable[[Printed], Expected]]] = {
    "S0.txt": ("sippn", 1, _iui),
    "S1.txt": ("sippn", 1, _pariaman),
    "S2.txt": ("table", 1, _magetan),
    "S3.txt": ("matrix", 2, _kudus),
    "S4.txt": ("unknown", 1, _siinas),
    "04_gorontalo_ipui.txt": ("sippn", 1, _gorontalo),
    "07_sumenep_tdi-iui.txt": ("sippn", 2, _sumenep),
    "09_metro_iuki.txt": ("table", 1, _metro),
    "10_scribd_iuki_oss.txt": ("table", 1, _scribd),
    "14_surakarta_siusp.txt": ("labels", 1, _surakarta),
    "15_kabsemarang_laiksehat.txt": ("line", 1, _semarang),
}


def _path(name: str) -> Path:
    if name.startswith("S"):
        return SOURCES / name
    if SHARED is None:
        pytest.skip("the historic standards are not beside this repository")
    return SHARED / name


def _read(service: ServiceDraft, expected: dict[str, Any]) -> dict[str, Any]:
    """The draft in the words of the expectation; requirements of a matrix are not a component of it."""
    read: dict[str, Any] = {
        "title": service.title,
        "office": service.office,
        "decree": service.decree,
        "requirements": [r.text for r in service.requirements or []],
        "procedures": [p.steps for p in service.procedures or []],
        "duration": [stated.text for stated in service.duration or []],
        "cost": [stated.text for stated in service.cost or []],
        "product": service.product or [],
        "complaints": [(c.kind, c.value) for c in service.complaints or []],
        "legal_basis": service.legal_basis or [],
    }
    if "for" in expected:
        read["for"] = list(dict.fromkeys(r.whom for r in service.requirements or []))
    if "procedure titles" in expected:
        read["procedure titles"] = [p.title for p in service.procedures or []]
    if any("per langkah" in doubt.reason for doubt in service.doubts):
        del read["requirements"]
    return read


@pytest.mark.parametrize("name", CASES)
def test_at_least_nine_of_ten_components_are_right(name: str) -> None:
    path = _path(name)
    layout, count, expect = CASES[name]
    draft = read_file(path)
    assert (draft.layout, len(draft.services)) == (layout, count)
    wrong, every = [], 0
    for service, expected in zip(draft.services, expect(Printed(path)), strict=True):
        for component, value in _read(service, expected).items():
            every += 1
            if value != expected.get(component, None if component in ("title", "office", "decree") else []):
                wrong.append((service.title, component, value, expected.get(component)))
    assert len(wrong) <= every * (1 - NEEDED), wrong


@pytest.mark.parametrize("name", CASES)
def test_no_word_is_invented(name: str) -> None:
    path = _path(name)
    source = path.read_text("utf-8")
    invented = [text for service in read_file(path).services for text in texts(service) if not stands_in(text, source)]
    assert invented == []


DOUBTS = {
    "S0.txt": {"procedures": "dua kali", "duration": "langkah", "legal_basis": "sudah diganti"},
    "S2.txt": {"legal_basis": "dua kali"},
    "S3.txt": {"title": "2 layanan", "legal_basis": "sudah diganti"},
    "04_gorontalo_ipui.txt": {"title": "salah pindai", "requirements": "langkah", "procedures": "terpotong"},
    "07_sumenep_tdi-iui.txt": {"title": "2 layanan", "duration": "terpotong"},
    "09_metro_iuki.txt": {"procedures": "berselang-seling"},
    "10_scribd_iuki_oss.txt": {"duration": "berbeda artinya", "complaints": "terpotong"},
    "14_surakarta_siusp.txt": {"procedures": "terlampir", "requirements": "tergeser", "other": "terpotong"},
    "15_kabsemarang_laiksehat.txt": {"cost": "biaya", "procedures": "terpotong"},
}


@pytest.mark.parametrize("name", DOUBTS)
def test_doubts_are_raised(name: str) -> None:
    doubts = [doubt for service in read_file(_path(name)).services for doubt in service.doubts]
    for component, words in DOUBTS[name].items():
        assert any(doubt.component == component and words in doubt.reason for doubt in doubts), (component, words)


@pytest.mark.parametrize("name", ["14_surakarta_siusp.txt", "S4.txt"])
def test_what_is_not_stated_is_null(name: str) -> None:
    service = read_file(_path(name)).services[0]
    absent = {"14_surakarta_siusp.txt": {"procedures"}, "S4.txt": {"duration", "cost", "complaints", "legal_basis"}}
    assert {component for component in MAIN if getattr(service, component) is None} == absent[name]


@pytest.mark.parametrize("name", CASES)
def test_a_draft_breaks_no_rule_once_its_office_is_named(name: str) -> None:
    """What is not stated, also the steps, keeps nobody from publishing the rest."""
    path, held = _path(name), of_files()
    office = {"office_name": "Dinas Contoh Kabupaten Nirwana", "office_region": "Kabupaten Nirwana"}
    for number, service in enumerate(read_file(path).services):
        work = begin(service).model_copy(update={**office, "office_aliases": "nirwana"})
        contents = entries_of(work, path.read_text("utf-8"), 900 + number, held)
        assert problems_of(contents) == []
        assert check_part(merge(held, contents), FOLDER, list(contents)) == []
