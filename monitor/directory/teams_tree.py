"""The parts of a teams file's data, whatever is wrong with the rest of it."""

from __future__ import annotations

import zoneinfo
from collections.abc import Iterator
from typing import Any, TypeVar

from pydantic import BaseModel, ValidationError

from monitor.directory.mistakes import Lines, Mistake, Path, dotted, line_of
from monitor.directory.teams_model import CalendarEntry
from monitor.directory.yaml_tree import Plain

# A place and what is wrong there.
Wrong = tuple[Path, str]
_Entry = TypeVar("_Entry", bound=BaseModel)


def value_of(value: Any, *keys: str) -> Any:
    """What stands under the keys, one in the other; None where there is nothing."""
    for key in keys:
        value = value.get(key) if isinstance(value, dict) else None
    return value


def items_of(value: Any) -> Iterator[tuple[int, Any]]:
    """The entries of a list with their places; none of what is no list."""
    return enumerate(value) if isinstance(value, list) else iter(())


def teams_in(value: Plain) -> Iterator[tuple[Path, Any]]:
    """The teams with their places, also those without an id."""
    for index, team in items_of(value_of(value, "teams")):
        yield ("teams", index), team


def id_of(team: Any) -> str | None:
    """The team's id; None where that is missing, or no text."""
    name = value_of(team, "id")
    return name if isinstance(name, str) else None


def sound(model: type[_Entry], value: Any) -> _Entry | None:
    """The value as its model, None where that finds mistakes."""
    try:
        return model.model_validate(value)
    except ValidationError:
        return None


def zone_of(value: Plain) -> zoneinfo.ZoneInfo:
    """The organisation's zone; UTC where the file does not say, or says it wrongly."""
    calendar = sound(CalendarEntry, value_of(value, "organisation", "calendar"))
    return zoneinfo.ZoneInfo((calendar and calendar.zone) or "UTC")


def mistake_at(at: Path, text: str, lines: Lines) -> Mistake:
    """A mistake with the line of its place."""
    return Mistake(line_of(at, lines), dotted(at), text)
