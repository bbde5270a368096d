"""The recipient of a report, by the rules of knowledge/complaint_routes.yaml; the person may choose otherwise."""

from __future__ import annotations

import re
from dataclasses import dataclass
from functools import lru_cache

from bot.complaints.facts import Facts
from bot.complaints.language import plain
from bot.knowledge.complaint_models import Body, ComplaintRules, Route
from bot.knowledge.models import Fact, Knowledge


@dataclass(frozen=True, slots=True)
class Advice:
    """The cause that the words tell, and the bodies from the most to the least fitting."""

    route: Route
    first: tuple[Body, ...]
    then: tuple[Body, ...]

    @property
    def bodies(self) -> tuple[Body, ...]:
        return (*self.first, *self.then)


def route_of(rules: ComplaintRules, text: str) -> Route:
    """The first route whose signs occur; the last one when none does. Urgent ones are for `emergency_in`."""
    words = plain(text)
    ordinary = [one for one in rules.routes if not one.urgent]
    return next((one for one in ordinary if _occurs(words, one)), ordinary[-1])


def emergency_in(rules: ComplaintRules, text: str) -> bool:
    """Whether the words tell of a threat or violence."""
    words = plain(text)
    return any(_occurs(words, one) for one in rules.routes if one.urgent)


def cautions(rules: ComplaintRules, facts: Facts) -> list[Fact]:
    """What the person should know before LAPOR! is asked with these words: of every cause that occurs in them."""
    words = plain(facts.told)
    return [one.caution for one in rules.routes if one.caution and _occurs(words, one)]


def advise(knowledge: Knowledge, facts: Facts) -> Advice:
    """The route and its bodies for this report; "office" only where a document prints the office's channels."""
    rules = knowledge.complaints
    route = route_of(rules, facts.told)
    order = route.without_proof if route.without_proof and facts.get("proof") != "ya" else route
    first = [body for body in map(rules.body, order.first) if body]
    then = [body for body in map(rules.body, order.then) if body]
    if not _reachable(knowledge, facts):
        first = [body for body in first if body.id != "office"]
        then = [body for body in then if body.id != "office"]
    return Advice(route, tuple(first or then[:1]), tuple(then if first else then[1:]))


def _reachable(knowledge: Knowledge, facts: Facts) -> bool:
    from bot.answers.contacts import office_complaints, office_contacts

    office = facts.office
    return office is not None and bool(office_complaints(knowledge, office) or office_contacts(knowledge, office))


def _occurs(words: str, route: Route) -> bool:
    for one in route.except_:
        words = _signs((one,)).sub(" ", words)
    return bool(route.signs) and _signs(tuple(route.signs)).search(words) is not None


@lru_cache(maxsize=1000)
def _signs(signs: tuple[str, ...]) -> re.Pattern[str]:
    """Any of the signs of the knowledge."""
    return re.compile(r"\b(?:" + "|".join(map(_sign, signs)) + ")")


def _sign(sign: str) -> str:
    end = "" if sign.endswith("*") else r"(?:nya|ku|an)?\b"
    return re.escape(plain(sign.rstrip("*"))) + end
