"""The connection to the action server, kept open between turns (Rasa opens a new session for every action)."""

from __future__ import annotations

from typing import Any, Optional, Text

import aiohttp
from rasa.utils.endpoints import ClientResponseError, EndpointConfig

TIMEOUT_SECONDS = 15
IDLE_SECONDS = 3
"""Less than the 5 seconds after which uvicorn closes an idle connection, so that we never write to a closed one."""


class KeepAliveEndpoint(EndpointConfig):
    """An EndpointConfig with one HTTP session. Answers are JSON; anything else, or a status >= 400, raises."""

    def __init__(self, url: Text) -> None:
        # enable_selective_domain: actions do not get the domain (30 kB a call) unless they ask for it
        super().__init__(url, enable_selective_domain=True)
        self._session: Optional[aiohttp.ClientSession] = None

    async def request(
        self,
        method: Text = "post",
        subpath: Optional[Text] = None,
        content_type: Optional[Text] = "application/json",
        compress: bool = False,
        **kwargs: Any,
    ) -> Any:
        """Send a request and return the parsed answer."""
        kwargs.pop("timeout", None)
        async with self._open().request(method, self.url, **kwargs) as response:
            if response.status >= 400:
                raise ClientResponseError(response.status, response.reason, (await response.read()).decode()[:500])
            return await response.json()

    def _open(self) -> aiohttp.ClientSession:
        if self._session is None or self._session.closed:
            self._session = aiohttp.ClientSession(
                timeout=aiohttp.ClientTimeout(total=TIMEOUT_SECONDS),
                connector=aiohttp.TCPConnector(keepalive_timeout=IDLE_SECONDS),
            )
        return self._session

    async def close(self) -> None:
        """Close the session."""
        if self._session is not None:
            await self._session.close()
