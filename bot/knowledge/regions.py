from dataclasses import dataclass
from bot.answers.regions import region_in


@dataclass(frozen=True)
class Region:
    name: str


def regions_in(text):
    r = region_in(text)
    return [Region(r)] if r else []
