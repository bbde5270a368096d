"""The console as an installed app: its manifest, its service worker, and the page that stands in when nothing answers.

The worker keeps files that carry their hash in the address, and the stand-in page: nothing of a person, so it stays
when somebody signs out. It changes, and is fetched anew, as soon as one of these changes: at the next release.
"""

from __future__ import annotations

import hashlib
import json

from fastapi import APIRouter, Response

from bot.console.desk import SECURITY_HEADERS, Desk, Here

router = APIRouter()
SCOPE = "/console"
OFFLINE = "/console/offline"
LIGHT, DARK = "#f4efe6", "#171512"
"""--paper of bot/web/static/base.css."""
ICONS = (("icon-192.png", 192, "any"), ("icon-512.png", 512, "any"), ("icon-maskable.png", 512, "maskable"))
SHORTCUTS = (("Percakapan", "/console/inbox"), ("Permohonan", "/console/applications"), ("Hari ini", "/console"))
CHECKED = {"Cache-Control": "no-cache"}  # asked for anew each time


@router.get("/app.webmanifest")
async def manifest(desk: Here) -> Response:
    icons = [
        {"src": desk.assets.url(name), "sizes": f"{size}x{size}", "type": "image/png", "purpose": purpose}
        for name, size, purpose in ICONS
    ]
    described = {
        "id": SCOPE,
        "name": "Pandu – meja petugas",
        "short_name": "Pandu",
        "description": "Percakapan, permohonan, dan pengaduan pemohon izin, untuk petugas kantor.",
        "lang": "id",
        "dir": "ltr",
        "start_url": "/console/inbox",
        "scope": SCOPE,
        "display": "standalone",
        "theme_color": LIGHT,
        "background_color": LIGHT,
        "icons": icons,
        "shortcuts": [{"name": name, "url": address} for name, address in SHORTCUTS],
    }
    content = json.dumps(described, ensure_ascii=False)
    return Response(content, media_type="application/manifest+json", headers=SECURITY_HEADERS | CHECKED)


@router.get("/service-worker.js")
async def worker(desk: Here) -> Response:
    files, stand_in = desk.assets.urls(), _offline(desk)
    version = hashlib.sha256("\n".join([*files, stand_in]).encode()).hexdigest()[:16]
    values = {"version": version, "files": files, "offline": OFFLINE, "icon": _pictures(desk)}
    content = desk.templates.get_template("service-worker.js").render(**values)
    headers = SECURITY_HEADERS | CHECKED | {"Service-Worker-Allowed": SCOPE}
    return Response(content, media_type="text/javascript; charset=utf-8", headers=headers)


@router.get("/offline")
async def offline(desk: Here) -> Response:
    """The same for everybody, signed in or not."""
    return Response(_offline(desk), media_type="text/html; charset=utf-8", headers=SECURITY_HEADERS)


def _pictures(desk: Desk) -> dict[str, str]:
    """What a notification shows: the icon, and the badge of Android's status bar."""
    return {"icon": desk.assets.url("icon-192.png"), "badge": desk.assets.url("badge.png")}


def _offline(desk: Desk) -> str:
    return desk.templates.get_template("offline.html").render(message="", error="", signed=None)
