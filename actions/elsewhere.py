"""Affairs that are none of ours: said to be so, never answered with a page about OSS, never without whom to turn to."""

from __future__ import annotations

import re

from actions import wording
from actions.complaints import write_button
from actions.turn import Turn
from bot.answers import finding, saying
from bot.answers.indexes import about_system, passage_of
from bot.answers.payloads import TO_MENU, TO_PERSON
from bot.knowledge.statements import Statement
from bot.messages import Button, Reply, SourceRef

_SOURCES = frozenset({"AHU", "Dukcapil", "Coretax", "BPJS", "bank"})
"""Systems whose data OSS reads: a trouble that names them is often one of OSS."""
WAYS = "lapor-saluran"
"""The statement that says how LAPOR! is reached."""
_PUBLIC, _MONEY = "lapor-layanan-umum", "kur-bansos"
_CREDIT = re.compile(
    r"\b(?:pinjam\w*|kredit|kur|utang|hutang|pembiayaan|modal (?:usaha|awal|kerja|dari|untuk|bank)|"
    r"(?:cari|dapat|butuh|minta|tambah\w*|bantuan) modal)\b"
)
_CIVIC = re.compile(
    r"\b(?:jalan(?:an)? (?:\w+ )?(?:rusak|lubang|berlubang|bolong|raya|kampung|desa|gang)|trotoar|jembatan|lampu|pju|"
    r"sampah|selokan|got|drainase|banjir|air mati|parkir liar|pohon|halte|puskesmas|rumah sakit|sekolah|bansos|bantuan|"
    r"blt|pkh|kartu|lansia|kelurahan|kecamatan|rt|rw|warga|macet|begal|maling|pungli)\b"
)
"""Words of what citizens bring before an authority."""
_WAITS = re.compile(r"\b(?:belum|sejak|hari|minggu|bulan|lama|ditindak ?lanjuti|proses|tanggapan|respon)\b")


async def elsewhere(turn: Turn) -> bool:
    """Whether the message is about a system that is none of ours and that no passage speaks of."""
    heard = turn.heard
    if heard.system != "other" or (turn.context.question and finding.leans(heard)):
        return False
    found = turn.found = finding.find(turn.knowledge, heard, turn.context, turn.office)
    about = about_system(turn.knowledge, heard.other)
    if any(one.passage.id in about and one.score >= finding.BETWEEN / 2 for one in found.candidates):
        return False
    if heard.other in _SOURCES and found.outcome != "unsure":
        return False
    turn.found = None
    said = wording.OTHER_SYSTEM.format(name=heard.other)
    if heard.tone in ("angry", "tired") or heard.wish in ("status", "vent") or _WAITS.search(heard.plain):
        turn.say(_with_ways(turn, f"{said}\n\n{wording.UNHEARD}", (_report(turn), TO_MENU, TO_PERSON)))
    else:
        turn.say(Reply(said, (TO_MENU, TO_PERSON)))
    return True


def foreign(turn: Turn) -> bool:
    """Whether the message is of an affair in knowledge/matters: said whose it is, with no buttons of licences below."""
    heard = turn.heard
    matter = turn.knowledge.matters.get(heard.matter)
    if matter is None or (matter.entry and heard.wish == "report"):
        return False
    if turn.context.question and finding.leans(heard) and heard.aspects:
        return False  # "surat nikahnya berapa lembar?"
    if matter.entry:
        return _entry(turn, matter.entry, (_report(turn),))
    text, refs = matter.answer, tuple[SourceRef, ...]()
    if matter.facts:
        text, refs = saying.with_source(turn.knowledge, text, matter.facts)
    turn.say(Reply(text, (TO_MENU,), refs))
    return True


def pointed(turn: Turn) -> bool:
    """Whether a matter outside of licensing is one that the knowledge says whom to turn to for: credit, a citizen's
    affair with an authority, which Pandu helps to report."""
    said = turn.heard.plain
    identity = _MONEY if _CREDIT.search(said) else _PUBLIC if _CIVIC.search(said) else ""
    return _entry(turn, identity, () if identity == _MONEY else (_report(turn),)) if identity else False


def _entry(turn: Turn, identity: str, first: tuple[Button, ...]) -> bool:
    """Says an entry of the knowledge with `first` among its buttons; False where it is not held."""
    passage = passage_of(turn.knowledge, identity)
    if passage is None:
        return False
    *before, last = saying.say(turn.knowledge, passage, turn.heard)
    turn.say(*before, Reply(last.text, (*first, *last.buttons[:1], TO_PERSON), last.sources))
    return True


def outside(turn: Turn, text: str) -> None:
    """`text`, and where what is no matter of ours may be brought."""
    turn.say(_with_ways(turn, f"{text} {wording.OUTSIDE_POINTER}", (TO_MENU, TO_PERSON)))


def _report(turn: Turn) -> Button:
    write = write_button(turn)
    turn.offered = write.payload
    return write


def _with_ways(turn: Turn, text: str, buttons: tuple[Button, ...]) -> Reply:
    ways: Statement = saying.statement(turn.knowledge, WAYS)
    told, refs = saying.with_source(turn.knowledge, text.format(ways=ways.text), [WAYS])
    return Reply(told, buttons, refs)
