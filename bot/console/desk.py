"""The things that every page of the console has at hand, and its showing."""

from __future__ import annotations

import math
from collections.abc import AsyncIterator, Callable
from contextlib import asynccontextmanager
from dataclasses import dataclass, field
from datetime import UTC, date, datetime, timedelta
from functools import lru_cache
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any
from urllib.parse import quote, unquote
from zoneinfo import ZoneInfo

from fastapi import Depends, Request, Response
from fastapi.responses import HTMLResponse, RedirectResponse
from jinja2 import Environment, FileSystemLoader, StrictUndefined, pass_context
from jinja2.runtime import Context
from markupsafe import Markup
from sqlalchemy.ext.asyncio import AsyncSession

from bot.channels.all import kind_of, numbered_title
from bot.console.marking import marked
from bot.conversations.runtime import Runtime
from bot.conversations.walls import Sight
from bot.dates import say_date
from bot.knowledge.load import get_knowledge
from bot.knowledge.models import Knowledge
from bot.masking import masked_for
from bot.web.assets import PACKAGES, SHARED, Assets
from bot.working_days import zone_name, zone_of

if TYPE_CHECKING:
    from bot.officers.signing_in import Signed

HERE = Path(__file__).resolve().parent
FLASH = "pandu_message"
ACTS = "pandu_acts"  # what can still be taken back: "17.1790000000_18.1790000004", ids with the second it ends
SECURITY_HEADERS = {
    "Content-Security-Policy": "default-src 'self'; object-src 'none'; base-uri 'none'; form-action 'self'; "
    "frame-ancestors 'none'",
    "X-Content-Type-Options": "nosniff",
    "X-Frame-Options": "DENY",
    "Referrer-Policy": "same-origin",
    "Cross-Origin-Opener-Policy": "same-origin",
    "Cross-Origin-Resource-Policy": "same-origin",
    "Permissions-Policy": "camera=(), geolocation=(), microphone=()",
    "Cache-Control": "no-store",
}
ROLE_NAMES = {"officer": "Petugas", "supervisor": "Penyelia", "administrator": "Administrator"}


@dataclass(frozen=True, slots=True)
class MenuSection:
    """An entry of the navigation. `role`: the least that may enter."""

    id: str
    title: str
    address: str
    icon: str  # a name of lucide's icons
    role: str = "officer"
    main: bool = False  # also in the bar at the bottom of a phone


def _utc_now() -> datetime:
    return datetime.now(UTC)


@dataclass(slots=True)
class Desk:
    """One for the process. `now` is a clock that tests can move."""

    runtime: Runtime
    sections: tuple[MenuSection, ...]
    now: Callable[[], datetime] = _utc_now
    assets: Assets = field(init=False)
    templates: Environment = field(init=False)

    def __post_init__(self) -> None:
        self.assets = Assets(
            "/console/static",
            [SHARED, HERE / "static"],
            {
                "htmx.js": "htmx.org/dist/htmx.min.js",
                "sse.js": "htmx-ext-sse/dist/sse.min.js",
                "morph.js": "idiomorph/dist/idiomorph-ext.min.js",
                "jakarta.woff2": "@fontsource-variable/plus-jakarta-sans/files/"
                "plus-jakarta-sans-latin-wght-normal.woff2",
            },
        )
        self.templates = Environment(
            loader=FileSystemLoader(HERE / "templates"),
            autoescape=True,
            undefined=StrictUndefined,
            trim_blocks=True,
            lstrip_blocks=True,
        )
        self.templates.globals |= {
            "asset": self.assets.url,
            "icon": icon,
            "kind_of": kind_of,
            "numbered_title": numbered_title,
            "ROLE_NAMES": ROLE_NAMES,
        }
        self.templates.filters |= {
            "day": self._by_the_readers_clock(self.day),
            "clock": self._by_the_readers_clock(self.clock),
            "moment": self._by_the_readers_clock(self.moment),
            "moment_at": self._by_the_readers_clock(self.moment_at),
            "ago": self.ago,
            "since": self.since,
            "duration": duration,
            "as_read": as_read,
            "marked": marked,
            "short": short,
            "bytes": size,
        }

    @property
    def knowledge(self) -> Knowledge:
        return get_knowledge()

    @property
    def zone(self) -> ZoneInfo:
        return ZoneInfo(self.runtime.settings.timezone)

    def zone_in(self, sight: Sight) -> ZoneInfo:
        """The clock of whoever sees these offices: the first one's; the installation's for who sees all."""
        return zone_of(sight.offices[0], self.zone) if sight.offices else self.zone

    @asynccontextmanager
    async def session(self) -> AsyncIterator[AsyncSession]:
        """One transaction; committed at the end, so end it before answering."""
        async with self.runtime.database.session() as session:
            yield session

    # --- answers ---

    def page(
        self,
        request: Request,
        signed: Signed | None,
        template: str,
        *,
        section: str = "",
        status: int = 200,
        **values: Any,
    ) -> Response:
        """A whole page. A message left by `done` is shown on it, once."""
        message = unquote(request.cookies.get(FLASH, ""))
        sections = [item for item in self.sections if signed and signed.may(item.role)]  # type: ignore[arg-type]
        content = self.templates.get_template(template).render(
            request=request,
            signed=signed,
            section=section,
            sections=sections,
            message=message,
            **{"error": "", "knowledge": self.knowledge, "recalls": self.acts(request), **values},
        )
        response = HTMLResponse(content, status, headers=SECURITY_HEADERS)
        if message:
            response.delete_cookie(FLASH, path="/console")
        return response

    def part(
        self, template: str, *, status: int = 200, headers: dict[str, str] | None = None, **values: Any
    ) -> Response:
        """A piece of a page, for htmx."""
        content = self.templates.get_template(template).render(**{"knowledge": self.knowledge, **values})
        return HTMLResponse(content, status, headers=SECURITY_HEADERS | (headers or {}))

    def done(
        self, request: Request, address: str, message: str = "", act: tuple[int, datetime] | None = None
    ) -> Response:
        """Go on with another page after a change, and say there what was done. `act`: it can still be taken back."""
        response: Response
        if request.headers.get("hx-request"):
            response = Response(status_code=204, headers=SECURITY_HEADERS | {"HX-Redirect": address})
        else:
            response = RedirectResponse(address, 303, headers=SECURITY_HEADERS)
        if message:
            response.set_cookie(
                FLASH, quote(message), max_age=60, path="/console", httponly=True, samesite="lax", secure=self.is_https
            )
        self.keep_act(request, response, act)
        return response

    def acts(self, request: Request, new: tuple[int, datetime] | None = None) -> list[tuple[int, int]]:
        """What the officer can still take back, newest first: ids with the seconds that are left."""
        pairs = [one.split(".") for one in request.cookies.get(ACTS, "").split("_")]
        known = {int(one[0]): int(one[1]) for one in pairs if len(one) == 2 and all(map(_is_number, one))}
        if new is not None:
            known[new[0]] = int(new[1].timestamp())
        now, most = self.now().timestamp(), self.runtime.settings.recall_seconds
        return [
            (number, min(math.ceil(until - now), most))
            for number, until in sorted(known.items())[:-4:-1]
            if until > now
        ]

    def keep_act(self, request: Request, response: Response, act: tuple[int, datetime] | None) -> None:
        """The browser shows on its pages that the act can be taken back."""
        if act is not None:
            self._know_acts(response, self.acts(request, act))

    def forget_act(self, request: Request, response: Response, act_id: int) -> None:
        self._know_acts(response, [one for one in self.acts(request) if one[0] != act_id])

    def _know_acts(self, response: Response, acts: list[tuple[int, int]]) -> None:
        now = self.now().timestamp()
        value = "_".join(f"{number}.{int(now) + left}" for number, left in acts)
        age = max((left for _, left in acts), default=0)
        response.set_cookie(
            ACTS, value, max_age=age, path="/console", httponly=True, samesite="lax", secure=self.is_https
        )

    @property
    def is_https(self) -> bool:
        return self.runtime.settings.public_url.startswith("https://")

    # --- times, as officers read them ---

    def _by_the_readers_clock(self, said: Callable[..., str]) -> Callable[..., str]:
        @pass_context
        def shown(context: Context, value: Any, *more: str) -> str:
            signed = context.get("signed")
            return said(value, self.zone_in(signed.sight) if signed else self.zone, *more)

        return shown

    def day(self, value: datetime | date, zone: ZoneInfo) -> str:
        """ "5 November 2026"."""
        return say_date(value.astimezone(zone).date() if isinstance(value, datetime) else value)

    def clock(self, value: datetime, zone: ZoneInfo) -> str:
        """ "14.05"."""
        return f"{value.astimezone(zone):%H.%M}"

    def moment(self, value: datetime, zone: ZoneInfo) -> str:
        """ "14.05" today, "kemarin 14.05", otherwise "5 November 2026 14.05"."""
        local, today = value.astimezone(zone), self.now().astimezone(zone).date()
        if local.date() == today:
            return self.clock(value, zone)
        if local.date() == today - timedelta(days=1):
            return f"kemarin {self.clock(value, zone)}"
        return f"{say_date(local.date())} {self.clock(value, zone)}"

    def moment_at(self, value: datetime, zone: ZoneInfo, office: str) -> str:
        """By the office's clock, which is named where it is not the reader's: "14.05 WIT"."""
        there = zone_of(office, self.zone)
        same = value.astimezone(there).utcoffset() == value.astimezone(zone).utcoffset()
        return self.moment(value, there) if same else f"{self.moment(value, there)} {zone_name(there)}"

    def ago(self, value: datetime) -> str:
        """ "3 menit lalu"."""
        return f"{duration(self.now() - value)} lalu"

    def since(self, value: datetime) -> str:
        """How long already, for narrow places: "12 mnt"."""
        return short(self.now() - value)


def _is_number(text: str) -> bool:
    return text.isascii() and text.isdecimal() and len(text) < 18


def short(value: timedelta) -> str:
    """For narrow places: "< 1 mnt", "12 mnt", "3 j 20 mnt", "2 hari"."""
    said = duration(value).replace("kurang dari 1 menit", "< 1 mnt")
    return said.replace(" menit", " mnt").replace(" jam", " j")


def size(count: int) -> str:
    """Of a file: "820 B", "12 KB", "1,4 MB"."""
    if count < 1000:
        return f"{count} B"
    if count < 1_000_000:
        return f"{count // 1000} KB"
    return f"{count / 1_000_000:.1f} MB".replace(".", ",")


def duration(value: timedelta) -> str:
    """The largest unit that says it: "kurang dari 1 menit", "3 menit", "2 jam 5 menit", "4 hari"."""
    minutes = int(value.total_seconds() // 60)
    if minutes < 1:
        return "kurang dari 1 menit"
    if minutes < 60:
        return f"{minutes} menit"
    hours, minutes = divmod(minutes, 60)
    if hours < 24:
        return f"{hours} jam {minutes} menit" if minutes else f"{hours} jam"
    return f"{hours // 24} hari"


@pass_context
def as_read(context: Context, text: str) -> str:
    """What an applicant wrote, as the reader's role may read it; whoever owns the conversation needs all of it."""
    signed = context.get("signed")
    return text if signed and context.get("mode") == "mine" else masked_for(signed.officer.role if signed else "", text)


@lru_cache
def icon(name: str) -> Markup:
    """An icon of lucide's as inline SVG, hidden from screen readers: words beside it say what it means."""
    lines = (PACKAGES / "lucide-static" / "icons" / f"{name}.svg").read_text().splitlines()
    shapes = "".join(line.strip() for line in lines if line.startswith("  <"))
    frame = '<svg class="icon" viewBox="0 0 24 24" width="20" height="20" aria-hidden="true" focusable="false">'
    return Markup(f"{frame}{shapes}</svg>")  # noqa: S704 a file of ours, not of a visitor's


def desk_of(request: Request) -> Desk:
    desk = request.app.state.desk
    assert isinstance(desk, Desk)
    return desk


Here = Annotated[Desk, Depends(desk_of)]
