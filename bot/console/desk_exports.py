"""Conversations, officers, API keys and found KBLI codes as files; the other lists are in exports.py."""

from __future__ import annotations

from dataclasses import replace

from fastapi import APIRouter, HTTPException, Response

from bot.applications import keys
from bot.applications.posting import register_of
from bot.audit.service import note
from bot.channels.all import ALL
from bot.console import downloads, words
from bot.console.access import Administrator, AnyOfficer, listed_to
from bot.console.desk import ROLE_NAMES, Desk, Here
from bot.console.downloads import TableKind
from bot.console.exports import said_moment
from bot.console.inbox import VIEWS, List, about, filter_of
from bot.console.kbli import found_for
from bot.console.register import today_at
from bot.figures.tables import Cell, Grid
from bot.handoff.reading.inbox import PAGE, Row, inbox
from bot.masking import masked_for
from bot.officers.service import listed
from bot.officers.signing_in import Signed

router = APIRouter()
MOST_PAGES = 40
OWNERS = {"bot": "Pandu", "queue": "antrean"}
LISTS = {name for name, _ in VIEWS} | {"snoozed"}


@router.get("/inbox/table.{kind}")
async def conversations(desk: Here, signed: AnyOfficer, kind: TableKind, wanted: List) -> Response:
    """The list as it is filtered and ordered, at most MOST_PAGES pages. Words are masked as the reader's role asks."""
    if wanted.view not in LISTS:
        raise HTTPException(404)
    found: list[Row] = []
    async with desk.session() as session:
        for page in range(1, MOST_PAGES + 1):
            rows = await inbox(session, filter_of(replace(wanted, page=page), signed), desk.now())
            found += rows[:PAGE]
            if len(rows) <= PAGE:
                break
        await listed_to(session, signed, "conversation", {one.conversation_id for one in found}, desk)
        await note(session, signed.actor, "conversation.exported", "conversation-list", 0, rows=len(found))
    head = ["Percakapan", "Nama", "Kanal", "Alamat", "Ditanyakan", "Layanan dan tempat", "Label", "Sebab", "Pada"]
    head += ["Menunggu sejak", "Target jawaban", "Pesan terakhir"]
    grid = Grid("Percakapan", head, [_conversation(desk, signed, one) for one in found])
    return await downloads.table([grid], kind, f"percakapan-{today_at(desk)}")


@router.get("/officers/table.{kind}")
async def officers(desk: Here, signed: Administrator, kind: TableKind) -> Response:
    known = desk.knowledge.offices
    async with desk.session() as session:
        found = await listed(session)
        await note(session, signed.actor, "officer.exported", "officer-list", 0, rows=len(found))
    rows: list[list[Cell]] = [
        [
            one.name,
            one.username,
            ROLE_NAMES[one.role],
            ", ".join(known[office].label if office in known else office for office in one.offices)
            or words.ALL_OFFICES,
            "ya" if one.totp_secret else "tidak",
            "nonaktif" if one.disabled_at else "aktif",
            said_moment(desk, one.last_seen_at),
        ]
        for one in found
    ]
    head = ["Nama", "Nama pengguna", "Peran", "Kantor", "Kode sekali pakai", "Akun", "Terakhir masuk"]
    return await downloads.table([Grid("Petugas", head, rows)], kind, f"petugas-{today_at(desk)}")


@router.get("/keys/table.{kind}")
async def api_keys(desk: Here, signed: Administrator, kind: TableKind) -> Response:
    """Their names and dates; a key itself is nowhere kept."""
    known = desk.knowledge.offices
    async with desk.session() as session:
        found = await keys.listed(register_of(desk.runtime, session))
        await note(session, signed.actor, "key.exported", "key-list", 0, rows=len(found))
    rows: list[list[Cell]] = [
        [
            one.name,
            known[one.office].label if one.office in known else words.ALL_OFFICES,
            said_moment(desk, one.created_at),
            said_moment(desk, one.last_used_at),
            said_moment(desk, one.revoked_at),
        ]
        for one in found
    ]
    head = ["Nama", "Kantor", "Dibuat", "Terakhir dipakai", "Dicabut"]
    return await downloads.table([Grid("Kunci API", head, rows)], kind, f"kunci-api-{today_at(desk)}")


@router.get("/kbli/table.{kind}")
async def kbli(desk: Here, signed: AnyOfficer, kind: TableKind, q: str = "") -> Response:
    """The codes that a search found."""
    asked = " ".join(q.split())[:200]
    held = await desk.runtime.classification()
    found = found_for(asked, held) if asked else None
    rows: list[list[Cell]] = [
        [
            one.code,
            one.edition,
            one.title,
            one.official,
            one.text,
            ", ".join(one.was),
            "; ".join(f"{scale}: {', '.join(risks)}" for scale, risks in one.risks.items()),
        ]
        for one in ([*found.codes, *found.also] if found else [])
    ]
    head = ["Kode", "Edisi", "Nama sehari-hari", "Judul resmi", "Keterangan", "Kode edisi 2020", "Risiko"]
    note_below = "Sumber sekunder: cocokkan di oss.go.id/kbli."
    return await downloads.table([Grid("KBLI", head, rows, note_below)], kind, f"kbli-{today_at(desk)}")


def _conversation(desk: Desk, signed: Signed, one: Row) -> list[Cell]:
    kind = ALL.get(one.channel)
    return [
        one.conversation_id,
        one.name,
        kind.title if kind else one.channel,
        one.address,
        masked_for(signed.officer.role, one.asked),
        about(desk, one),
        ", ".join(label.name for label in one.labels),
        words.KINDS[one.kind][0] if one.kind else "",
        one.owner_name or OWNERS.get(one.owner, "petugas"),
        said_moment(desk, one.asked_at),
        said_moment(desk, one.due_at),
        said_moment(desk, one.last_at),
    ]
