"""What was seen of sources and owners before a stop, and is told after it.

Offsets go on where they were, and what is read no more would otherwise be forgotten:
there would be no source that fell silent, and no reference that nobody owns.
"""

from __future__ import annotations

import json
from collections.abc import Mapping
from collections.abc import Set as AbstractSet
from dataclasses import dataclass, field
from typing import Final

from monitor.domain.teams import UNKNOWN, Directory, Schedule, team_at
from monitor.domain.working_time import FOREVER
from monitor.pipeline.ports import Changes, StateReader

# References remembered as unresolved; more are only known to be too many.
MOST_REFERENCES: Final = 10_000
_WATERMARKS: Final = "watermarks"
# Each reference has a row of its own: there may be thousands, found one by one.
_REFERENCE: Final = "unowned:"


@dataclass(slots=True)
class Remembered:
    """Newest event times of sources and unowned references, stored as they change.

    Those that are claimed since stay stored, but are not told, while there is room: a
    teams file may be taken back.
    """

    _watermarks: dict[str, int] = field(default_factory=dict)
    _references: set[str] = field(default_factory=set)
    _claimed: set[str] = field(default_factory=set)

    def load(
        self, state: StateReader, directory: Directory
    ) -> tuple[Mapping[str, int], AbstractSet[str]]:
        """What is stored, without the references that this directory claims."""
        for key, value in state.scan("meta"):
            if key == _WATERMARKS:
                self._watermarks = json.loads(value)
            elif key.startswith(_REFERENCE):
                self._references.add(key.removeprefix(_REFERENCE))
        self._claimed = {
            each for each in self._references if is_claimed(each, directory)
        }
        return self._watermarks, self._references - self._claimed

    def collect(
        self,
        changes: Changes,
        watermarks: Mapping[str, int],
        references: AbstractSet[str],
    ) -> None:
        """Store what ``load`` finds, where it changed; references only grow."""
        if watermarks != self._watermarks:
            self._watermarks = dict(watermarks)
            packed = json.dumps(self._watermarks, sort_keys=True)
            changes.put("meta", _WATERMARKS, packed.encode())
        if len(references) + len(self._claimed) == len(self._references):
            return
        if len(references) + len(self._claimed) > MOST_REFERENCES:
            for reference in self._claimed:
                changes.put("meta", _REFERENCE + reference, None)
            self._references -= self._claimed
            self._claimed.clear()
        for reference in references - self._references:
            changes.put("meta", _REFERENCE + reference, b"")
        self._references |= references


def is_claimed(reference: str, directory: Directory) -> bool:
    """Whether the directory resolves a reference as intake names it (``repo:a/b``).

    By the claim that is in force at last: the time of what named it is not kept. A pool
    is asked for by the one label that names it: the others are not kept either.
    """
    kind, _, name = reference.partition(":")
    found: Schedule | None = None
    match kind:
        case "team":
            return directory.named(name) != UNKNOWN
        case "repo":
            found = directory.repository(name)
        case "service":
            found = directory.service(name)
        case "group":
            found = directory.group(name)
        case "project":
            found = directory.project(name)
        case "pool":
            found = directory.pool((name,))
        case _:
            pass
    return found is not None and team_at(found, FOREVER) != UNKNOWN
