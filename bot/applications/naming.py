"""Names of services in lists: by id, title, label, or as the office said once."""

from __future__ import annotations

from collections.abc import Iterable, Mapping

from bot.knowledge.models import Knowledge, Service


def fold(text: str) -> str:
    return " ".join(text.replace("_", "-").casefold().split())


class Names:
    """Services by name. `office`: the list is this office's, so a name that others use too is its own service.

    `said`: what the office said that names of its lists mean (folded name -> id). `whole`: the service of every row of
    a list that names none.
    """

    def __init__(
        self, knowledge: Knowledge, office: str = "", said: Mapping[str, str] | None = None, whole: str = ""
    ) -> None:
        here = [knowledge.services[name] for name in knowledge.stages]
        self._services = [one for one in here if not office or one.office == office] or here
        self._whole = knowledge.services.get(whole) if whole in knowledge.stages else None
        self._found = _once((one, [one.title, one.label]) for one in self._services)
        aliases = _once((one, one.aliases) for one in self._services)
        self._found = aliases | self._found | {fold(one.id): one for one in here}
        for name, service in (said or {}).items():
            if service in knowledge.stages:
                self._found[name] = knowledge.services[service]

    @property
    def known(self) -> list[str]:
        """Ids of the services that a row can be about."""
        return sorted(one.id for one in self._services)

    @property
    def said(self) -> str:
        """The same for people."""
        return ", ".join(f"{one.label} ({one.id})" for one in sorted(self._services, key=lambda one: one.id))

    def service(self, typed: str) -> Service | None:
        """The service of a name; None for a name that none or several have."""
        return self._found.get(fold(typed)) if typed.strip() else self._whole


def _once(named: Iterable[tuple[Service, Iterable[str]]]) -> dict[str, Service]:
    """Names that only one service has."""
    found: dict[str, Service] = {}
    shared: set[str] = set()
    for service, names in named:
        for name in {fold(one) for one in names}:
            shared |= {name} if name in found and found[name] is not service else set()
            found[name] = service
    return {name: service for name, service in found.items() if name not in shared}
