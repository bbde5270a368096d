"""Replies about a code that the applicant typed, and about its risk."""

from __future__ import annotations

from collections.abc import Sequence

from bot.answers.kbli.wording import ANOTHER, INTENT, KBLI, SOURCE, sentence, with_source
from bot.answers.payloads import button
from bot.kbli.classification import Classification, Entry, Heir
from bot.kbli.lookup import CATEGORIES, LONGEST, Lookup, everyday_title, look_up, typed_in
from bot.kbli.models import SCALES
from bot.kbli.risk import DOCUMENTS, risk_of
from bot.knowledge.trades import get_table
from bot.messages import Button, Reply

_COVERS = 330  # characters of a description
_TITLE = 80
_MOST = 4
_DIVIDED = 6  # more heirs than that are not listed
_OSS = "Pastikan di oss.go.id: layar OSS menentukan menurut ruang lingkup yang dipilih."
_SOURCE_RISK = f"{SOURCE}; PP 28/2025 Pasal 128-133"
_SOURCE_SCALE = f"{SOURCE}; PP 7/2021 Pasal 35"


def tell_lookup(found: Lookup, classification: Classification | None = None) -> Reply:
    """One typed code, group or letter."""
    match found.kind:
        case "current":
            assert found.entry is not None
            return _current(found.entry, found.was)
        case "old":
            return _old(found)
        case "both":
            return _both(found)
        case "group":
            return _group(found)
        case "letter":
            return _letter(found.typed)
        case "digits":
            return _digits(found)
    return _missing(found)


def tell_several(found: Sequence[Lookup]) -> Reply:
    """Several typed codes, a line each."""
    lines = [f"{_shown(one.typed)}: {_in_short(one)}." for one in found]
    buttons = tuple(
        button(f"Tentang {one.typed}", INTENT, code=one.typed)
        for one in found
        if one.kind in ("current", "old", "both")
    )
    return Reply(with_source(f"{KBLI} 2025:\n" + "\n".join(lines)), buttons)


def _shown(typed: str) -> str:
    return typed if len(typed) <= LONGEST else "Nomor panjang itu"


def tell_risk(code: str, scale: str, classification: Classification | None) -> Reply:
    """The risk of a code of 2025; asks for the scale first."""
    looked = look_up(typed_in(code)[0], classification) if typed_in(code) else None
    if looked is None or looked.kind not in ("current", "both"):
        return tell_lookup(looked, classification) if looked else Reply(f"{code} bukan kode KBLI lima digit.")
    assert looked.entry is not None
    name = f"{code} ({everyday_title(looked.entry)})"
    held = classification.risks.get(code) if classification else None
    if not held:
        return _unknown_risk(
            code, f"Tidak diketahui: data yang saya punya tidak memuat risiko {name}. Itu bukan berarti rendah."
        )
    if not scale:
        return _ask_scale(code, name)
    risk = risk_of(code, scale, classification)
    if not risk.known:
        listed = ", ".join(risk.scales)
        return _unknown_risk(
            code,
            f"Tidak diketahui untuk usaha {scale}: data saya hanya memuat {name} untuk skala {listed}. "
            "Itu bukan berarti rendah, dan mungkin skala itu tidak terbuka.",
        )
    options = [f"{one.lower()} ({DOCUMENTS[one]})" for one in risk.known]
    if len(options) == 1:
        text = (
            f"{sentence(options[0])} untuk usaha {scale}, {name}, KBLI 2025; menurut sumber sekunder (Juli "
            f"2026), periksa lagi. {_OSS}"
        )
    else:
        text = (
            f"Belum pasti satu tingkat: untuk usaha {scale}, {name}, KBLI 2025, menurut sumber sekunder (Juli 2026) "
            f"bisa {' atau '.join(options)}, tergantung ruang lingkup kegiatannya. "
            "Pastikan di oss.go.id; saya tidak memilihkan."
        )
    return Reply(with_source(text, _SOURCE_RISK), (button("Cakupan kode ini", INTENT, code=code), _another()))


def _ask_scale(code: str, name: str) -> Reply:
    text = (
        f"Tergantung skala usahanya. Risiko {name} berbeda menurut skala: mikro bila modalnya sampai Rp1 miliar, "
        "kecil sampai Rp5 miliar, menengah sampai Rp10 miliar, di luar tanah dan bangunan; di atasnya besar. "
        "Skala Anda yang mana?"
    )
    buttons = tuple(button(sentence(scale), INTENT, code=code, part="risk", scale=scale) for scale in SCALES)
    return Reply(with_source(text, _SOURCE_SCALE), buttons)


def _unknown_risk(code: str, text: str) -> Reply:
    text += f" Cari {code} di oss.go.id/kbli, pilih ruang lingkup dan skalanya, lalu lihat tingkat risikonya."
    return Reply(with_source(text), (button("Cakupan kode ini", INTENT, code=code), _another()))


def _current(entry: Entry, was: Sequence[str]) -> Reply:
    covers = _shortened(entry.covers)
    old = _old_of(entry.code, was)
    text = f"{entry.code} adalah {everyday_title(entry)} di {KBLI} 2025. {covers} {old}"
    buttons = (button(f"Risiko {entry.code}", INTENT, code=entry.code, part="risk"), _another())
    return Reply(with_source(" ".join(text.split())), buttons)


def _old_of(code: str, was: Sequence[str]) -> str:
    if not was:
        return "Nomor 2020-nya belum saya ketahui."
    return "Nomornya sama di edisi 2020." if code in was else f"Di edisi 2020: {' atau '.join(was)}."


def _old(found: Lookup) -> Reply:
    title = f" ({_cut(everyday_old(found.old), _TITLE)})" if found.old and found.old.title else ""
    sure = [one for one in found.heirs if not one.doubtful]
    doubtful = [one for one in found.heirs if one.doubtful]
    if not found.heirs:
        text = (
            f"Belum saya ketahui penerusnya: {found.typed}{title} ada di KBLI 2020, tetapi padanannya di 2025 "
            "tidak tercatat."
        )
        return Reply(with_source(text), (_another(),))
    if len(sure) > _DIVIDED:
        text = (
            f"Terbagi: {found.typed}{title} di KBLI 2020 menjadi {len(sure)} kode di {KBLI} 2025, menurut barang atau "
            "kegiatannya. Apa yang Anda jual atau kerjakan? Saya carikan kodenya."
        )
        return Reply(with_source(text), (_another(),))
    if sure:
        listed = "; ".join(_heir(one) for one in sure[:_MOST])
        more = f"; dan {len(sure) - _MOST} lagi" if len(sure) > _MOST else ""
        text = f"{found.typed}{title} di KBLI 2020 menjadi, di {KBLI} 2025: {listed}{more}."
        if len(sure) > 1:
            text += " Pilih yang cocok dengan kegiatan Anda."
    else:
        text = f"Belum pasti penerus {found.typed}{title} dari KBLI 2020 di {KBLI} 2025."
    if doubtful:
        listed = ", ".join(_heir(one) for one in doubtful[:3])
        text += f" Tercatat juga, tetapi meragukan: {listed}; jangan dipakai tanpa memeriksa uraiannya di OSS."
    shown = (sure or doubtful)[:3]
    buttons = tuple(button(f"Tentang {one.entry.code}", INTENT, code=one.entry.code, edition="2025") for one in shown)
    return Reply(with_source(text), buttons)


def everyday_old(entry: Entry) -> str:
    return entry.title.lower()


def _heir(one: Heir) -> str:
    return f"{one.entry.code} {everyday_title(one.entry)}" if one.entry.title else one.entry.code


def _both(found: Lookup) -> Reply:
    assert found.entry is not None
    now = everyday_title(found.entry)
    before = everyday_old(found.old) if found.old and found.old.title else "kegiatan lain"
    text = (
        f"Tergantung edisinya. Di {KBLI} 2025, {found.typed} adalah {now}; di edisi 2020 nomor itu dipakai untuk "
        f"{before}. "
        "Nomor Anda dari edisi mana?"
    )
    buttons = tuple(button(f"Edisi {year}", INTENT, code=found.typed, edition=year) for year in ("2025", "2020"))
    return Reply(with_source(text), buttons)


def _group(found: Lookup) -> Reply:
    near = found.near[:_MOST]
    if not near:
        return Reply(
            with_source(f"{found.typed} belum lengkap: kode {KBLI} lima digit. Sebutkan usahanya, saya carikan."),
            (_another(),),
        )
    listed = "; ".join(f"{one.code} {everyday_title(one)}" for one in near)
    more = f"; dan {len(found.near) - _MOST} lagi" if len(found.near) > _MOST else ""
    text = (
        f"{found.typed} belum lengkap: {KBLI} yang dipilih di OSS lima digit. Yang diawali {found.typed} di "
        f"edisi 2025: {listed}{more}. Kegiatan Anda yang mana?"
    )
    return Reply(with_source(text), tuple(button(f"Tentang {one.code}", INTENT, code=one.code) for one in near[:3]))


def _letter(letter: str) -> Reply:
    about, first, last = CATEGORIES[letter]
    begins = f"{first:02d}" if first == last else f"{first:02d} sampai {last:02d}"
    text = (
        f"{letter} adalah kategori {about}, bukan kode usaha. {KBLI} yang dipilih di OSS lima digit; "
        f"di kategori {letter} edisi 2025 diawali {begins}. Usaha Anda apa? Saya carikan kodenya."
    )
    return Reply(with_source(text), (_another(),))


def _digits(found: Lookup) -> Reply:
    if len(found.typed) == 16:
        return Reply(
            "16 digit itu bentuk NIK atau NPWP, bukan KBLI; hapus pesannya dan jangan kirim nomor itu di sini. "
            "Kode KBLI lima digit: sebutkan usahanya, saya carikan kodenya.",
            (_another(),),
        )
    if len(found.typed) == 13:
        return Reply(
            "13 digit itu bentuk NIB, bukan KBLI; kode KBLI lima digit. Sebutkan usahanya, saya carikan kodenya.",
            (_another(),),
        )
    if len(found.typed) > LONGEST:
        return Reply("Nomor sepanjang itu bukan KBLI; kode KBLI lima digit. Sebutkan usahanya.", (_another(),))
    meant = f" Maksudnya {found.near[0].code}, {everyday_title(found.near[0])}?" if found.near else ""
    text = (
        f"Kelebihan digit: {KBLI} lima digit, yang tertulis {len(found.typed)}.{meant} Periksa lagi, atau "
        "sebutkan usahanya."
    )
    buttons = tuple(button(f"Ya, {one.code}", INTENT, code=one.code) for one in found.near[:1])
    return Reply(with_source(text), (*buttons, _another()))


def _missing(found: Lookup) -> Reply:
    near = "; ".join(f"{one.code} {everyday_title(one)}" for one in found.near[:3])
    beside = f" Yang berdekatan: {near}." if near else ""
    if found.kind == "missing":
        text = (
            f"Tidak ada: {found.typed} tidak tercatat di KBLI 2025 maupun 2020 dalam data saya.{beside} Periksa "
            "lagi kelima digitnya, atau sebutkan usahanya."
        )
    else:
        text = (
            f"Belum saya ketahui: {found.typed} tidak ada di daftar KBLI 2025 yang saya punya, yang belum "
            f"lengkap.{beside} Cek di oss.go.id/kbli, atau sebutkan usahanya."
        )
    return Reply(with_source(text), (_another(),))


def _in_short(found: Lookup) -> str:
    match found.kind:
        case "current" | "both":
            assert found.entry is not None
            words = get_table().codes.get(found.typed)
            return f"{everyday_title(found.entry)} ({words.when})" if words else everyday_title(found.entry)
        case "old":
            heirs = " atau ".join(one.entry.code for one in found.heirs[:3] if not one.doubtful)
            return f"nomor edisi 2020, kini {heirs}" if heirs else "nomor edisi 2020, penerusnya belum pasti"
        case "group":
            return "belum lengkap, kode KBLI lima digit"
        case "digits":
            return "kelebihan digit, kode KBLI lima digit"
    return "tidak ada di data saya, periksa lagi"


def _shortened(text: str) -> str:
    """The first sentences of a description, as many as fit."""
    text = " ".join(text.split())
    if text and not text[0].isupper():
        text = sentence(text)
    if text and not text.endswith("."):
        text += "."
    if len(text) <= _COVERS:
        return text
    whole, dot, _ = text[:_COVERS].rpartition(". ")
    return f"{whole}." if dot and len(whole) > 120 else _cut(text, _COVERS)


def _cut(text: str, limit: int) -> str:
    return text if len(text) <= limit else text[:limit].rsplit(" ", 1)[0].rstrip(" ,;:-") + "…"


def _another() -> Button:
    return button(ANOTHER, INTENT)
