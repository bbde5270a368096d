"""Doubts about a draft that a person must look at: said in words, never repaired."""

from __future__ import annotations

import re
from collections.abc import Iterator

from bot.standards.labels import label_of
from bot.standards.models import ServiceDraft
from bot.standards.text import Line, squeeze
from bot.standards.words import is_half_word

PER_STEP = "per langkah"
"""In the doubt about times that are those of single steps."""
_LICENCES = (
    "NIB",
    "TDP",
    "SIUP",
    "TDI",
    "IUI",
    "IUKI",
    "IMB",
    "PBG",
    "TDG",
    "SIUJK",
    "IUJK",
    "TDUP",
    "HO",
    "SITU",
    "SKU",
    "PIRT",
    "SPPL",
    "SLF",
)
_TITLE_ONLY = {"NIB", "SPPL", "SKU", "IMB", "PBG"}  # asked for as papers by other licences too
_REPLACED = (
    (re.compile(r"\bTDP\b|Tanda Daftar Perusahaan", re.IGNORECASE), "TDP"),
    (re.compile(r"\bIMB\b|Izin Mendirikan Bangunan", re.IGNORECASE), "IMB"),
    (re.compile(r"\bSIUP\b|Surat Izin Usaha Perdagangan", re.IGNORECASE), "SIUP"),
    (re.compile(r"\(\s*HO\s*\)|\b(?:izin|ijin)\s+(?:gangguan|HO)\b", re.IGNORECASE), "izin gangguan (HO)"),
)
_OLD_LAWS = (
    re.compile(r"Peraturan\s+Pemerintah.{0,25}\b(?:24\s+Tahun\s+2018|5\s+Tahun\s+2021)\b", re.IGNORECASE),
    re.compile(
        r"(?:Perka|Peraturan\s+(?:Kepala\s+)?(?:BKPM|Badan\s+Koordinasi)).{0,25}\b[345]\s+Tahun\s+2021\b", re.IGNORECASE
    ),
    re.compile(r"Peraturan\s+Menteri\s+Perindustrian.{0,30}\b9\s+Tahun\s+2021\b", re.IGNORECASE),
)
_DEPENDS = re.compile(
    r"\b(?:tergantung|disesuaikan|sesuai\s+(?:dengan\s+)?(?:waktu|ketentuan|perda|peraturan)|berdasarkan\s+(?:perda|peraturan))\b",
    re.IGNORECASE,
)
_FIGURE = re.compile(r"\d")
_INTERNAL = re.compile(r"^(?:kompetensi|sarana|pengawasan|jumlah|jaminan)\b", re.IGNORECASE)
_OPEN_END = re.compile(r"\b(?:dan|atau|yang|dengan|untuk|serta|oleh|dari|dan/atau)$|,$", re.IGNORECASE)
_ENDS = (".", ";", "!", "?", ")", "]", "\u201d", '"')
_STEP = re.compile(
    r"^(?:pemohon|petugas|pelaku\s+usaha|melakukan\s+pendaftaran|mengisi|menyerahkan|mengajukan|mengambil|login|klik|datang)\b",
    re.IGNORECASE,
)
_PAPER = re.compile(r"^(?:foto\s*kopi|fotocopy|fc\.?|foto\s*copy|pas\s*foto|ktp\b|npwp\b)", re.IGNORECASE)
_MONEY = re.compile(r"\b(?:biaya|retribusi|rp\.?\s?\d)", re.IGNORECASE)
_OCR = re.compile(r"\bl(?:U[Il]|zin\b|jin\b)|\b1(?:UI|zin|jin)\b|\bIUl\b|\bGubemur\b")
_MEANINGS = (
    re.compile(r"\b(?:pemeriksaan|peninjauan|lapangan|verifikasi|survei|visitasi)\b", re.IGNORECASE),
    re.compile(r"\b(?:notifikasi|pemberitahuan)\b", re.IGNORECASE),
    re.compile(r"\b(?:pemenuhan|komitmen|perbaikan)\b", re.IGNORECASE),
)


def raise_doubts(services: list[ServiceDraft], lines: list[Line]) -> None:
    for service in services:
        for ask in (_title, _values, _placed, _broken_off, _laws):
            for component, reason in list(ask(service)):
                service.doubt(component, reason)
        if len(services) > 1:
            service.doubt("title", f"Berkas ini memuat {len(services)} layanan; periksa pembagiannya.")
    _cut_off(services, lines)


def _title(service: ServiceDraft) -> Iterator[tuple[str, str]]:
    """A title that names one licence, a body that speaks of another only."""
    title = service.title or ""
    if not title:
        yield "title", "Nama layanan tidak ditemukan."
        return
    named = [name for name in _LICENCES if re.search(rf"\b{name}\b", title)]
    product = " ".join(service.product or [])
    body = " ".join(_all_texts(service))
    produced = [name for name in _LICENCES if re.search(rf"\b{name}\b", product)]
    if named and produced and not set(named) & set(produced):
        yield "title", f"Judul menyebut {named[0]}, tetapi produknya {produced[0]}."
    elif named and not any(re.search(rf"\b{name}\b", body) for name in named):
        others = [name for name in _LICENCES if name not in _TITLE_ONLY and re.search(rf"\b{name}\b", body)]
        if others:
            yield "title", f"Judul menyebut {named[0]}, tetapi isinya berbicara tentang {others[0]}."


def _values(service: ServiceDraft) -> Iterator[tuple[str, str]]:
    for component in ("duration", "cost"):
        texts = [stated.text for stated in getattr(service, component) or []]
        for text in texts:
            if _DEPENDS.search(text) and not _FIGURE.search(
                re.sub(r"(?:nomor|no\.?|tahun)\s*\d+", "", text, flags=re.IGNORECASE)
            ):
                yield component, f"Hanya tertulis \u201c{text[:80]}\u201d, tanpa angkanya."
    durations = [stated.text for stated in service.duration or []]
    if len(durations) > 1 and not any(PER_STEP in doubt.reason for doubt in service.doubts):
        meanings = {tuple(bool(meaning.search(text)) for meaning in _MEANINGS) for text in durations}
        reason = "yang berbeda artinya" if len(meanings) > 1 else "yang perlu dibedakan"
        yield "duration", f"Ada {len(durations)} jangka waktu {reason}; tentukan yang mana untuk apa."
    if _OCR.search(" ".join([service.title or "", *_all_texts(service)])):
        yield (
            "title",
            "Ada kata yang tampak salah pindai (misalnya huruf l dan I tertukar); teks dibiarkan seperti tercetak.",
        )


def _placed(service: ServiceDraft) -> Iterator[tuple[str, str]]:
    for requirement in service.requirements or []:
        if _STEP.match(requirement.text):
            yield "requirements", f"\u201c{requirement.text[:60]}\u201d berbunyi seperti langkah, bukan syarat."
        elif _MONEY.search(requirement.text) and "ditanggung" in requirement.text.lower():
            yield "cost", f"Ada biaya yang disebut di persyaratan: \u201c{requirement.text[:80]}\u201d."
    for procedure in service.procedures or []:
        for step in procedure.steps:
            if _PAPER.match(step):
                yield "procedures", f"\u201c{step[:60]}\u201d berbunyi seperti syarat, bukan langkah."


def _broken_off(service: ServiceDraft) -> Iterator[tuple[str, str]]:
    for component in ("requirements", "procedures", "duration", "cost", "product", "legal_basis"):
        for text in _texts_of(service, component):
            if _OPEN_END.search(text):
                yield component, f"Kalimatnya terputus: \u201c\u2026{text[-50:]}\u201d."


def _laws(service: ServiceDraft) -> Iterator[tuple[str, str]]:
    laws = [text.rstrip(".") for text in service.legal_basis or []]
    for law in dict.fromkeys(law for law in laws if laws.count(law) > 1):
        yield "legal_basis", f"Tercetak dua kali: \u201c{law[:90]}\u201d."
    for text in [*(service.legal_basis or []), *(r.text for r in service.requirements or [])]:
        if any(law.search(text) for law in _OLD_LAWS):
            yield "legal_basis", f"Aturan ini sudah diganti: \u201c{text[:90]}\u201d."
    for pattern, name in _REPLACED:
        if any(pattern.search(r.text) for r in service.requirements or []):
            yield "requirements", f"Menyebut {name}, dokumen yang kini sudah diganti; tanyakan apakah masih diminta."


def _all_texts(service: ServiceDraft) -> Iterator[str]:
    yield from (r.text for r in service.requirements or [])
    yield from (step for procedure in service.procedures or [] for step in procedure.steps)
    yield from (stated.text for stated in [*(service.duration or []), *(service.cost or [])])
    yield from service.product or []


def _cut_off(services: list[ServiceDraft], lines: list[Line]) -> None:
    """The file ends in half a word, or in the middle of a standard."""
    last = next((line for line in reversed(lines) if line.text), None)
    text = "" if last is None else squeeze(last.text)
    if not text or (last is not None and last.is_row) or text.endswith(_ENDS) or label_of(text) is not None:
        return
    service = services[-1]
    missing = {"procedures", "duration", "cost", "product", "complaints"} - set(service.stated())
    word = text.split()[-1]
    every = " ".join(line.text for line in lines)
    half = is_half_word(word, every) and len(re.findall(rf"\b{re.escape(word)}\b", every)) < 2
    stopped = any(_INTERNAL.match(label) for label in service.other) and len(word) < 4
    if (len(missing) > 1 and len(text.split()) > 4) or half or stopped:
        service.doubt(_component_of(service, text), f"Teks berakhir pada \u201c{text[-40:]}\u201d; mungkin terpotong.")


def _component_of(service: ServiceDraft, last: str) -> str:
    names = ("complaints", "legal_basis", "product", "cost", "duration", "procedures", "requirements", "other")
    for component in names:
        if any(_ends_alike(text, last) for text in _texts_of(service, component)):
            return component
    return "procedures"


def _ends_alike(text: str, last: str) -> bool:
    """In a table read as lines, words of the label may stand in the last line."""
    word = last.rsplit(maxsplit=1)[-1]
    return bool(text) and (
        text.endswith(last[-25:]) or last.endswith(text[-25:]) or text.rsplit(maxsplit=1)[-1] == word
    )


def _texts_of(service: ServiceDraft, component: str) -> Iterator[str]:
    match component:
        case "requirements":
            yield from (r.text for r in service.requirements or [])
        case "procedures":
            yield from (step for procedure in service.procedures or [] for step in procedure.steps)
        case "duration" | "cost":
            yield from (stated.text for stated in getattr(service, component) or [])
        case "complaints":
            yield from (contact.text for contact in service.complaints or [])
        case "other":
            yield from (text for texts in service.other.values() for text in texts)
        case _:
            yield from getattr(service, component) or []
