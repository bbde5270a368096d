"""The HTTP client that twilio's own client uses here.

twilio's AsyncTwilioHttpClient ignores its timeout and posts JSON bodies (the Content API's) as forms, and its
synchronous client would need a thread for every call; this is the extension point the library offers instead.
https://www.twilio.com/docs/libraries/python/custom-http-clients-python
"""

from __future__ import annotations

from typing import Any
from urllib.parse import urlsplit

import httpx
from twilio.http import AsyncHttpClient
from twilio.http.response import Response

TIMEOUT = httpx.Timeout(10.0, connect=5.0)


class TwilioBusyError(Exception):
    """429 or 503. `retry_after` in seconds where Twilio names it; its own exceptions do not carry headers."""

    def __init__(self, status: int, retry_after: float | None) -> None:
        super().__init__(str(status))
        self.status = status
        self.retry_after = retry_after


class TwilioTransport(AsyncHttpClient):  # type: ignore[misc]  # twilio has no types
    """Sends with httpx, keeps connections, never logs. `api_url` replaces all of Twilio's hosts (tests)."""

    def __init__(self, api_url: str = "", client: httpx.AsyncClient | None = None) -> None:
        self.is_async = True
        self.timeout = None
        self.api_url = api_url.rstrip("/")
        self.client = client or httpx.AsyncClient(timeout=TIMEOUT)

    async def request(
        self,
        method: str,
        url: str,
        params: dict[str, Any] | None = None,
        data: dict[str, Any] | None = None,
        headers: dict[str, str] | None = None,
        auth: tuple[str, str] | None = None,
        timeout: float | None = None,
        allow_redirects: bool = False,
    ) -> Response:
        """twilio's call; raises TwilioBusyError or httpx.HTTPError."""
        json_body = (headers or {}).get("Content-Type") == "application/json"
        answer = await self.client.request(
            method,
            self.here(url),
            params=params,
            json=data if json_body else None,
            data=None if json_body else data,
            headers=headers,
            auth=auth,
            timeout=timeout if timeout is not None else httpx.USE_CLIENT_DEFAULT,
            follow_redirects=allow_redirects,
        )
        if answer.status_code in (429, 503):
            raise TwilioBusyError(answer.status_code, _seconds(answer.headers.get("Retry-After", "")))
        return Response(answer.status_code, answer.text, answer.headers)

    def here(self, url: str) -> str:
        """`url` at the host that stands in for Twilio's, if there is one."""
        if not self.api_url:
            return url
        parts = urlsplit(url)
        return f"{self.api_url}{parts.path}{'?' + parts.query if parts.query else ''}"

    async def close(self) -> None:
        await self.client.aclose()


def _seconds(value: str) -> float | None:
    try:
        return max(0.0, float(value))
    except ValueError:  # absent, or a date
        return None
