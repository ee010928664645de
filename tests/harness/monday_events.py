"""A file of native events of one day, written briefly."""

from __future__ import annotations

import json
from collections.abc import Iterable, Mapping

# Kind, time of day as "09:00", entity, and what else it says.
Told = tuple[str, str, str, Mapping[str, object]]


def monday_lines(told: Iterable[Told]) -> str:
    """The events of Monday 2 March 2026 as JSON, a line each, numbered from 0."""
    return "".join(
        json.dumps(
            {
                "schema": "friction.event.v1",
                "id": f"{number}",
                "source": "tracker.example",
                "kind": kind,
                "time": f"2026-03-02T{when}:00Z",
                "entity": entity,
                **said,
            }
        )
        + "\n"
        for number, (kind, when, entity, said) in enumerate(told)
    )
