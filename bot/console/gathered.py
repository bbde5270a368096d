"""The office's figures of a period, gathered from everywhere, and as tables."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import timedelta

from sqlalchemy.ext.asyncio import AsyncSession

from bot.applications.figures import Flow, flow
from bot.applications.service import Register
from bot.channels.all import kind_of
from bot.complaints import figures as complaints
from bot.console.desk import Desk
from bot.conversations.walls import Sight
from bot.figures import handled, service
from bot.figures.handled import Handled, Work, work
from bot.figures.periods import Period
from bot.figures.service import Asked, Helped, Solved
from bot.figures.tables import Cell, Grid
from bot.knowledge.models import Knowledge
from bot.officers.service import listed
from bot.survey import results

NO_OFFICE = "Belum menjadi milik kantor mana pun"


@dataclass(frozen=True, slots=True)
class Gathered:
    """What a period says, by (office, channel), by request for a person, by service and by officer."""

    period: Period
    asked: dict[tuple[str, str], Asked]
    solved: dict[tuple[str, str], Solved]
    handled: list[Handled]
    written: dict[int, tuple[int, int]]
    helped: Helped
    reports: list[complaints.Row]
    survey: results.SurveyReport
    flow: dict[tuple[str, str], Flow]
    officers: dict[int, str] = field(default_factory=dict)

    @property
    def messages(self) -> int:
        return sum(one.messages for one in self.asked.values())

    @property
    def people(self) -> int:
        return sum(one.people for one in self.asked.values())

    @property
    def all_solved(self) -> Solved:
        return together(list(self.solved.values()))

    @property
    def work(self) -> Work:
        return work(self.handled)

    @property
    def number_of_reports(self) -> int:
        return sum(int(one["reports"]) for one in self.reports)


def together(parts: Sequence[Solved]) -> Solved:
    names = ("visits", "by_bot", "came_back", "handed", "misunderstood", "left")
    return Solved(*(sum(getattr(one, name) for one in parts) for name in names))


async def gather(session: AsyncSession, desk: Desk, period: Period, sight: Sight) -> Gathered:
    """Everything about the period, of the offices of `sight`."""
    knowledge, zone = desk.knowledge, period.zone.key
    return Gathered(
        period,
        await service.asked_by_place(session, period, sight),
        await service.solved_by_place(session, period, sight),
        await handled.handled(session, period, sight),
        await handled.written(session, period, sight),
        await service.helped(session, period, sight),
        await complaints.counts(session, zone, period.start, sight=sight, until=period.end),
        await results.report(session, knowledge, zone, period.start, period.end, sight=sight),
        await flow(Register(session, knowledge, period.zone, desk.now, sight), period.start, period.end),
        {one.id: one.name for one in await listed(session)},
    )


def summary(now: Gathered, before: Gathered) -> Grid:
    """The most important figures against those of the period before."""
    rows = [
        (title, one, other, change(one, other))
        for (title, one), (_, other) in zip(_summed(now), _summed(before), strict=True)
    ]
    return Grid("Ringkasan", ["Ukuran", now.period.title, before.period.title, "Perubahan"], rows)


def _summed(one: Gathered) -> list[tuple[str, Cell]]:
    solved, done, helped = one.all_solved, one.work, one.helped
    return [
        ("Pesan pemohon", one.messages),
        ("Pemohon yang menulis", one.people),
        ("Kunjungan dengan pertanyaan", solved.visits),
        ("Diselesaikan Pandu", solved.by_bot),
        ("Diselesaikan Pandu (%)", percent(solved.share)),
        ("Kembali dalam 24 jam sesudah diselesaikan Pandu (%)", percent(solved.back_share)),
        ("Diserahkan kepada petugas", solved.handed),
        ("Tidak dipahami atau tidak membantu", solved.misunderstood),
        ("Ditinggalkan sewaktu ditanya balik", solved.left),
        ("Jawaban disebut membantu (%)", percent(helped.share)),
        ("Permintaan bicara dengan petugas", done.requests),
        ("Jawaban pertama petugas, separuhnya dalam (menit)", minutes(done.reply)),
        ("Selesai, separuhnya dalam (menit)", minutes(done.solution)),
        ("Laporan warga", one.number_of_reports),
        ("Indeks Kepuasan Masyarakat (IKM)", one.survey.whole.ikm),
        ("Responden survei", one.survey.whole.respondents),
        ("Permohonan masuk", sum(each.received for each in one.flow.values())),
        ("Permohonan selesai", sum(each.ended for each in one.flow.values())),
    ]


def grids(one: Gathered, knowledge: Knowledge, *, officers: bool) -> list[Grid]:
    """The period's tables: by office, channel and service; by officer for those who lead."""
    found = [_by_office(one, knowledge), _by_channel(one), _by_service(one, knowledge)]
    return [*found, _by_officer(one)] if officers else found


_ASKED = ["Pesan", "Pemohon", "Kunjungan", "Diselesaikan Pandu", "%", "Diserahkan", "Tidak dipahami", "Ditinggalkan"]


def _by_office(one: Gathered, knowledge: Knowledge) -> Grid:
    groups = handled.by(one.handled, lambda row: row.office)
    rows: list[list[Cell]] = []
    for office in sorted({key for key, _ in one.asked} | set(groups), key=lambda name: (not name, name)):
        label = knowledge.offices[office].label if office in knowledge.offices else (office or NO_OFFICE)
        done = work(groups.get(office, []))
        rows.append([label, *_talks(one, {place for place in one.asked if place[0] == office}), minutes(done.reply)])
    return Grid("Menurut kantor", ["Kantor", *_ASKED, "Jawaban pertama (menit)"], rows)


def _by_channel(one: Gathered) -> Grid:
    groups = handled.by(one.handled, lambda row: row.channel)
    rows: list[list[Cell]] = []
    for channel in sorted({key for _, key in one.asked} | set(groups)):
        done = work(groups.get(channel, []))
        talks = _talks(one, {place for place in one.asked if place[1] == channel})
        rows.append([kind_of(channel).title, *talks, minutes(done.reply)])
    return Grid("Menurut saluran", ["Saluran", *_ASKED, "Jawaban pertama (menit)"], rows)


def _talks(one: Gathered, places: set[tuple[str, str]]) -> list[Cell]:
    asked = [each for place, each in one.asked.items() if place in places]
    solved = together([each for place, each in one.solved.items() if place in places])
    return [
        sum(each.messages for each in asked),
        sum(each.people for each in asked),
        solved.visits,
        solved.by_bot,
        percent(solved.share),
        solved.handed,
        solved.misunderstood,
        solved.left,
    ]


def _by_service(one: Gathered, knowledge: Knowledge) -> Grid:
    groups = handled.by(one.handled, lambda row: row.service)
    reports: dict[str, int] = {}
    for row in one.reports:
        reports[str(row["service"])] = reports.get(str(row["service"]), 0) + int(row["reports"])
    ikm = {each.name: each for each in one.survey.services}
    flows = {name: each for (_, name), each in one.flow.items()}
    rows: list[list[Cell]] = []
    for name in sorted({*groups, *reports, *flows} - {""}):
        found = knowledge.services.get(name)
        label = f"{found.label}, {knowledge.offices[found.office].label}" if found else name
        done, passed = work(groups.get(name, [])), flows.get(name, Flow())
        survey = ikm.get(label)
        cells: list[Cell] = [passed.received, passed.ended, passed.refused, done.requests, minutes(done.reply)]
        rows.append([label, *cells, reports.get(name, 0), survey.ikm if survey else None])
    head = ["Layanan", "Permohonan masuk", "Selesai", "Ditolak", "Minta petugas", "Jawaban pertama (menit)"]
    note = "Dihitung dari register, permintaan bicara dengan petugas, laporan, dan survei."
    return Grid("Menurut layanan", [*head, "Laporan warga", "IKM"], rows, note)


def _by_officer(one: Gathered) -> Grid:
    groups = handled.by(one.handled, lambda row: row.officer_id)
    rows: list[list[Cell]] = []
    for officer in sorted({*(key for key in groups if key is not None), *one.written}):
        done = work(groups.get(officer, []))
        messages, people = one.written.get(officer, (0, 0))
        name = one.officers.get(officer, f"Petugas {officer}")
        rows.append([name, done.requests, messages, people, minutes(done.reply), done.closed, minutes(done.solution)])
    head = ["Petugas", "Percakapan", "Pesan dikirim", "Kepada pemohon", "Jawaban pertama (menit)", "Selesai"]
    note = "Percakapan menurut petugas yang terakhir memegangnya; waktu dihitung sejak pemohon meminta petugas."
    return Grid("Menurut petugas", [*head, "Sampai selesai (menit)"], rows, note)


def percent(share: float | None) -> float | None:
    return None if share is None else 100 * share


def minutes(span: timedelta | None) -> float | None:
    return None if span is None else span.total_seconds() / 60


def change(now: Cell, before: Cell) -> str:
    """ "+12 %", or for shares and indexes the difference; "" where there is nothing to compare with."""
    if not isinstance(now, int | float) or not isinstance(before, int | float):
        return ""
    if isinstance(now, int) and isinstance(before, int):
        if not before:
            return "" if not now else "baru"
        return f"{100 * (now - before) / before:+.0f} %".replace("-", "−")
    return f"{now - before:+.1f}".replace(".", ",").replace("-", "−")
