"""A small knowledge built by hand: two offices, one national system, names that occur nowhere else."""

from __future__ import annotations

from typing import Any

from bot.knowledge.load import get_knowledge
from bot.knowledge.models import Knowledge


def fact(text: str, clause: str = "", document: str = "doc-a", mark: str = "S", **more: Any) -> dict[str, Any]:
    return {"text": text, "source": {"document": document, "clause": clause, "mark": mark}, **more}


def silent(document: str = "doc-a", **more: Any) -> dict[str, Any]:
    return {"not_stated": True, "source": {"document": document, "clause": "seluruh dokumen"}, **more}


def step(number: int, text: str, actor: str = "applicant", **more: Any) -> dict[str, Any]:
    label = {"applicant": "Anda", "system": "Sistem OSS", "office": "Petugas"}[actor]
    source = {"document": "doc-a", "clause": f"langkah {number}"}
    return {
        "number": number,
        "text": text,
        "actor": actor,
        "actor_label": label,
        "printed": text,
        "source": source,
        **more,
    }


def service(identity: str, office: str, kind: str, **more: Any) -> dict[str, Any]:
    """A service with three requirements, four steps (two of them others'), a duration and no cost."""
    base: dict[str, Any] = {
        "id": identity,
        "office": office,
        "title": f"Layanan {identity}",
        "label": identity[:24],
        "kind": kind,
        "document": "doc-a",
        "system": "oss",
        "aliases": [identity],
        "summary": fact(f"Ringkasan {identity}.", "judul"),
        "applies_to": silent(),
        "requirements": [fact(f"Syarat {n} {identity}", f"Persyaratan no. {n}", id=f"syarat-{n}") for n in (1, 2, 3)],
        "procedures": [procedure("utama")],
        "duration": fact(f"5 hari untuk {identity}.", "Jangka waktu", days=5),
        "cost": silent(),
        "product": [fact(f"Izin {identity}", "Produk")],
        "legal_basis": [fact("Peraturan Lama Nomor 1", "Dasar Hukum no. 1", note="peraturan-lama")],
        "complaints": silent(),
    }
    return base | more


def procedure(identity: str, **more: Any) -> dict[str, Any]:
    steps = [
        step(1, "Isi data usaha."),
        step(2, "Unggah denah.", condition={"question": "bentuk", "answers": ["badan"]}),
        step(3, "Petugas memeriksa berkas.", "office"),
        step(4, "Sistem mengirim kabar.", "system"),
        step(5, "Cetak izin."),
    ]
    question = {
        "id": "bentuk",
        "text": "Apa bentuk usaha Anda?",
        "options": [{"id": "orang", "label": "Perorangan"}, {"id": "badan", "label": "Badan usaha"}],
    }
    base = {"id": identity, "title": f"Panduan {identity}", "label": identity, "questions": [question], "steps": steps}
    return base | more


def office(identity: str, region: str | None, **more: Any) -> dict[str, Any]:
    base = {
        "id": identity,
        "name": f"Dinas {identity.title()}",
        "label": identity.title(),
        "region": region,
        "aliases": [identity],
        "source": {"document": "doc-a"},
        "contacts": silent(),
    }
    return base | more


def knowledge(**changes: Any) -> Knowledge:
    """Arum has a new and an expansion service, Banyu an expansion and a labour service with two ways; Pusat: all."""
    phone = {
        "kind": "phone",
        "label": "Telepon",
        "value": "021-555",
        "source": {"document": "doc-b", "clause": "Kontak"},
    }
    services = [
        service("arum-baru", "arum", "new"),
        service("arum-luas", "arum", "expansion"),
        service("banyu-luas", "banyu", "expansion", cost=fact("Gratis.", "Biaya", "doc-b")),
        service("banyu-kerja", "banyu", "labour", procedures=[procedure("mandiri"), procedure("dibantu")]),
        service("pusat-akun", "pusat", "account"),
    ]
    offices = [
        office("arum", "Kabupaten Arum"),
        office("banyu", "Kota Banyu", contacts=[phone]),
        office("pusat", None),
    ]
    documents = [{"id": name, "title": name, "short": f"Dokumen {name[-1].upper()}"} for name in ("doc-a", "doc-b")]
    terms = [
        {"id": "nib", "term": "NIB", "expansion": "Nomor Induk", "facts": [fact("Identitas usaha.")], "see_also": []},
        {"id": "kbli", "term": "KBLI", "aliases": ["kode usaha"], "facts": [fact("Kode kegiatan.", mark="2nd")]},
    ]
    raw: dict[str, Any] = {
        "documents": {one["id"]: one for one in documents},
        "kinds": get_knowledge().kinds,
        "offices": {one["id"]: one for one in offices},
        "services": {one["id"]: one for one in services},
        "terms": {one["id"]: one for one in terms},
        "legal_notes": {
            "peraturan-lama": {
                "id": "peraturan-lama",
                "subject": "Peraturan Lama",
                "facts": [fact("Sudah diganti Peraturan Baru.", "Pasal 9", "doc-b", "V")],
            }
        },
        "topics": {},
        "complaints": get_knowledge().complaints,
        "privacy": get_knowledge().privacy,
        "survey": get_knowledge().survey,
    }
    return Knowledge.model_validate(raw | changes)
