"""Replies about codes: one for a question, a tapped answer, a typed code or a risk."""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import replace

from bot.answers.kbli import say_code
from bot.answers.kbli.wording import (
    ANOTHER,
    ASK_TRADE,
    CODE_FIRST,
    INTENT,
    KBLI,
    SOURCE,
    SOURCE_NIB,
    UNKNOWN,
    old_numbers,
    sentence,
    with_source,
)
from bot.answers.payloads import button
from bot.kbli.classification import Classification
from bot.kbli.find import Candidate, FoundCodes, candidate, find, of_trade
from bot.kbli.lookup import look_up, typed_in
from bot.kbli.risk import asks_risk, scale_in
from bot.kbli.words import LONGEST
from bot.messages import Button, Reply, SourceRef

_CONTENT = re.compile(
    r"\b(?:kbli|klbi|kode|nomor|usaha|saya|apa|berapa|brp|dong|ya|kak|min|cari|mau|tanya|tentang)(?:nya)?\b"
)
_FEW = 3
_COUNT = {2: "dua", 3: "tiga"}
DATA = SourceRef("data KBLI 2025", "sekunder")
"""Where a code stands that is told within another answer."""
UNDECIDED = "Itu belum menentukan kodenya untuk {name}. {ask} Pilih yang paling dekat."
SEVERAL = "Beberapa kode boleh dalam satu NIB."


def answer(text: str, entities: Mapping[str, str] | None = None, classification: Classification | None = None) -> Reply:
    """The reply to a question about codes, or to a tapped button of ours.

    Entities of the payload `ask_kbli`: {"trade": id}, with {"option": "2"} the chosen one of its candidates;
    {"code": "56304"}, with {"edition": "2020"}, {"part": "risk"} and {"scale": "mikro"}; none: asks for the trade.
    A remembered trade or code may be handed in with what the person wrote next: "pakai gerobak", "risikonya?", "mikro".
    """
    given, text = entities or {}, text[:LONGEST]
    if "code" in given:
        return _of_code(given, text, classification)
    if "trade" in given:
        return _of_trade(given, text, classification)
    typed = typed_in(text)
    if typed and asks_risk(text):
        return say_code.tell_risk(typed[0].value, scale_in(text), classification)
    if len(typed) > 1:
        return say_code.tell_several([look_up(one, classification) for one in typed[:3]])
    if typed:
        found = find(text, classification)
        looked = look_up(typed[0], classification)
        if looked.kind == "current" and found.kind == "found" and len(found.candidates) > 1:
            return _compare(looked.typed, found)
        return say_code.tell_lookup(looked, classification)
    if not _CONTENT.sub(" ", text.lower()).strip(" ?!.,"):
        return Reply(ASK_TRADE)
    return _found_or_risk(text, classification)


def tell(found: FoundCodes) -> Reply:
    """What was found for a text."""
    match found.kind:
        case "several":
            return _tell_several(found)
        case "closed":
            assert found.closed is not None
            return Reply(f"{found.closed.say}\n\nSumber: {found.closed.source}", (_another(),))
        case "unknown":
            return _tell_unknown(found)
        case "searched":
            return _tell_searched(found)
    if len(found.candidates) == 1:
        return _tell_one(found.candidates[0], _brand(found))
    return _tell_sure(found) if found.sure else _tell_choice(found)


def in_short(found: FoundCodes) -> str:
    """One sentence with the nearest code, or the codes that it is between; "" where none was found."""
    if found.kind != "found" or not found.candidates:
        return ""
    shown = found.candidates[:1] if found.sure else found.candidates
    codes = "; ".join(f"{one.code}, {one.when}" for one in shown)
    nearest = "yang paling dekat" if found.sure else f"tergantung {found.depends}"
    return f"KBLI 2025 untuk {found.name or found.trade}, {nearest} (sekunder, periksa di oss.go.id/kbli): {codes}."


def of_trade_button(found: FoundCodes) -> Button:
    """To all that is known of a trade's codes."""
    return button(f"KBLI {found.name or found.trade}", INTENT, trade=found.trade)


def once_more(found: FoundCodes) -> Reply:
    """The question between the codes of a trade again, where the reply to it decided nothing."""
    return Reply(UNDECIDED.format(name=found.name, ask=found.ask), _options(found))


def _found_or_risk(text: str, classification: Classification | None) -> Reply:
    found = find(text, classification)
    if asks_risk(text) and found.kind == "found" and (found.sure or len(found.candidates) == 1):
        return say_code.tell_risk(found.candidates[0].code, scale_in(text), classification)
    return tell(found)


def _of_code(given: Mapping[str, str], text: str, classification: Classification | None) -> Reply:
    code = given["code"]
    if given.get("part") == "risk" or given.get("scale") or asks_risk(text) or _is_scale(text):
        return say_code.tell_risk(code, given.get("scale", "") or scale_in(text), classification)
    typed = typed_in(f"edisi {given['edition']} {code}" if given.get("edition") else code)
    return say_code.tell_lookup(look_up(typed[0], classification), classification) if typed else Reply(ASK_TRADE)


def _is_scale(text: str) -> bool:
    """Whether a reply is a scale and nothing else ("mikro"): what the risk of the code was asked for."""
    return bool(scale_in(text)) and len(text.split()) <= _FEW


def _of_trade(given: Mapping[str, str], text: str, classification: Classification | None) -> Reply:
    found = of_trade(given["trade"], text)
    if found is None:
        return Reply(ASK_TRADE)
    if asks_risk(text) and found.candidates:
        return _risk_of_trade(found, text, classification)
    option = given.get("option", "")
    if option:
        found = of_trade(given["trade"]) or found
    if option.isdecimal() and 1 <= int(option) <= len(found.candidates):
        return _tell_one(found.candidates[int(option) - 1])
    return tell(found)


def _risk_of_trade(found: FoundCodes, text: str, classification: Classification | None) -> Reply:
    """The risk of the code that the text decides for; else the choice between the codes first."""
    if found.sure or len(found.candidates) == 1:
        return say_code.tell_risk(found.candidates[0].code, scale_in(text), classification)
    chosen = tell(found)
    return replace(chosen, text=f"{CODE_FIRST} {chosen.text}")


def _brand(found: FoundCodes) -> str:
    return "Merek tidak menentukan kode; kegiatannya yang menentukan. " if found.brand else ""


def _tell_one(one: Candidate, before: str = "") -> Reply:
    old = old_numbers([one])
    text = (
        f"{before}{one.code}, {one.title} ({one.when}). {KBLI} 2025. {old} Cocokkan uraiannya di OSS sebelum memilih."
    )
    return Reply(with_source(text), (_risk(one.code), _covers(one.code), _another()))


def _tell_choice(found: FoundCodes) -> Reply:
    shown = list(found.candidates)
    listed = "; ".join(f"{one.code} {one.title} ({one.when})" for one in shown)
    text = f"{_brand(found)}Tergantung {found.depends}. {KBLI} 2025: {listed}. {old_numbers(shown)} {found.ask}"
    return Reply(with_source(text), _options(found))


def _tell_sure(found: FoundCodes) -> Reply:
    first, *others = found.candidates
    rest = "; ".join(f"{one.code} {one.title} ({one.when})" for one in others)
    text = (
        f"{_brand(found)}{first.code} paling dekat: {first.title} ({first.when}). {KBLI} 2025. "
        f"Kalau bukan itu: {rest}. {old_numbers(list(found.candidates))}"
    )
    return Reply(with_source(text), (_risk(first.code), *_options(found)[1:]))


def _tell_several(found: FoundCodes) -> Reply:
    lines = []
    for number, part in enumerate(found.parts, start=1):
        first, *others = part.candidates
        also = f"; bisa juga {' atau '.join(one.code for one in others)}, tergantung {part.depends}" if others else ""
        lines.append(f"{number}. {sentence(part.name)}: {first.code} {first.title} ({first.when}){also}.")
    text = (
        f"{KBLI} 2025, {_COUNT[len(found.parts)]} usaha:\n"
        + "\n".join(lines)
        + f"\n{SEVERAL} {old_numbers([p.candidates[0] for p in found.parts])}"
    )
    buttons = tuple(button(sentence(part.name), INTENT, trade=part.trade) for part in found.parts)
    return Reply(with_source(text, SOURCE_NIB), buttons)


def _tell_searched(found: FoundCodes) -> Reply:
    listed = "; ".join(f"{one.code} {one.title}" for one in found.candidates)
    text = (
        f"Belum pasti: nama usaha itu tidak ada di daftar saya. Yang paling dekat dari kata-katanya di {KBLI} 2025: "
        f"{listed}. {found.ask}"
    )
    return Reply(with_source(text), tuple(button(f"{one.code}", INTENT, code=one.code) for one in found.candidates))


def _tell_unknown(found: FoundCodes) -> Reply:
    if not found.candidates:
        return Reply(UNKNOWN)
    listed = "; ".join(f"{one.code} {one.title} ({one.when})" for one in found.candidates)
    text = (
        f"Belum pasti: barang atau jasanya belum saya kenali. Kode umum untuk kegiatannya di {KBLI} 2025: {listed}. "
        "Barang atau jasanya apa?"
    )
    return Reply(with_source(text), tuple(button(one.button, INTENT, code=one.code) for one in found.candidates))


def _compare(code: str, found: FoundCodes) -> Reply:
    """They name a trade and a code: whether the two fit."""
    fitting = [one for one in found.candidates if one.code == code]
    if not fitting:
        listed = "; ".join(f"{one.code} {one.title} ({one.when})" for one in found.candidates)
        mine = candidate(code)
        about = f"{code} itu {mine.title}" if mine else f"{code} untuk kegiatan lain"
        text = f"Kemungkinan bukan: {about}. Untuk {found.name}, {KBLI} 2025: {listed}. {found.ask}"
        return Reply(with_source(text), _options(found))
    others = "; ".join(f"{one.code} {one.title} ({one.when})" for one in found.candidates if one.code != code)
    one = fitting[0]
    text = (
        f"Bisa, kalau {one.when}: {one.code} {one.title}. {KBLI} 2025. Yang berdekatan: {others}. "
        f"{old_numbers(list(found.candidates))} {found.ask} {SEVERAL}"
    )
    return Reply(with_source(text, SOURCE_NIB), _options(found))


def _options(found: FoundCodes) -> tuple[Button, ...]:
    return tuple(button(one.button, INTENT, code=one.code) for one in found.candidates)


def _risk(code: str) -> Button:
    return button(f"Risiko {code}", INTENT, code=code, part="risk")


def _covers(code: str) -> Button:
    return button("Cakupan kode ini", INTENT, code=code)


def _another() -> Button:
    return button(ANOTHER, INTENT)


__all__ = ["SOURCE", "answer", "tell"]
