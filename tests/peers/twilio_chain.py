"""Prism (Twilio's published contract) in front of the Content API stand-in in front of emulate, as real processes."""

from __future__ import annotations

import asyncio
import json
import shutil
import socket
import subprocess
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import httpx

from tests.peers.serving import serving
from tests.peers.twilio_api import ACCOUNT, SENDER, TOKEN, TwilioApi

FOLDER = Path(__file__).parent
MODULES = FOLDER / "node_modules"
SPECS = MODULES / "@twilio/cli-core/src/services/twilio-api"
OPERATIONS = {
    "twilio_api_v2010.json": ("/2010-04-01/Accounts/{AccountSid}/Messages.json", ("post", "get")),
    "twilio_content_v1.json": ("/v1/Content", ("post",)),
}
START_SECONDS = 60.0


@dataclass(frozen=True, slots=True)
class Chain:
    """`url` is Prism, what Pandu talks to; `emulate` is behind it; `api` is the stand-in between them."""

    url: str
    emulate: str
    api: TwilioApi

    async def inbound(self, sender: str, body: str) -> int:
        """emulate sends a signed webhook as if `sender` had written; returns its status."""
        return await self._simulate("inbound-message", {"To": SENDER, "From": sender, "Body": body})

    async def status(self, sid: str, status: str) -> int:
        """emulate moves a message on and calls its StatusCallback."""
        return await self._simulate("message-status", {"MessageSid": sid, "Status": status})

    async def sent(self) -> list[dict[str, Any]]:
        """The messages as emulate keeps them."""
        async with httpx.AsyncClient(auth=(ACCOUNT, TOKEN), timeout=60) as client:
            answer = await client.get(f"{self.emulate}/2010-04-01/Accounts/{ACCOUNT}/Messages.json")
            messages: list[dict[str, Any]] = answer.json()["messages"]
            return messages

    async def _simulate(self, what: str, form: dict[str, str]) -> int:
        async with httpx.AsyncClient(auth=(ACCOUNT, TOKEN), timeout=20) as client:
            return (await client.post(f"{self.emulate}/_twilio/simulate/{what}", data=form)).status_code


def install() -> None:
    """Installs the Node programs from the lock file unless they are there already."""
    stamp = MODULES / ".package-lock.json"
    if stamp.exists() and stamp.stat().st_mtime >= (FOLDER / "package-lock.json").stat().st_mtime:
        return
    npm = shutil.which("npm")
    assert npm, "npm is needed for the tests against Twilio's stand-ins: install Node.js 20 or newer"
    arguments = [npm, "ci", "--ignore-scripts", "--no-audit", "--no-fund", "--loglevel=error"]
    subprocess.run(arguments, cwd=FOLDER, check=True, timeout=280)
    stamp.touch()


@asynccontextmanager
async def twilio_chain(webhooks: str, folder: Path) -> AsyncIterator[Chain]:
    """Starts everything; emulate posts what applicants write to the app at `webhooks`. `folder` takes the logs."""
    await asyncio.to_thread(install)
    node = shutil.which("node") or "node"
    seed, spec = folder / "emulate.json", folder / "twilio.json"
    seed.write_text(json.dumps(_seed(webhooks)))
    spec.write_text(json.dumps(_contract()))
    emulate_port, prism_port = _free_port(), _free_port()
    emulate = [node, "-r", str(FOLDER / "loopback.cjs"), str(MODULES / "emulate/dist/index.js"), "--service", "twilio"]
    prism = [node, str(MODULES / "@stoplight/prism-cli/dist/index.js"), "proxy", "--errors", "-h", "127.0.0.1"]
    address = f"http://127.0.0.1:{emulate_port}"
    async with serving((api := TwilioApi(address)).app) as stub:
        processes = [
            _start([*emulate, "--port", str(emulate_port), "--seed", str(seed)], folder / "emulate.log"),
            _start([*prism, "-p", str(prism_port), str(spec), stub], folder / "prism.log"),
        ]
        try:
            await asyncio.gather(_listening(emulate_port, processes[0]), _listening(prism_port, processes[1]))
            yield Chain(f"http://127.0.0.1:{prism_port}", address, api)
        finally:
            for process in processes:
                process.terminate()
            for process in processes:
                await asyncio.to_thread(process.wait, 10)


def _seed(webhooks: str) -> dict[str, Any]:
    number = {
        "phone_number": SENDER,
        "friendly_name": "WhatsApp",
        "sms_url": f"{webhooks}/webhooks/whatsapp",
        "status_callback": f"{webhooks}/webhooks/whatsapp/status",
    }
    return {"twilio": {"account": {"sid": ACCOUNT, "auth_token": TOKEN}, "phone_numbers": [number]}}


def _contract() -> dict[str, Any]:
    """The operations we use from Twilio's OpenAPI documents, as one small document that Prism loads fast."""
    contract: dict[str, Any] = {"openapi": "3.0.1", "info": {"title": "Twilio", "version": "1"}, "paths": {}}
    schemas: dict[str, Any] = {}
    security: dict[str, Any] = {}
    for file, (path, methods) in OPERATIONS.items():
        document = json.loads((SPECS / file).read_text())
        contract["paths"][path] = {method: document["paths"][path][method] for method in methods}
        schemas |= document["components"]["schemas"]
        security |= document["components"]["securitySchemes"]
    contract["components"] = {"schemas": schemas, "securitySchemes": security}
    _mend(contract["paths"], schemas)
    return contract


def _mend(paths: dict[str, Any], schemas: dict[str, Any]) -> None:
    """Says how repeated form fields are sent; Twilio's relative links are no URIs to Prism."""
    for operations in paths.values():
        for media in operations["post"]["requestBody"]["content"].values():
            for name, field in media["schema"].get("properties", {}).items():
                if field.get("type") == "array":
                    media.setdefault("encoding", {})[name] = {"style": "form", "explode": True}
    _forget_uris([paths, schemas])


def _forget_uris(document: Any) -> None:
    for part in document.values() if isinstance(document, dict) else document:
        if isinstance(part, dict) and part.get("format") == "uri":
            del part["format"]
        if isinstance(part, dict | list):
            _forget_uris(part)


def _start(arguments: list[str], log: Path) -> subprocess.Popen[bytes]:
    with log.open("wb") as output:
        return subprocess.Popen(arguments, stdout=output, stderr=subprocess.STDOUT, stdin=subprocess.DEVNULL)


def _free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port: int = probe.getsockname()[1]
        return port


async def _listening(port: int, process: subprocess.Popen[bytes]) -> None:
    async with asyncio.timeout(START_SECONDS):
        while True:
            assert process.poll() is None, f"{process.args} ended with {process.returncode}"
            try:
                _, writer = await asyncio.open_connection("127.0.0.1", port)
            except OSError:
                await asyncio.sleep(0.05)
                continue
            writer.close()
            await writer.wait_closed()
            return
