"""The real twilio client through Prism (Twilio's contract) to emulate, and emulate's signed webhooks back to us."""

from __future__ import annotations

from collections.abc import AsyncIterator
from dataclasses import dataclass, replace
from datetime import UTC, datetime, timedelta
from pathlib import Path

import httpx
import pytest
from fastapi import FastAPI

from bot.channels.base import TemporarySendError
from bot.channels.whatsapp.channel import WhatsAppChannel
from bot.channels.whatsapp.check import TEMPLATES
from bot.messages import Button, OutgoingMessage
from tests.channels.conftest import Inbox, Ledger, Shelf, settings
from tests.helpers.until import until
from tests.peers.serving import serving
from tests.peers.twilio_api import ACCOUNT, PUBLIC, SENDER, TOKEN, error
from tests.peers.twilio_chain import Chain, twilio_chain

SITI = "whatsapp:+6281200000002"


@dataclass
class Stage:
    chain: Chain
    channel: WhatsAppChannel
    inbox: Inbox
    ledger: Ledger

    async def statuses(self, message_id: int) -> list[str]:
        return [told.status for told in self.ledger.receipts if told.message_id == message_id]


@pytest.fixture(scope="module")
async def stage(tmp_path_factory: pytest.TempPathFactory) -> AsyncIterator[Stage]:
    """Pandu's webhooks on a real port, and everything of Twilio's behind real ports."""
    folder: Path = tmp_path_factory.mktemp("twilio")
    app, inbox, ledger = FastAPI(), Inbox(), Ledger()
    async with serving(app) as here, twilio_chain(here, folder) as chain:
        local = settings(public_url=here, twilio_api_url=chain.url)
        channel = WhatsAppChannel(local, inbox, ledger, Shelf())
        app.include_router(channel.router())
        await channel.start()
        yield Stage(chain, channel, inbox, ledger)
        await channel.stop()


async def test_what_an_applicant_writes_reaches_the_inbox(stage: Stage) -> None:
    assert await stage.chain.inbound(SITI, "Apa syarat IUI? é 😀") == 201
    (message,) = stage.inbox.messages
    assert (message.address, message.kind, message.text) == (SITI, "text", "Apa syarat IUI? é 😀")


async def test_an_answer_goes_out_and_its_receipts_come_back(stage: Stage) -> None:
    sid = await stage.channel.send(OutgoingMessage(21, "whatsapp", SITI, "Ada tiga syarat."))
    await stage.chain.status(sid, "sent")
    await stage.chain.status(sid, "delivered")
    await stage.chain.status(sid, "read")

    async def read() -> bool:
        return "read" in await stage.statuses(21)

    await until(read)
    assert await stage.statuses(21) == ["sent", "delivered", "read"]
    assert ("Ada tiga syarat.", SITI) in [(sent["body"], sent["to"]) for sent in await stage.chain.sent()]


@pytest.mark.parametrize("amount", [1, 3, 4, 10])
async def test_menus_keep_twilios_contract(stage: Stage, amount: int) -> None:
    buttons = tuple(Button(f"Pilihan {number}", f'/inform{{"topic":"{number}"}}') for number in range(amount))
    sid = await stage.channel.send(OutgoingMessage(30 + amount, "whatsapp", SITI, f"Dari {amount}:\nPilih.", buttons))
    bodies = {sent["sid"]: sent["body"] for sent in await stage.chain.sent()}
    assert bodies[sid] == f"Dari {amount}:\nPilih."  # a content, not a numbered text


async def test_failures_are_told(stage: Stage) -> None:
    sid = await stage.channel.send(OutgoingMessage(50, "whatsapp", SITI, "Halo"))
    await stage.chain.status(sid, "undelivered")

    async def failed() -> bool:
        return await stage.statuses(50) == ["failed"]

    await until(failed)


@pytest.mark.parametrize(
    ("path", "request_body"),
    [
        (f"/2010-04-01/Accounts/{ACCOUNT}/Messages.json", {"data": {"From": SENDER, "Body": "tanpa tujuan"}}),
        (
            f"/2010-04-01/Accounts/{ACCOUNT}/Messages.json",
            {"data": {"To": SITI, "From": SENDER, "ContentSid": "HXbukan"}},
        ),
        ("/v1/Content", {"json": {"language": "id", "types": {"twilio/list-picker": {"items": [{"nama": "x"}]}}}}),
        ("/v1/Content", {"json": {"friendly_name": "tanpa bahasa"}}),
    ],
)
async def test_the_contract_bites(stage: Stage, path: str, request_body: dict[str, dict[str, str]]) -> None:
    async with httpx.AsyncClient(auth=(ACCOUNT, TOKEN), timeout=60) as client:
        answer = await client.post(stage.chain.url + path, **request_body)  # type: ignore[arg-type]
    assert answer.status_code == 422


async def test_twilios_list_tells_what_was_sent_and_what_came_by_no_webhook(stage: Stage) -> None:
    begin = datetime.now(UTC) - timedelta(minutes=1)
    message = OutgoingMessage(31, "whatsapp", SITI, "Daftar yang  dicari", (Button("Lanjut", "/guide_next"),))
    other = replace(message, text="Pesan lain")
    sid = await stage.channel.send(message)
    assert await stage.channel.find_sent(message, begin, set()) == sid
    assert await stage.channel.find_sent(message, begin, {sid}) is None
    assert await stage.channel.find_sent(other, begin, set()) is None
    assert await stage.channel.find_sent(message, datetime.now(UTC) + timedelta(minutes=1), set()) is None
    await stage.chain.inbound(SITI, "tidak ada yang menjawab webhook ini")
    missed = await stage.channel.missed(begin, datetime.now(UTC) + timedelta(minutes=1))
    (found,) = [one for one in missed if one.text == "tidak ada yang menjawab webhook ini"]
    (arrived,) = [one for one in stage.inbox.messages if one.text == found.text]
    assert (found.provider_id, found.address, found.kind) == (arrived.provider_id, SITI, "text")
    assert found.sent_at is not None and begin < found.sent_at <= datetime.now(UTC) + timedelta(seconds=1)
    assert all(one.address == SITI for one in missed)


async def test_a_list_that_cannot_be_had_is_a_temporary_trouble(stage: Stage) -> None:
    stage.chain.api.failures.append(error(503, 20503))
    with pytest.raises(TemporarySendError):
        await stage.channel.missed(datetime.now(UTC), datetime.now(UTC))


async def test_a_template_stands_in_twilios_list_with_its_values(stage: Stage) -> None:
    sid = "HX" + "a" * 32
    stage.chain.api.contents[sid] = {"types": {"twilio/text": {"body": TEMPLATES[0].body}}}
    chosen = settings(public_url=PUBLIC, twilio_api_url=stage.chain.url, whatsapp_news_template=sid)
    channel = WhatsAppChannel(chosen, stage.inbox, stage.ledger, Shelf())
    begin = datetime.now(UTC) - timedelta(minutes=1)
    values = {"1": "PDU-2611-0007", "2": "Verifikasi teknis"}
    news = OutgoingMessage(61, "whatsapp", SITI, "Kabar permohonan …", window_open=False, template=values)
    sent = await channel.send(news)
    assert await channel.find_sent(news, begin, set()) == sent
    assert await channel.find_sent(replace(news, template=values | {"2": "Selesai"}), begin, set()) is None
    await channel.stop()
