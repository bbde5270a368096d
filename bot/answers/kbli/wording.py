"""Sentences about codes that stand in several replies."""

from __future__ import annotations

from collections.abc import Sequence

from bot.kbli.find import Candidate

INTENT = "ask_kbli"
LIMIT = 700  # characters of a reply
KBLI = "KBLI (kode jenis usaha)"
SOURCE = "Sumber: data KBLI 2025 (sekunder; periksa di oss.go.id/kbli)"
SOURCE_NIB = f"{SOURCE}; PP 28/2025 Pasal 211"
ANOTHER = "Cari usaha lain"
CODE_FIRST = "Risikonya menurut kodenya, jadi kodenya dulu."
ASK_TRADE = (
    "Usahanya apa? Tulis barang atau jasanya dan caranya, misalnya “bikin keripik singkong”, “jualan es teh pakai "
    "gerobak”, atau “servis AC”. Nomor KBLI lima digit juga boleh."
)
UNKNOWN = (
    "Belum saya kenali usahanya. Tulis barang atau jasanya dan caranya: dibuat, dijual eceran, dijual partai besar, "
    "disewakan, atau dikerjakan di tempat pelanggan? Misalnya “bikin keripik singkong” atau “servis AC”. Daftar "
    "resminya bisa dicari di oss.go.id/kbli."
)


def with_source(text: str, source: str = SOURCE) -> str:
    """`text` and its source line, within the length of a reply."""
    tail = f"\n\n{source}"
    body = text
    if len(body) + len(tail) > LIMIT:
        body = body[: LIMIT - len(tail) - 1].rsplit(" ", 1)[0].rstrip(" ,;(") + "…"
    return body + tail


def sentence(text: str) -> str:
    """With a capital letter."""
    return text[:1].upper() + text[1:]


def old_numbers(shown: Sequence[Candidate]) -> str:
    """The numbers of edition 2020 beside those of 2025."""
    changed = [one for one in shown if one.was and one.code not in one.was]
    unknown = [one for one in shown if not one.was]
    if not changed and not unknown:
        return "Nomornya sama di edisi 2020."
    if len(shown) == 1:
        return f"Di edisi 2020: {' atau '.join(changed[0].was)}." if changed else "Nomor 2020-nya belum saya ketahui."
    told = [f"{' atau '.join(one.was)} (kini {one.code})" for one in changed]
    told += [f"untuk {one.code} belum saya ketahui" for one in unknown]
    same = ", lainnya sama" if len(told) < len(shown) else ""
    return f"Edisi 2020: {', '.join(told)}{same}."
