"""Targets that need no network: imports, knowledge, attachments, masking, payloads.

A target makes one case from a `random.Random` and feeds it; whatever `feed` raises, other than the refusals that the
code documents, is a failure.
"""

from __future__ import annotations

import csv
import io
import re
import shutil
import zipfile
from collections.abc import Awaitable, Callable, Iterator
from contextlib import suppress
from dataclasses import dataclass
from pathlib import Path
from random import Random
from typing import Any

import anyio
import yaml
from PIL import Image

from bot.answers.payloads import parse as parse_ours
from bot.applications.entries import understand
from bot.applications.numbers import claim_code_in, looks_mistyped, number_in
from bot.applications.reading import COLUMNS, parse_date, wanted
from bot.applications.service import Register
from bot.complaints.files import Refused, shrink
from bot.conversations.inbox import clean
from bot.conversations.text import split_text
from bot.files import kinds
from bot.files.pictures import NoPicture, made
from bot.handoff.file_types import safe_name
from bot.knowledge.check import check
from bot.knowledge.load import FOLDER, KnowledgeError, get_knowledge, load
from bot.masking import holds_identity, holds_secret, mask_personal, mask_secrets, mask_technical
from bot.messages import command_payload
from bot.sheets import Unreadable, parse
from engine.payload import PayloadRefused, parse_payload
from tests.hostile.fuzzing import odd


@dataclass(frozen=True, slots=True)
class Target:
    """`share`: of a thousand cases. `feed` raises when something is wrong."""

    name: str
    share: int
    make: Callable[[Random], Any]
    feed: Callable[[Any], Awaitable[None]]


def of(name: str, share: int, make: Callable[[Random], Any], feed: Callable[[Any], None]) -> Target:
    async def fed(case: Any) -> None:
        feed(case)

    return Target(name, share, make, fed)


def local_targets(folder: Path) -> list[Target]:
    """All of them; `folder` is for the files they read."""
    return [
        of("import CSV", 100, _csv_case, _import),
        of("import XLSX", 30, _xlsx_maker(), _import),
        of("knowledge YAML", 10, _yaml_maker(folder), lambda case: _knowledge(folder, *case)),
        of("pictures", 50, _picture_maker(), _attachment),
        of("officers' files", 20, _picture_maker(), _sent_file),
        Target("PDF files", 30, _pdf_case, lambda case: _pdf_file(folder / "file", case)),
        of("masking", 110, _personal_case, _masking),
        of("payloads, numbers", 150, _payload_case, _grammar),
    ]


# --- imports ---

_ROWS = [
    ["A/1", "magetan-perluasan", "02-11-2026", "", "Budi", "Tahu Budi", "081234567890", "budi@contoh.id", "verifikasi"],
    ["A/2", "kudus-iui", "2 November 2026", "", "Siti", 'Batik "Siti"', "+62 812 3456 7891", "", ""],
]
_HEADER = ["nomor", "layanan", "tanggal_masuk", "alur", "nama", "usaha", "telepon", "email", "tahap"]


def _csv_case(source: Random) -> bytes:
    rows = [_HEADER, *(row[:] for row in _ROWS)]
    for _ in range(source.randrange(6)):
        row = source.choice(rows)
        row[source.randrange(len(row))] = str(odd.value(source))
    if source.randrange(5) == 0:
        rows[0] = [source.choice([name, *COLUMNS.get(name, (name,))]) for name in rows[0]]
    target = io.StringIO()
    csv.writer(target, delimiter=source.choice(",;\t|")).writerows(rows)
    content = target.getvalue().encode(source.choice(["utf-8", "utf-8-sig", "cp1252", "utf-16"]), "replace")
    return odd.data(source, content) if source.randrange(2) else content


def _xlsx_maker() -> Callable[[Random], bytes]:
    import openpyxl

    book = openpyxl.Workbook()
    for row in (_HEADER, *_ROWS):
        book.active.append(row)
    target = io.BytesIO()
    book.save(target)
    with zipfile.ZipFile(target) as archive:
        parts = {name: archive.read(name) for name in archive.namelist()}
    sheet = "xl/worksheets/sheet1.xml"
    lies = [
        (rb'r="[A-Z]+\d+"', b'r="XFD1048576"'),
        (rb'ref="[^"]*"', b'ref="A1:XFD1048576"'),
        (rb'r="2"', b'r="1048576"'),
    ]

    def make(source: Random) -> bytes:
        spoiled = dict(parts)
        for _ in range(source.choice([1, 1, 2])):
            name = sheet if source.randrange(2) else source.choice(list(spoiled))
            if source.randrange(3) == 0:
                spoiled[sheet] = re.sub(*source.choice(lies), spoiled[sheet], count=1)
            elif source.randrange(12) == 0 and len(spoiled) > 1:
                spoiled.pop(name)
            elif name in spoiled:
                spoiled[name] = odd.data(source, spoiled[name])
            spoiled.setdefault(sheet, b"")
        packed = io.BytesIO()
        with zipfile.ZipFile(packed, "w", zipfile.ZIP_DEFLATED) as archive:
            for name, content in spoiled.items():
                archive.writestr(name, content)
        return odd.data(source, packed.getvalue()) if source.randrange(4) == 0 else packed.getvalue()

    return make


def _import(content: bytes) -> None:
    register = Register(None, get_knowledge())  # type: ignore[arg-type]  # rows are understood without the database
    with suppress(Unreadable):
        understand(register, parse(content, wanted()).rows)


# --- knowledge ---

_KEPT = ("offices/magetan.yaml", "services/magetan-perluasan.yaml", "stages/magetan-perluasan.yaml")
_BOMB = "a: &a [x,x,x,x,x,x,x,x,x]\n" + "".join(
    f"{name}: &{name} [{','.join(['*' + before] * 9)}]\n" for before, name in zip("abcdefgh", "bcdefghi", strict=True)
)


def _yaml_maker(folder: Path) -> Callable[[Random], tuple[str, bytes]]:
    """A small knowledge folder, and one spoiled file of it a case."""
    own = folder / "knowledge"
    shutil.copytree(FOLDER, own)
    for part in ("offices", "services", "stages"):
        for path in (own / part).iterdir():
            if f"{part}/{path.name}" not in _KEPT:
                path.unlink()
    for part in ("questions", "national", "tried", "troubles"):
        for path in sorted((own / part).iterdir())[1:]:
            path.unlink()
    lists = [path.relative_to(own) for part in ("questions", "national", "tried") for path in (own / part).iterdir()]
    for name in ("glossary.yaml", "topics.yaml", "documents.yaml", *lists):
        entries = yaml.safe_load((own / name).read_text("utf-8"))
        (own / name).write_text(yaml.safe_dump(entries[:3], allow_unicode=True), "utf-8")
    names = [str(path.relative_to(own)) for path in sorted(own.rglob("*.yaml"))]
    texts = {name: (own / name).read_text("utf-8") for name in names}
    trees = {name: yaml.safe_load(text) for name, text in texts.items()}

    def make(source: Random) -> tuple[str, bytes]:
        name = source.choice(names)
        kind = source.randrange(20)
        if kind == 0:
            return name, (_BOMB + texts[name]).encode()
        if kind == 1:
            return name, source.choice([b"[", b"{a: ", b"- ", b"? "]) * source.choice([100, 10_000])
        if kind < 10:
            return name, odd.data(source, texts[name].encode())
        spoiled = yaml.safe_dump(odd.tree(source, trees[name]), allow_unicode=True)
        return name, spoiled.encode("utf-8", "replace")

    return make


def _knowledge(folder: Path, name: str, content: bytes) -> None:
    own = folder / "knowledge"
    right = (own / name).read_bytes()
    (own / name).write_bytes(content)
    try:
        check(load(own), own)
    except KnowledgeError:
        pass
    finally:
        (own / name).write_bytes(right)


# --- attachments ---


def _picture_maker() -> Callable[[Random], bytes]:
    picture = Image.effect_noise((80, 60), 60).convert("RGB")
    rights = []
    for kind in ("JPEG", "PNG", "WEBP", "GIF", "BMP", "TIFF"):
        target = io.BytesIO()
        exif = Image.Exif()
        exif[0x0112] = 6  # turned
        picture.save(target, kind, **({"exif": exif} if kind in ("JPEG", "PNG", "WEBP") else {}))
        rights.append(target.getvalue())

    def make(source: Random) -> bytes:
        right = source.choice(rights[:3]) if source.randrange(8) else source.choice(rights)
        if source.randrange(4) == 0:  # tells another size than it has
            return _resized(source, right)
        return odd.data(source, right) if source.randrange(10) else right

    return make


def _resized(source: Random, right: bytes) -> bytes:
    size = [source.choice([0, 1, 5_000, 20_000, 65_000, 2**31 - 1]) for _ in range(2)]
    if right.startswith(b"\x89PNG"):
        import zlib

        header = b"IHDR" + size[0].to_bytes(4, "big") + size[1].to_bytes(4, "big") + right[24:29]
        return right[:12] + header + zlib.crc32(header).to_bytes(4, "big") + right[33:]
    start = right.find(b"\xff\xc0")
    if start > 0:
        short = [min(one, 65_535).to_bytes(2, "big") for one in size]
        return right[: start + 5] + short[0] + short[1] + right[start + 9 :]
    return right


_PDF = b"""%PDF-1.4
1 0 obj << /Type /Catalog /Pages 2 0 R >> endobj
2 0 obj << /Type /Pages /Kids [3 0 R] /Count 1 >> endobj
3 0 obj << /Type /Page /Parent 2 0 R /MediaBox [0 0 200 200] >> endobj
xref
0 4
trailer << /Size 4 /Root 1 0 R >>
startxref
190
%%EOF
"""


def _pdf_case(source: Random) -> bytes:
    return odd.data(source, _PDF.replace(b"/Size", source.choice([b"/Size", b"/Encrypt 9 0 R /Size"])))


async def _pdf_file(path: Path, content: bytes) -> None:
    await anyio.Path(path).write_bytes(content)
    with suppress(Refused):
        assert (await shrink(path, "application/pdf"))[1] == ".pdf"


def _attachment(content: bytes) -> None:
    with suppress(NoPicture):
        assert len(made(content, 400_000)) <= 400_000


def _sent_file(content: bytes) -> None:
    if found := kinds.answer(content):
        name = safe_name("../\x00..\\evil.php\n.png", found[1])
        assert re.fullmatch(r"[\w .()-]+\.(jpg|png|pdf|docx|xlsx)", name), name


# --- masking, payloads ---

_SAYINGS = (
    "nama saya {name}, NIK {nik}, hp {phone}, email {mail}",
    "otp saya {code} tidak bisa, password: {secret}",
    "jl. Sunan Kudus no 5 rt 03 rw 02, a.n. {name} NPWP {npwp} NIB {nib}",
    "token {token} url https://u:{secret}@host/x?token={secret}",
    "{nik}{nik} {phone}-{phone} {mail}{mail}",
)
_RIGHT = {
    "name": "Siti Contoh",
    "nik": "3374012345670001",
    "phone": "0812-3456-7890",
    "mail": "siti@contoh.id",
    "code": "482913",
    "secret": "rahasiaSekali1",
    "npwp": "01.234.567.8-901.000",
    "nib": "9120001234567",
    "token": "7000000001:AAtest-token-for-local-servers-only0000",
}


def _personal_case(source: Random) -> str:
    right = source.choice(_SAYINGS).format(**_RIGHT)
    kind = source.randrange(10)
    if kind == 0:
        return (source.choice([*TEXT_TRAPS, right, "saya Ab "]) * 6_000)[:20_000]
    return right if kind == 1 else odd.text(source, right)


TEXT_TRAPS = (
    "1 ",
    "1-",
    "(",
    "a@",
    "a.",
    "Saya Ab",
    "nama saya ",
    "jl ",
    "0812 ",
    "+62 ",
    "otp ",
    "pw:",
    "://a:",
    "rt 1 ",
)
"""Repeated twenty thousand signs long, these would keep a careless pattern busy for hours."""


def _masking(text: str) -> None:
    stored = mask_secrets(clean(text))
    assert not holds_identity(stored), "an NIK is left"
    holds_secret(text)
    assert not holds_identity(mask_personal(text)), "an NIK is left"
    technical = mask_technical(text)
    assert _RIGHT["token"] not in technical, "a token is left"


_INTENTS = frozenset({"ask_cost", "inform", "guide_step", "talk_to_human", "restart"})
_ENTITIES = frozenset({"service", "office", "step"})
_PAYLOADS = (
    '/ask_cost{"service":"kudus-iui"}',
    "/talk_to_human",
    '/guide_step{"step":3}',
    "PDU-7K3M-9XQ4 dan KLAIM-7K3M-9XQ4-ACDE",
    "/start@PanduBot KLAIM-7K3M-9XQ4-ACDE",
    "20 November 2026",
    "Pasal 3 ayat (1) huruf b. dll. Lihat no. 5.\n\nSelesai.",
)


def _payload_case(source: Random) -> str:
    if source.randrange(25) == 0:
        return (source.choice(["PDU-", "KLAIM 7K3M", "/a{", '{"a":', "[", "1.", "a. "]) * 8_000)[:20_000]
    return odd.text(source, source.choice(_PAYLOADS))


def _grammar(text: str) -> None:
    with suppress(PayloadRefused):
        intent, entities = parse_payload(text, _INTENTS, _ENTITIES)
        assert intent in _INTENTS - {"restart"} and {one["entity"] for one in entities} <= _ENTITIES
    with suppress(ValueError, RecursionError):
        parse_ours(text)
    with suppress(ValueError):
        parse_date(text)
    command_payload(text)
    for found in (number_in(text), claim_code_in(text)):
        assert found is None or re.fullmatch(r"(PDU|KLAIM)(-[A-Z0-9]{4}){2,3}", found)
    looks_mistyped(text)
    for part in split_text(clean(text), 100):
        assert 0 < sum(2 if sign > "\uffff" else 1 for sign in part) <= 100, "a part is too long"


def counted(targets: list[Target], cases: int) -> Iterator[tuple[Target, int]]:
    """Each target with its number of cases."""
    total = sum(target.share for target in targets)
    for target in targets:
        yield target, max(1, round(cases * target.share / total))
