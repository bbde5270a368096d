"""Ways to reach an office, exactly as the documents print them, and whom to ask when a document is silent."""

from __future__ import annotations

from collections.abc import Sequence

from bot.answers import wording
from bot.answers.scope import services_of
from bot.answers.text import Item, contact_text, lines
from bot.knowledge.models import Contact, Knowledge, NotStated, Office, Service, Source

_DIRECT = ("phone", "whatsapp", "email", "website", "app", "facebook", "instagram", "place")
_DIRECT_SHOWN = 2


def office_contacts(knowledge: Knowledge, office: Office) -> list[Contact]:
    """The office's contacts and the complaint channels of its services, each once; empty when none is stated."""
    found = [] if isinstance(office.contacts, NotStated) else list(office.contacts)
    for service in services_of(knowledge, office.id):
        found += _new(found, complaint_contacts(service))
    return found


def complaint_contacts(service: Service) -> list[Contact]:
    return [] if isinstance(service.complaints, NotStated) else list(service.complaints)


def office_complaints(knowledge: Knowledge, office: Office) -> list[Contact]:
    """The complaint channels printed in the standards of this office, each once."""
    found: list[Contact] = []
    for service in services_of(knowledge, office.id):
        found += _new(found, complaint_contacts(service))
    return found


def contact_items(contacts: Sequence[Contact]) -> list[Item]:
    return [Item("• " + contact_text(contact), (contact.source,)) for contact in contacts]


def whom_to_ask(knowledge: Knowledge, office: Office) -> tuple[str, tuple[Source, ...]]:
    """One or two direct contacts of the office as a short paragraph, or that an officer can be asked."""
    contacts = office_contacts(knowledge, office)
    ranked = sorted((one for one in contacts if one.kind in _DIRECT), key=lambda one: _DIRECT.index(one.kind))
    if office.region is None and all(one.kind == "website" for one in ranked):
        return wording.ASK_LOCAL, ()  # a document that does not say whose it is has no office to ask
    name = office.name.split(" (")[0]
    if not ranked:
        return wording.ASK_OFFICER.format(office=name), ()
    chosen = ranked[:_DIRECT_SHOWN]
    listed = [f"• {one.label}: {one.value}" if one.value else f"• {one.label}" for one in chosen]
    return lines(wording.ASK_THEM.format(office=name), *listed), tuple(one.source for one in chosen)


def _new(known: Sequence[Contact], more: Sequence[Contact]) -> list[Contact]:
    """Those of `more` that are not in `known`: the same kind with the same value (a place or a box has none)."""
    keys = {(one.kind, one.value) for one in known}
    fresh: list[Contact] = []
    for one in more:
        key = (one.kind, one.value)
        if key not in keys:
            keys.add(key)
            fresh.append(one)
    return fresh
