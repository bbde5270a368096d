"""The menus between answers: what a service is and what can be asked about it; the services of an office."""

from __future__ import annotations

from bot.answers import wording
from bot.answers.payloads import TO_MENU, button
from bot.answers.scope import services_of
from bot.answers.text import Item, item, pages
from bot.knowledge.models import Knowledge, NotStated, Office, Service
from bot.messages import Reply

_ASKABLE = (
    "ask_requirements",
    "ask_procedure",
    "ask_duration",
    "ask_cost",
    "ask_product",
    "ask_legal_basis",
    "ask_contact",
    "ask_detail",
    "guide_start",
)


def service_card(knowledge: Knowledge, service: Service) -> tuple[Reply, ...]:
    """What the service is, for whom, and everything that can be asked about it (at most ten buttons)."""
    items = [item(service.summary)]
    if isinstance(service.applies_to, NotStated):
        if service.applies_to.remark:
            items.append(Item(service.applies_to.remark, (service.applies_to.source,)))
    else:
        items.append(item(service.applies_to, "Berlaku untuk: "))
    found = pages(knowledge, service.title, items, gap="\n\n")
    asks = [
        button(wording.TOPIC_BUTTONS[topic], topic, service=service.id)
        for topic in _ASKABLE
        if (topic != "ask_detail" or service.sections) and (topic != "guide_start" or service.procedures)
    ]
    asks.append(TO_MENU)
    replies = [Reply(page.text, (), page.sources) for page in found[:-1]]
    return (*replies, Reply(found[-1].text, tuple(asks), found[-1].sources))


def office_card(knowledge: Knowledge, office: Office) -> Reply:
    """The services of one office to choose from, and its contacts."""
    services = services_of(knowledge, office.id)
    items = [Item(f"• {one.title}") for one in services]
    if office.remark:
        items.append(Item(f"\n{office.remark}", (office.source,)))
    page = pages(knowledge, f"{office.name}. Layanan yang saya pegang:", items, limit=900)[0]
    choices = [button(one.label, "inform", service=one.id, detail="menu") for one in services[:8]]
    choices.append(button("Kontak", "ask_contact", office=office.id))
    choices.append(TO_MENU)
    return Reply(page.text, tuple(choices), page.sources)
