"""Keys of what is asked of teams and persons, by name and by number."""

from __future__ import annotations

from collections.abc import Iterable

from monitor.domain.facts import Fields, digest


def request_key(entity: str, handle: str) -> str:
    """An opaque key of what was asked of a person, equal for equal requests."""
    return f"{digest(entity, handle):016x}"[:8]


def request_number(entity: str, sort: str, number: int | None) -> Fields:
    """The same by the number of the team or user, which a rename leaves as it is."""
    if number is None:
        return {}
    return {"request_number": request_key(entity, f"{sort} {number}")}


def still_asked(entity: str, teams: Iterable[tuple[str | None, int | None]]) -> Fields:
    """The groups whose reviews a body shows are asked, each by name and by number."""
    keys: set[str] = set()
    for group, number in teams:
        numbered = request_number(entity, "team", number)
        keys |= {group or "", numbered.get("request_number", "")}
    return {"asked": sorted(keys - {""})}
