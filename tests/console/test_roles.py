"""Every route of the console, visited as every role and as nobody. A new route has to be named here."""

from __future__ import annotations

import httpx
import pytest
from fastapi import FastAPI

from bot.console.routes import SECTIONS
from bot.officers.models import ROLES
from tests.console.conftest import SignedIn, browser
from tests.helpers.routes import addresses

OPEN = {
    "GET /console/app.webmanifest",
    "GET /console/offline",
    "GET /console/service-worker.js",
    "GET /console/static/{name}",
    "GET /console/sign-in",
    "POST /console/sign-in",
    "POST /console/sign-in/code",
}
OFFICER = {
    "GET /console/persons/{conversation_id}",
    "POST /console/persons/{conversation_id}/join",
    "POST /console/persons/{conversation_id}/name",
    "POST /console/persons/{conversation_id}/notes",
    "POST /console/persons/{conversation_id}/part",
    "GET /console/conversations/{conversation_id}",
    "GET /console/conversations/{conversation_id}/draft",
    "GET /console/conversations/{conversation_id}/labels",
    "GET /console/conversations/{conversation_id}/live",
    "GET /console/conversations/{conversation_id}/older",
    "GET /console/conversations/{conversation_id}/replies",
    "GET /console/conversations/{conversation_id}/suggestions",
    "GET /console/files/{file_id}",
    "GET /console/inbox",
    "GET /console/inbox/table.{kind}",
    "GET /console/kbli/table.{kind}",
    "GET /console/kbli",
    "GET /console/inbox/rows",
    "GET /console/inbox/waiting",
    "GET /console/replies",
    "GET /console/sent-files/{message_id}",
    "POST /console/call-backs/{call_back_id}/done",
    "POST /console/conversations/{conversation_id}/claim",
    "POST /console/conversations/{conversation_id}/close",
    "POST /console/conversations/{conversation_id}/draft",
    "POST /console/conversations/{conversation_id}/give-back",
    "POST /console/conversations/{conversation_id}/held/{held_id}/approve",
    "POST /console/conversations/{conversation_id}/held/{held_id}/reject",
    "POST /console/conversations/{conversation_id}/labels",
    "POST /console/conversations/{conversation_id}/leave",
    "POST /console/conversations/{conversation_id}/snooze",
    "POST /console/conversations/{conversation_id}/unsnooze",
    "GET /console/inbox/choices",
    "POST /console/inbox/bulk",
    "POST /console/inbox/views",
    "POST /console/inbox/views/{view_id}/remove",
    "POST /console/conversations/{conversation_id}/looking",
    "POST /console/conversations/{conversation_id}/messages/{message_id}/resend",
    "POST /console/conversations/{conversation_id}/notes",
    "POST /console/conversations/{conversation_id}/release",
    "POST /console/conversations/{conversation_id}/renew",
    "POST /console/conversations/{conversation_id}/reply",
    "POST /console/conversations/{conversation_id}/transfer",
    "POST /console/conversations/{conversation_id}/typing",
    "GET /console",
    "GET /console/board",
    "GET /console/survey",
    "GET /console/survey.{kind}",
    "GET /console/figures",
    "GET /console/figures/{what}/report.{kind}",
    "GET /console/applications/table.{kind}",
    "GET /console/applications/overdue/table.{kind}",
    "GET /console/complaints/table.{kind}",
    "GET /console/account",
    "GET /console/account/password",
    "GET /console/applications",
    "GET /console/applications/import",
    "GET /console/applications/import/{upload_id}",
    "GET /console/applications/new",
    "GET /console/applications/overdue",
    "GET /console/applications/{number}",
    "GET /console/complaints",
    "GET /console/complaints/figures",
    "GET /console/complaints/figures.{kind}",
    "GET /console/complaints/{report_id}",
    "GET /console/knowledge",
    "GET /console/knowledge/drafts",
    "GET /console/knowledge/drafts/help",
    "GET /console/knowledge/drafts/versions/{publication}",
    "GET /console/knowledge/drafts/{number}",
    "POST /console/knowledge/drafts",
    "POST /console/knowledge/drafts/{number}",
    "POST /console/knowledge/drafts/{number}/remove",
    "GET /console/knowledge/drafts/{number}/try",
    "POST /console/knowledge/drafts/{number}/try",
    "POST /console/knowledge/drafts/{number}/try/questions",
    "POST /console/knowledge/drafts/{number}/try/questions/new",
    "POST /console/knowledge/drafts/{number}/try/questions/{question}/remove",
    "GET /console/knowledge/questions/new/{conversation}/{message}",
    "GET /console/knowledge/proposals",
    "POST /console/knowledge/proposals",
    "GET /console/knowledge/proposals/{number}",
    "POST /console/knowledge/proposals/{number}",
    "GET /console/conversations/{conversation_id}/why/{message_id}",
    "POST /console/conversations/{conversation_id}/files/{file_id}/again",
    "GET /console/notices",
    "GET /console/knowledge/documents/{document_id}",
    "GET /console/knowledge/services/{service_id}",
    "GET /console/live",
    "POST /console/account/devices",
    "POST /console/account/devices/meet",
    "POST /console/account/devices/off",
    "POST /console/account/devices/try",
    "POST /console/account/password",
    "POST /console/account/sessions/end",
    "POST /console/account/replies",
    "POST /console/account/totp",
    "POST /console/acts/{act_id}/recall",
    "POST /console/account/totp/off",
    "POST /console/applications/import",
    "POST /console/applications/import/{upload_id}",
    "POST /console/applications/import/{upload_id}/columns",
    "POST /console/applications/new",
    "POST /console/applications/receipts",
    "POST /console/applications/{number}/advance",
    "POST /console/applications/{number}/claim-code",
    "POST /console/applications/{number}/contacts",
    "POST /console/applications/{number}/contacts/{contact_id}/remove",
    "POST /console/applications/{number}/note",
    "POST /console/applications/{number}/receipt",
    "POST /console/applications/{number}/receipt/send",
    "POST /console/complaints/{report_id}/answered",
    "POST /console/complaints/{report_id}/attachments/{file_id}",
    "POST /console/complaints/{report_id}/retry",
    "POST /console/complaints/{report_id}/take",
    "POST /console/complaints/{report_id}/tracking",
    "POST /console/sign-out",
}
SUPERVISOR = {
    "GET /console/calls",
    "POST /console/calls/code",
    "POST /console/calls/part",
    "POST /console/calls/try",
    "GET /console/audit/table.{kind}",
    "GET /console/figures/letterhead",
    "POST /console/figures/letterhead",
    "POST /console/knowledge/proposals/{number}/publish",
    "POST /console/knowledge/proposals/{number}/decline",
    "POST /console/knowledge/drafts/versions/{publication}/reviewed",
    "POST /console/notices",
    "POST /console/notices/{number}/end",
    "POST /console/knowledge/drafts/{number}/publish",
    "POST /console/knowledge/drafts/versions/{publication}/back",
    "GET /console/hours",
    "GET /console/triage",
    "POST /console/triage/target",
    "POST /console/triage/labels",
    "POST /console/triage/sharing",
    "POST /console/triage/skills",
    "POST /console/triage/labels/{label_id}/remove",
    "GET /console/rules",
    "POST /console/conversations/{conversation_id}/take-over",
    "POST /console/hours",
    "POST /console/hours/closed",
    "POST /console/hours/opened",
    "POST /console/hours/rested",
    "POST /console/hours/special",
    "POST /console/hours/special/{special_id}/end",
    "POST /console/hours/worked",
    "POST /console/hours/zone",
    "POST /console/replies",
    "POST /console/replies/{reply_id}/remove",
    "POST /console/rules",
    "POST /console/rules/{rule_id}/end",
    "GET /console/audit",
    "GET /console/understanding",
    "GET /console/understanding/export",
    "POST /console/understanding/label",
    "POST /console/understanding/unlabel",
    "POST /console/understanding/measure",
}
ADMINISTRATOR = {
    "GET /console/privacy",
    "POST /console/privacy/holds",
    "POST /console/privacy/holds/{hold_id}/release",
    "GET /console/keys",
    "GET /console/keys/table.{kind}",
    "GET /console/officers/table.{kind}",
    "GET /console/officers",
    "POST /console/keys",
    "POST /console/keys/revoke",
    "POST /console/officers",
    "POST /console/officers/{officer_id}/active",
    "POST /console/officers/{officer_id}/reset-password",
    "POST /console/officers/{officer_id}/role",
    "POST /console/officers/{officer_id}/offices",
    "POST /console/teams",
}
LEAST = (
    dict.fromkeys(OFFICER, "officer")
    | dict.fromkeys(SUPERVISOR, "supervisor")
    | dict.fromkeys(ADMINISTRATOR, "administrator")
)


async def visit(client: httpx.AsyncClient, route: str) -> httpx.Response:
    """The route with made-up numbers and an empty form."""
    method, path = route.split(" ")
    parts = ["1" if part.startswith("{") else part for part in path.split("/")]
    return await client.request(method, "/".join(parts), data={} if method == "POST" else None)


def test_every_route_says_who_may_enter(app: FastAPI) -> None:
    assert {route for route in addresses(app) if " /console" in route} == OPEN | set(LEAST)


@pytest.mark.parametrize("route", sorted(LEAST))
async def test_nobody_gets_in(nobody: httpx.AsyncClient, route: str) -> None:
    answer = await visit(nobody, route)
    expected = 401 if route == "GET /console/live" else 303
    assert answer.status_code == expected
    assert answer.headers.get("location", answer.headers.get("hx-redirect", "")).startswith("/console/sign-in")


@pytest.mark.parametrize("role", ROLES[:-1])
async def test_lesser_roles_are_refused(signed_in: SignedIn, role: str) -> None:
    client = await signed_in(role)
    for route in sorted(route for route, least in LEAST.items() if ROLES.index(least) > ROLES.index(role)):
        answer = await visit(client, route)
        assert answer.status_code == 403, route
        assert "bukan untuk peran Anda" in answer.text


@pytest.mark.parametrize("role", ROLES)
async def test_the_menu_has_what_the_role_may_enter(signed_in: SignedIn, role: str) -> None:
    page = (await (await signed_in(role)).get("/console/account")).text
    offered = {one.id for one in SECTIONS if f'<a href="{one.address}"' in page}
    assert offered == {one.id for one in SECTIONS if ROLES.index(one.role) <= ROLES.index(role)}


@pytest.mark.parametrize(
    "origin", [{"sec-fetch-site": "cross-site"}, {"sec-fetch-site": "same-site"}, {"origin": "https://example.com"}, {}]
)
async def test_changes_come_from_our_own_pages_only(app: FastAPI, signed_in: SignedIn, origin: dict[str, str]) -> None:
    client = await signed_in("administrator")
    async with browser(app) as other:
        other.headers.pop("sec-fetch-site")
        other.cookies = client.cookies
        for route in sorted(route for route in LEAST if route.startswith("POST")):
            method, path = route.split(" ")
            answer = await other.request(method, path.replace("{", "").replace("}", ""), headers=origin)
            assert answer.status_code == 403, route


async def test_pages_carry_strict_headers(signed_in: SignedIn) -> None:
    client = await signed_in("administrator")
    for route in sorted(
        route for route in LEAST if route.startswith("GET") and "{" not in route and "live" not in route
    ):
        answer = await client.get(route.split(" ")[1])
        policy = answer.headers["content-security-policy"]
        assert "default-src 'self'" in policy and "unsafe" not in policy, route
        assert answer.headers["cache-control"] == "no-store"
        if not answer.headers["content-type"].startswith("text/html"):
            continue
        assert "<script>" not in answer.text and " style=" not in answer.text and " onclick=" not in answer.text
