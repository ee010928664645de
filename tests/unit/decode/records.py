"""Records and events for the tests of decoding, smallest first."""

from __future__ import annotations

import json
from typing import Any, Final

from monitor.decode.decode import decode
from monitor.decode.settings import NO_HINT, DecodeSettings, TopicHint
from monitor.domain.facts import Fact, Kind
from monitor.domain.outcomes import Decoded, Record

TEN_O_CLOCK: Final = 1_772_445_600_000  # 2026-03-02T10:00:00Z
SETTINGS: Final = DecodeSettings(projects=frozenset({"CHK", "PLAT"}))

# What design 4 requires of a kind beside the fields of every event.
NEEDS: Final[dict[Kind, dict[str, object]]] = {
    Kind.TICKET_ASSIGNED: {"to_team": "data"},
    Kind.TICKET_ACCEPTED: {"team": "data"},
    Kind.TICKET_REQUESTED: {"requester_team": "data"},
    Kind.TICKET_DECIDED: {"decision": "go", "actor_role": "manager"},
    Kind.LINK_ADDED: {"blocker": "PLAT-1"},
    Kind.LINK_REMOVED: {"blocker": "PLAT-1"},
    Kind.CHANGE_REVIEW_REQUESTED: {"on_team": "data"},
    Kind.CHANGE_REVIEW_UNREQUESTED: {"on_team": "data"},
    Kind.CHANGE_REVIEWED: {"team": "data"},
    Kind.RUN_FINISHED: {"outcome": "success"},
    Kind.DEPLOY_APPROVAL_REQUESTED: {"on_team": "data"},
    Kind.DEPLOY_APPROVAL_DECIDED: {"decision": "approved"},
    Kind.DEPLOY_FINISHED: {"outcome": "success"},
    Kind.FREEZE_STARTED: {"on_team": "data"},
    Kind.FREEZE_ENDED: {"on_team": "data"},
    Kind.INCIDENT_OPENED: {"team": "data"},
    Kind.FINDING_OPENED: {"team": "data", "class": "CWE-79"},
}


def native(**fields: object) -> dict[str, object]:
    """A whole native event; ``None`` takes a field out."""
    event: dict[str, object] = {
        "schema": "friction.event.v1",
        "id": "9f1c",
        "source": "tracker.example",
        "kind": "ticket.blocked",
        "time": "2026-03-02T10:00:00Z",
        "entity": "CHK-1",
    }
    event |= fields
    return {name: value for name, value in event.items() if value is not None}


def cdevent(
    type_: str, content: dict[str, object] | None = None, **fields: object
) -> dict[str, object]:
    """A CDEvent of spec 0.5 with the given type, such as ``ticket.created``."""
    return {
        "context": {
            "specversion": "0.5.1",
            "id": "e-1",
            "source": "https://ci.example",
            "type": f"dev.cdevents.{type_}.0.3.0",
            "timestamp": "2026-03-02T10:00:00Z",
        },
        "subject": {"id": "12", "content": content or {}},
        **fields,
    }


def of_bytes(
    value: bytes | None,
    *,
    headers: dict[str, str] | None = None,
    timestamp: int | None = None,
    hint: TopicHint = NO_HINT,
    settings: DecodeSettings = SETTINGS,
) -> Decoded:
    """What becomes of these bytes."""
    pairs = tuple((name, text.encode()) for name, text in (headers or {}).items())
    record = Record("topic", 0, 7, timestamp, None, pairs, value)
    return decode(record, hint, settings)


def of(body: object, **options: Any) -> Decoded:
    """What becomes of this body as JSON."""
    return of_bytes(json.dumps(body).encode(), **options)


def only_fact(decoded: Decoded) -> Fact:
    """The one fact of an outcome that has nothing else."""
    assert decoded.reasons == ()
    assert decoded.ignored == ""
    (fact,) = decoded.facts
    return fact


def codes(decoded: Decoded) -> list[tuple[str, str]]:
    """Code and place of every reason; a rejected record has no facts."""
    assert decoded.facts == ()
    assert decoded.reasons
    return [(str(reason.code), reason.where) for reason in decoded.reasons]
