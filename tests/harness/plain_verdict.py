"""The verdict in words, first match of the specification's order."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

LONG = 28 * 86_400_000


def verdict(
    numbers: Mapping[str, Any], waits: Mapping[str, Any], window: int | None
) -> str:
    """One team's verdict; ``waits`` are its wait seconds by team waited for."""
    feature, ratio = numbers["feature_seconds"], numbers["ratio"]
    if not feature:
        return "no feature work"
    least = 10 if window is None or window >= LONG else 5
    capacity = numbers["capacity_seconds"]
    little = capacity is not None and feature * 20 < capacity
    if numbers["items"] < least or little:
        return "too few items"
    # What counts as feature is in that class: no stream team has any other.
    active = numbers["active_seconds"]
    if max(_part(waits, "unknown"), _part(active, "unclassified")) > 0.3:
        return "withheld"
    limits = numbers["interval"]
    if ratio["lower"] > 1 or (limits is not None and limits[0] > 1):
        return "established"
    if ratio["central"] > 1:
        return "indicated"
    return "possible" if ratio["upper"] > 1 else "no"


def _part(seconds: Mapping[str, Any], name: str) -> Any:
    """What part of the seconds has this name."""
    total = sum(seconds.values())
    return seconds.get(name, 0) / total if total else 0
