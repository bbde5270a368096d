"""The office, service and procedure of a question; never a guess between two offices."""

from __future__ import annotations

from dataclasses import dataclass

from bot.answers.context import Asked, Context
from bot.knowledge.models import Knowledge, Office, Procedure, Service

Kind = str


@dataclass(frozen=True, slots=True)
class Found:
    """The question is about this service (and procedure, where it matters)."""

    service: Service
    procedure: Procedure | None = None


@dataclass(frozen=True, slots=True)
class Unclear:
    """Ask: `offices` (with `kind`, where known) or `services` of one office to choose from."""

    offices: tuple[Office, ...] = ()
    services: tuple[Service, ...] = ()
    kind: Kind | None = None
    switched: bool = False  # the office was changed and has no service of the earlier kind


@dataclass(frozen=True, slots=True)
class UnclearFlow:
    """The service has several procedures and the answer depends on which."""

    service: Service


@dataclass(frozen=True, slots=True)
class NotHeld:
    """No standard is held: of this region at all (`region`), or of this kind in `office`."""

    region: str | None = None
    office: Office | None = None
    kind: Kind | None = None


Scope = Found | Unclear | UnclearFlow | NotHeld


def find_service(knowledge: Knowledge, asked: Asked, memory: Context, default_office: str = "") -> Scope:
    """The service meant, from what this message names, else what is remembered, else the default office."""
    if asked.service in knowledge.services:
        return Found(knowledge.services[asked.service])
    if asked.region is not None:
        return NotHeld(region=asked.region)
    kind = asked.kind
    remembered = knowledge.services.get(memory.service or "")
    office = knowledge.offices.get(asked.office or "")
    if office:
        return _in_office(knowledge, office, kind or memory.kind, remembered if not kind else None)
    if kind:
        if remembered and remembered.kind == kind:
            return Found(remembered)
        return _of_kind(knowledge, kind, knowledge.offices.get(memory.office or default_office))
    if remembered:
        return Found(remembered)
    if memory.kind:
        return _of_kind(knowledge, memory.kind, knowledge.offices.get(memory.office or default_office))
    base = knowledge.offices.get(memory.office or default_office)
    return _in_office(knowledge, base, None, None) if base else Unclear(offices=tuple(knowledge.offices.values()))


def find_procedure(knowledge: Knowledge, asked: Asked, memory: Context, default_office: str = "") -> Scope:
    """As `find_service`, and the procedure too; asks when a service has several."""
    scope = find_service(knowledge, asked, memory, default_office)
    if not isinstance(scope, Found):
        return scope
    service = scope.service
    if len(service.procedures) <= 1:
        return Found(service, next(iter(service.procedures), None))
    remembered = memory.flow if memory.service in (service.id, None) else None
    for wanted in (asked.flow, remembered):
        for procedure in service.procedures:
            if procedure.id == wanted:
                return Found(service, procedure)
    return UnclearFlow(service)


def services_of(knowledge: Knowledge, office: str) -> tuple[Service, ...]:
    return tuple(service for service in knowledge.services.values() if service.office == office)


def _in_office(knowledge: Knowledge, office: Office, kind: Kind | None, remembered: Service | None) -> Scope:
    services = services_of(knowledge, office.id)
    if not services:
        return NotHeld(region=office.label)
    if kind:
        same = [service for service in services if service.kind == kind]
        if len(same) == 1:
            return Found(same[0])
        return Unclear(services=tuple(same), kind=kind) if same else NotHeld(office=office, kind=kind)
    if remembered and remembered.office == office.id:
        return Found(remembered)
    if remembered:
        same = [service for service in services if service.kind == remembered.kind]
        return Found(same[0]) if len(same) == 1 else Unclear(services=services, switched=True)
    return Found(services[0]) if len(services) == 1 else Unclear(services=services)


def _of_kind(knowledge: Knowledge, kind: Kind, base: Office | None) -> Scope:
    """`base` (remembered or default) decides when it has the kind; a region without it is told so."""
    services = [service for service in knowledge.services.values() if service.kind == kind]
    if base:
        here = [service for service in services if service.office == base.id]
        if len(here) == 1:
            return Found(here[0])
        if here:
            return Unclear(services=tuple(here), kind=kind)
    national = [service for service in services if knowledge.offices[service.office].region is None]
    if base and base.region and services and not national:
        return NotHeld(office=base, kind=kind)
    if len(services) == 1 and national:
        return Found(services[0])  # a region is never guessed, also where only one holds the kind
    offices = dict.fromkeys(service.office for service in services)
    return Unclear(offices=tuple(knowledge.offices[office] for office in offices or knowledge.offices), kind=kind)
