"""The person's own words in tidy Indonesian: chat abbreviations that have one meaning only, capitals, full stops.

Nothing is added or reordered. Words in another language stay as they are. (The engine's table of spellings is not used
here: it brings a message nearer to the training examples, which may change what was said: "tunggu" to "menunggu".)
"""

from __future__ import annotations

import re

# Only what can mean one thing. "sm" (sama, sampai), "d" (di, dan) or "k" (ke, kak) stay as they are.
SHORT_FORMS = {
    "yg": "yang",
    "dgn": "dengan",
    "dg": "dengan",
    "utk": "untuk",
    "krn": "karena",
    "karna": "karena",
    "tdk": "tidak",
    "tak": "tidak",
    "gak": "tidak",
    "ga": "tidak",
    "gk": "tidak",
    "nggak": "tidak",
    "ngga": "tidak",
    "enggak": "tidak",
    "engga": "tidak",
    "kagak": "tidak",
    "blm": "belum",
    "blom": "belum",
    "belom": "belum",
    "udh": "sudah",
    "udah": "sudah",
    "sdh": "sudah",
    "dah": "sudah",
    "sy": "saya",
    "gw": "saya",
    "gue": "saya",
    "gua": "saya",
    "aq": "saya",
    "aku": "saya",
    "jg": "juga",
    "bgt": "sekali",
    "banget": "sekali",
    "bngt": "sekali",
    "tp": "tetapi",
    "tpi": "tetapi",
    "tapi": "tetapi",
    "dr": "dari",
    "pd": "pada",
    "spy": "supaya",
    "bs": "bisa",
    "bsa": "bisa",
    "hrs": "harus",
    "msh": "masih",
    "trs": "terus",
    "trus": "terus",
    "kmrn": "kemarin",
    "kemaren": "kemarin",
    "skrg": "sekarang",
    "skrng": "sekarang",
    "bln": "bulan",
    "mgg": "minggu",
    "thn": "tahun",
    "tgl": "tanggal",
    "jt": "juta",
    "rb": "ribu",
    "brp": "berapa",
    "bpk": "bapak",
    "org": "orang",
    "lgsg": "langsung",
    "lgsng": "langsung",
    "knp": "kenapa",
    "gmn": "bagaimana",
    "gimana": "bagaimana",
    "gitu": "begitu",
    "gini": "begini",
    "emang": "memang",
    "cuman": "cuma",
    "nunggu": "menunggu",
    "ngurus": "mengurus",
    "ngasih": "memberi",
    "dikasih": "diberi",
    "bilang": "mengatakan",
    "dibilang": "dikatakan",
    "duit": "uang",
    "kayak": "seperti",
    "kyk": "seperti",
    "kalo": "kalau",
    "klo": "kalau",
    "kl": "kalau",
    "sampe": "sampai",
    "smpe": "sampai",
    "smpai": "sampai",
    "liat": "lihat",
    "dpt": "dapat",
    "dapet": "dapat",
    "ijin": "izin",
    "pake": "pakai",
    "byk": "banyak",
    "bnyk": "banyak",
    "ktr": "kantor",
    "ktnya": "katanya",
    "pdhl": "padahal",
    "pdhal": "padahal",
    "tlp": "telepon",
    "telpon": "telepon",
    "tlpn": "telepon",
    "dtg": "datang",
    "dateng": "datang",
    "dll": "dan lain-lain",
    "tsb": "tersebut",
    "sblm": "sebelum",
    "stlh": "setelah",
    "slalu": "selalu",
    "mrk": "mereka",
    "cpt": "cepat",
    "tlg": "tolong",
    "tlong": "tolong",
    "nomer": "nomor",
    "apk": "aplikasi",
    "aja": "saja",
    "aj": "saja",
    "sj": "saja",
    "lgi": "lagi",
    "jln": "jalan",
    "stiap": "setiap",
    "dlm": "dalam",
    "sampek": "sampai",
    "ketemu": "bertemu",
    "gada": "tidak ada",
    "gaada": "tidak ada",
    "gakada": "tidak ada",
    "gajelas": "tidak jelas",
    "gabisa": "tidak bisa",
    "makin": "semakin",
    "eror": "error",
}
_NAMES = {
    "oss": "OSS",
    "siinas": "SIINas",
    "nib": "NIB",
    "dpmptsp": "DPMPTSP",
    "kbli": "KBLI",
    "npwp": "NPWP",
    "ktp": "KTP",
    "iui": "IUI",
    "pbg": "PBG",
    "mpp": "MPP",
    "wa": "WA",
    "kudus": "Kudus",
    "magetan": "Magetan",
    "pariaman": "Pariaman",
    **{
        month: month.capitalize()
        for month in (
            "januari", "februari", "maret", "april", "juni", "juli", "agustus", "september", "oktober", "november",
            "desember", "senin", "selasa", "rabu", "kamis", "jumat", "sabtu",
        )
    },
}  # fmt: skip
_FILLERS = re.compile(r"(?<!\s)\s*\b(?:nih|sih|dong|deh|lho|loh|kok|wkwk\w*|haha\w*|hadeh\w*|huft)\b", re.IGNORECASE)
_EMOJI = re.compile(r"[\U0001F000-\U0001FAFF\u2600-\u27BF\uFE0F\u200D]+")
_WORD = re.compile(r"[^\W\d_]+(?:'[^\W\d_]+)?")
_REPEATED = re.compile(r"([!?.,])\1+")
_STRETCHED = re.compile(r"([^\W\d_])\1{2,}")

# Function words of other languages; three of them make a report that LAPOR!'s readers may not understand.
_JAVANESE = """
kulo dalem ora mboten wis sampun durung dereng piye pripun ngono ngene njaluk nyuwun duwit dhuwit yen karo kalih opo
nopo iki niki kuwi niku nang wonten suwe rampung sing amargo mergo tekan neng wae mung arep kon diwenehi dijaluki saiki
wingi
"""
_MINANG = """
ambo indak alun alah pitih rancak bana lamo dima baa iko inyo urang mintak kanai sarupo cako patang pai
"""
_ELSEWHERE = {"Jawa": frozenset(_JAVANESE.split()), "Minang": frozenset(_MINANG.split())}


def tidy(text: str) -> str:
    """One message as sentences: abbreviations written out, emoji and fillers of chat left away, capitals, full stop."""
    text = _FILLERS.sub("", _EMOJI.sub(" ", text))
    text = _REPEATED.sub(r"\1", _STRETCHED.sub(r"\1", text))
    lines = [_sentences(" ".join(_line(line).split())) for line in text.splitlines()]
    return " ".join(line for line in lines if line)


def plain(text: str) -> str:
    """For comparing with signs: lower case, abbreviations written out, single spaces, no punctuation but hyphens."""
    words = _WORD.sub(lambda match: SHORT_FORMS.get(match[0].lower(), match[0].lower()), _STRETCHED.sub(r"\1", text))
    return " ".join(re.sub(r"[^\w\s-]", " ", words.lower()).split())


def other_language(text: str) -> str | None:
    """ "Jawa" or "Minang" when the text holds at least three different words of it."""
    words = set(re.findall(r"[a-z]+", text.lower()))
    counts = {name: len(words & known) for name, known in _ELSEWHERE.items()}
    best = max(counts, key=lambda name: counts[name])
    return best if counts[best] >= 3 else None


def first_sentence(text: str, limit: int) -> str:
    """The first sentence without its full stop, cut at a word within `limit` characters."""
    sentence = re.split(r"(?<=[.!?])\s+", text.strip(), maxsplit=1)[0].rstrip(" .!?,;:")
    if len(sentence) <= limit:
        return sentence
    head, _, _ = sentence[: limit - 1].rpartition(" ")
    return (head or sentence[: limit - 1]).rstrip(" ,.;:") + "…"


def _line(line: str) -> str:
    return _WORD.sub(_written_out, line.lower() if _shouted(line) else line)


def _shouted(text: str) -> bool:
    letters = [one for one in text if one.isalpha()]
    return len(letters) > 12 and sum(one.isupper() for one in letters) > 0.7 * len(letters)


def _written_out(match: re.Match[str]) -> str:
    word = match[0]
    if full := _NAMES.get(word.lower()):
        return full if not word.isupper() or full.isupper() else word
    full = SHORT_FORMS.get(word.lower())
    if not full:
        return word
    return full.capitalize() if word[:1].isupper() and len(word) > 1 and not word.isupper() else full


def _sentences(line: str) -> str:
    line = re.sub(r"(?<!\s)\s+([,.!?;:])", r"\1", line)
    line = re.sub(r"([,;!?])(?=[^\s\d,.;!?)\"'])", r"\1 ", line)
    line = re.sub(r"(^|[.!?]\s+)([^\W\d_])", lambda match: match[1] + match[2].upper(), line.strip())
    return line if not line or line[-1] in ".!?" else line.rstrip(",;: ") + "."
