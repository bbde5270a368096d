"""Words with which people say that they want no more news, or news again.

A message is such a wish only when every word of it is one that people use for it: one other word ("berkas", "usaha")
makes it a question. So word orders and spellings are read that no list of sentences has.
"""

from __future__ import annotations

import itertools
import re
import unicodedata
from collections.abc import Sequence
from typing import Literal

Said = Literal["", "stop", "perhaps", "start"]
MOST_WORDS = 14

_WORD = re.compile(r"[^\W_]+")
_LONG = re.compile(r"(.)\1{2,}")  # "stooop"
_ENDING = re.compile(r"(?<=\w{3})(?:nya|2)$")  # "notifikasinya", "pesan2"


def _words(listed: str) -> frozenset[str]:
    return frozenset(listed.split())


_HARD = _words("jangan jgn jngn stop setop hentikan berhenti matikan nonaktifkan ojo jan batal batalkan cancel")
_NOT = _words("jangan jgn jngn ojo jan don")
_ENDS = _words("stop setop hentikan berhenti matikan nonaktifkan batal batalkan cancel")
"""After a "jangan" these ask for the opposite."""
_OF_ORDERS = _words("batal batalkan cancel")  # "batal pesan" is no wish about news, "batal langganan" is
_SOFT = _words("tidak tdk tak gak ga gk nggak ngga enggak nda ndak ora indak mboten boten")
_WANT = _words("usah perlu mau ingin pengen pingin butuh")
_RECEIVE = _words("terima menerima nerima dapat dapet mendapat mendapatkan dikirim dikirimi dikirimin diberi")
_SEND = _RECEIVE | _words(
    "kirim krm kirimi kirimin kirimkan mengirim mengirimkan ngirim ngirimi kasih beri minta send sending kintun"
)
_CONTACT = _words(
    "hubungi menghubungi dihubungi ganggu diganggu mengganggu spam chat wa sms dichat kabari kabarin dikabari ngabari"
)
_SURE = _words("notif notifikasi pemberitahuan promosi promo iklan langganan berlangganan spam")
"""Of these a mere "tidak perlu" is no answer to an offer of ours ("perlu info biaya?")."""
_NEWS = _SURE | _words("pesan pesen pasan chat kabar info informasi berita wa sms survei survey apapun apa")
_AGAIN = _words("lagi maneh meneh neh malih lai juo")
_ME = _words("saya sy aku kami kulo ambo denai nomor nomer no")
_POLITE = _words(
    "tolong tlg mohon please pls ya yah dong deh kak kakak min pak bu mas mbak aja saja dulu sekarang cukup sudah udah"
    " maaf makasih trims terima kasih"
)
_ASIDE = _POLITE | _words(
    "ke ka dari lewat untuk ini itu sini mau ingin semua seperti begini begitu pun pandu bot mulai cara gimana"
    " bagaimana"
)
_KNOWN = _HARD | _SOFT | _WANT | _SEND | _CONTACT | _NEWS | _AGAIN | _ME | _ASIDE
_BARE = _words("stop end quit berhenti setop hentikan")
_START = _words("start unstop subscribe")
_SWITCH_ON = _words("kirim kirimi kirimin kirimkan nyalakan aktifkan hidupkan")
_PHRASES = re.compile(
    r"unsubscribe|stop ?all|opt ?out|leave me alone|remove me(?: from (?:your|the|this) list)?|cancel subscription"
    r"|no more (?:messages?|news|updates)"
    r"|(?:hapus|keluarkan|coret) (?:nomor|nomer|no) saya dari daftar(?: kiriman| pesan| kabar)?"
    r"|keluar dari (?:daftar )?langganan"
    r"|(?:don t|dont|do not|stop) (?:send|sending|message|messaging|text|texting|contact|contacting)(?: me)?"
    r"(?: (?:any ?more )?(?:messages?|news|updates))?(?: any ?more)?"
)
_SIGNS = frozenset("🛑⛔")
_VARIANT = "\ufe0f"


def said(text: str) -> Said:
    """What a message wants. "perhaps": "stop" alone and its like, which end what is under way where something is."""
    if len(text) > 200:
        return ""
    plain = _LONG.sub(r"\1", unicodedata.normalize("NFKC", text).casefold())
    words = [_ENDING.sub("", word) for word in _WORD.findall(plain)]
    if not words:
        return "perhaps" if set(text.replace(_VARIANT, "").strip()) - {" "} <= _SIGNS and text.strip() else ""
    if len(words) > MOST_WORDS:
        return ""
    if _PHRASES.fullmatch(" ".join(word for word in words if word not in _POLITE)):
        return "stop"
    if _START.intersection(words) and _START.issuperset(_without(words, _POLITE)):
        return "start"
    if _BARE.intersection(words) and _BARE.issuperset(_without(words, _POLITE)):
        return "perhaps"
    if not (_KNOWN | _SWITCH_ON).issuperset(words):
        return ""
    refused = _refusal(words)
    if refused < 0:
        return "start" if _wants_again(words) else ""
    if words[refused] in _NOT and _ENDS.intersection(words[refused + 1 : refused + 2]):
        return "start" if _NEWS.intersection(words) else ""
    return _stop(words[refused:], hard=words[refused] in _HARD, asked="?" in text)


def _without(words: Sequence[str], others: frozenset[str]) -> set[str]:
    return {word for word in words if word not in others}


def _refusal(words: Sequence[str]) -> int:
    """The place of the word that says no; -1 without one."""
    for place, word in enumerate(words):
        if word in _HARD or word == "usah" or (word in _SOFT and _WANT.intersection(words[place + 1 : place + 2])):
            return place
    return -1


def _stop(words: Sequence[str], *, hard: bool, asked: bool) -> Said:
    """What these words want, of which the first says no; `asked`: with a question mark."""
    send = _SEND.intersection(words[1:]) - {"kasih"} | _given(words)
    news = _NEWS.intersection(words) - (set() if send else {"apa"})
    if words[0] in _OF_ORDERS:
        return "stop" if news & _SURE else ""
    again, me = _AGAIN.intersection(words), _ME.intersection(words)
    if _CONTACT.intersection(words) and (me or again):
        return "stop"
    if asked and not hard:
        return ""  # "tidak perlu survei?"
    if news and (send or hard or again or news & _SURE):
        return "stop"
    return "perhaps" if send and (again or words[0] in _BARE) else ""


def _given(words: Sequence[str]) -> set[str]:
    """ "kasih kabar", not "terima kasih"."""
    pairs = itertools.pairwise(words)
    return {second for first, second in pairs if second == "kasih" and first != "terima"}


def _wants_again(words: Sequence[str]) -> bool:
    news = _NEWS.intersection(words) - {"apa"}
    if _SOFT.intersection(words):
        return False
    again = bool(_AGAIN.intersection(words))
    subscribes = again and bool(news & {"langganan", "berlangganan"})
    receives = again and bool(_RECEIVE.intersection(words)) and bool(news)
    return subscribes or receives or bool(news and _SWITCH_ON.intersection(words))
