"""Reports that an office hands in: the figures, the semester's survey, the recap of complaints."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date

from bot.complaints import figures as complaints
from bot.console.gathered import Gathered, grids, summary
from bot.dates import say_date
from bot.figures.models import Letterhead
from bot.figures.periods import Period
from bot.figures.printing import Bars, PrintedReport, Words
from bot.figures.tables import Cell, Grid
from bot.knowledge.models import Knowledge
from bot.survey import results
from bot.survey.results import Result

Names = dict[str, dict[str, str]]


@dataclass(frozen=True, slots=True)
class Frame:
    """Around a report: whose figures, the letterhead, and the day it is made on."""

    whose: str
    letterhead: Letterhead | None
    made: date


def figures_report(
    now: Gathered, before: Gathered, knowledge: Knowledge, frame: Frame, *, officers: bool
) -> PrintedReport:
    """Everything about the period against the one before."""
    causes = complaints.top_causes(now.reports, knowledge)
    parts: list[Grid | Bars | Words] = [
        summary(now, before),
        Words(SOLVED),
        *grids(now, knowledge, officers=officers),
        Bars("Laporan warga menurut sebab", [(title, float(number)) for title, number in causes]),
    ]
    return PrintedReport("Laporan layanan", f"{frame.whose} · {now.period.said}", parts, frame.made, frame.letterhead)


SOLVED = (
    "Kunjungan adalah pesan seorang pemohon tanpa jeda lebih dari 1 jam yang berisi pertanyaan. Diselesaikan Pandu: "
    "tanpa petugas, semua pesannya dipahami, tidak ada jawaban yang disebut belum membantu, dan pemohon tidak pergi "
    "sewaktu Pandu bertanya balik."
)


def survey_report(found: results.SurveyReport, knowledge: Knowledge, period: Period, frame: Frame) -> PrintedReport:
    """The survey of a period, to be printed, signed and handed in."""
    whole = found.whole
    index = f"{whole.ikm:.2f}".replace(".", ",") if whole.ikm is not None else "belum ada"
    grade = f", mutu pelayanan {whole.grade} ({whole.grade_name})" if whole.grade else ""
    opening = (
        f"Pada masa {period.said}, {whole.invited} pemohon diundang mengisi Survei Kepuasan Masyarakat lewat chat; "
        f"{whole.respondents} menjawab, {whole.complete} mengisi semua unsur. "
        f"Indeks Kepuasan Masyarakat (IKM): {index}{grade}."
    )
    few = f"Responden kurang dari {results.FEW}: angka ini belum bisa mewakili semua pemohon."
    parts: list[Grid | Bars | Words] = [
        Words(opening),
        *([Words(few)] if whole.few else []),
        _elements(whole, knowledge),
        Bars(
            "Nilai rata-rata (NRR) tiap unsur",
            [(f"{one.id.upper()} {one.name}", one.nrr or 0.0) for one in whole.elements],
            most=4.0,
            digits=2,
        ),
        _groups("Menurut layanan", "Layanan", found.services),
        _groups("Menurut bulan", "Bulan", found.months),
        Words(_unimproved(whole)),
        Words(
            f"Unsur menurut {knowledge.documents['permenpanrb-14-2017'].short}; IKM adalah rata-rata NRR dikali 25. "
            "Pemohon mengisi sukarela lewat chat, jadi ini bukan sampel acak."
        ),
    ]
    return PrintedReport(
        "Laporan Survei Kepuasan Masyarakat (SKM)", _subtitle(period, frame), parts, frame.made, frame.letterhead, True
    )


def _subtitle(period: Period, frame: Frame) -> str:
    """Whose, of which time, and that more is to come while it runs."""
    running = f" (sampai {say_date(frame.made)})" if frame.made < period.last else ""
    return f"{frame.whose} · {period.title}{running}"


def _unimproved(whole: Result) -> str:
    """The elements with the lowest means, which a report must name for what follows."""
    known = sorted((one for one in whole.elements if one.nrr is not None), key=lambda one: one.nrr or 0.0)
    if not known:
        return "Belum ada jawaban, jadi belum ada unsur yang dapat diperbandingkan."
    worst = "; ".join(f"{one.id.upper()} {one.name} ({one.nrr:.2f})".replace(".", ",") for one in known[:3])
    best = "; ".join(f"{one.id.upper()} {one.name} ({one.nrr:.2f})".replace(".", ",") for one in known[::-1][:3])
    return f"Unsur dengan nilai terendah: {worst}. Unsur dengan nilai tertinggi: {best}."


def _elements(whole: Result, knowledge: Knowledge) -> Grid:
    share = 1 / len(knowledge.survey.elements)
    rows: list[Sequence[Cell]] = [
        (
            f"{one.id.upper()} {one.name}",
            *one.counts,
            one.answers,
            one.nrr,
            None if one.nrr is None else one.nrr * share,
        )
        for one in whole.elements
    ]
    head = ["Unsur", "Nilai 1", "Nilai 2", "Nilai 3", "Nilai 4", "Jawaban", "NRR", "NRR tertimbang"]
    return Grid("Nilai tiap unsur", head, rows)


def _groups(title: str, name: str, groups: Sequence[Result]) -> Grid:
    rows: list[Sequence[Cell]] = [
        (
            results.month_name(one.name) if name == "Bulan" else one.name,
            one.invited,
            one.respondents,
            one.ikm,
            f"{one.grade} ({one.grade_name})" if one.grade else None,
        )
        for one in groups
    ]
    return Grid(title, [name, "Diundang", "Responden", "IKM", "Mutu"], rows)


def complaints_report(
    rows: Sequence[complaints.Row],
    times: Sequence[tuple[str, int]],
    knowledge: Knowledge,
    names: Names,
    period: Period,
    frame: Frame,
) -> PrintedReport:
    """The recap of complaints of a period, to be printed, signed and handed in. No words and no names of people."""
    total = sum(int(one["reports"]) for one in rows)
    answered = sum(int(one["answered"]) for one in rows)
    sent = sum(int(one["in_lapor"]) for one in rows)
    opening = (
        f"Pada masa {period.said} warga membuat {total} laporan lewat Pandu; {sent} di antaranya tercatat di "
        f"SP4N-LAPOR! dan {answered} sudah dijawab."
    )
    parts: list[Grid | Bars | Words] = [
        Words(opening),
        _counted("Menurut sebab", "Sebab", rows, "cause", names),
        _counted("Menurut layanan", "Layanan", rows, "service", names),
        _counted("Menurut status", "Status", rows, "status", names),
        Grid("Waktu sampai dijawab, sejak Tracking ID", ["Lama", "Laporan"], list(times)),
        Bars("Sebab terbanyak", [(t, float(n)) for t, n in complaints.top_causes(rows, knowledge)]),
        complaint_rows(rows, names),
    ]
    return PrintedReport("Rekapitulasi pengaduan", _subtitle(period, frame), parts, frame.made, frame.letterhead, True)


def _counted(title: str, name: str, rows: Sequence[complaints.Row], column: str, names: Names) -> Grid:
    found: dict[str, list[int]] = {}
    for one in rows:
        label = names[column].get(str(one[column]), str(one[column])) or "Tidak diketahui"
        counts = found.setdefault(label, [0, 0, 0])
        for place, count in enumerate(("reports", "in_lapor", "answered")):
            counts[place] += int(one[count])
    ordered = sorted(found.items(), key=lambda pair: (-pair[1][0], pair[0]))
    return Grid(title, [name, "Laporan", "Di LAPOR!", "Dijawab"], [(label, *counts) for label, counts in ordered])


def complaint_rows(rows: Sequence[complaints.Row], names: Names) -> Grid:
    """The counts as officers read them."""
    head = ["Kantor", "Layanan", "Tahap permohonan", "Sebab", "Status"]
    numbers = ["Laporan", "Di LAPOR!", "Dijawab", "Median hari kerja"]
    cells: list[Sequence[Cell]] = [
        (
            names["office"].get(str(one["office"]), "–"),
            names["service"].get(str(one["service"]), "–"),
            names["stage"].get(f"{one['service']}/{one['stage']}", "–"),
            names["cause"].get(str(one["cause"]), str(one["cause"])),
            names["status"].get(str(one["status"]), str(one["status"])),
            one["reports"],
            one["in_lapor"],
            one["answered"],
            one["median_working_days_to_answer"] if one["median_working_days_to_answer"] != "" else None,
        )
        for one in rows
    ]
    note = "Median: hari kerja dari Tracking ID sampai jawaban."
    return Grid("Rincian", [*head, *numbers], cells, note)
