"""What became of a record, as plain data for people to read: ``friction decode``."""

from __future__ import annotations

from typing import Final

from monitor.decode.times import write_time
from monitor.domain.facts import Fact
from monitor.domain.outcomes import Decoded

_PERSON: Final = {"person": True}


def describe(decoded: Decoded) -> dict[str, object]:
    """``facts``, ``rejected`` with every reason, or ``ignored`` with why.

    A batch may have facts and reasons at once. Times are RFC 3339; of a person
    only that there is one is shown. Whom a label names is told as it is written there:
    whether that is a team is for the teams file to say, and nothing else is kept.
    """
    shown: dict[str, object] = {}
    if decoded.facts:
        shown["facts"] = [_fact(fact) for fact in decoded.facts]
    if decoded.reasons:
        shown["rejected"] = [
            {"code": str(reason.code), "where": reason.where, "text": reason.text}
            for reason in decoded.reasons
        ]
    if not shown:
        shown["ignored"] = decoded.ignored
    return shown


def _fact(fact: Fact) -> dict[str, object]:
    shown: dict[str, object] = {
        "kind": str(fact.kind),
        "time": write_time(fact.time),
        "entity": fact.entity,
        "source": fact.source,
        "identity": f"{fact.identity:016x}",
    }
    if fact.revision:
        shown["revision"] = fact.revision
    shown |= fact.fields
    if "named" in fact.people:
        shown["on_team"] = fact.people["named"]
    persons = (role for role in fact.people if role != "named")
    return shown | dict.fromkeys(persons, _PERSON)
