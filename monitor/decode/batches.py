"""What the events of a batch come to together."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Final

from monitor.decode.checks import MOST_REASONS
from monitor.decode.recognise import SELF_DESCRIBING
from monitor.domain.facts import Fact
from monitor.domain.outcomes import Decoded, Reason, told_at
from monitor.domain.working_time import FOREVER

_UNKNOWN: Final = Decoded().provider
_STATING: Final = frozenset(provider.name for provider in SELF_DESCRIBING)


def batch(outcomes: Iterable[Decoded]) -> Decoded:
    """The outcomes of a batch as one; reasons say which event they are about.

    A batch of several providers is counted as one's: see ``_weight``. What is refused
    is so as the provider's whose event is refused first.
    """
    facts: list[Fact] = []
    reasons: list[Reason] = []
    ignored: dict[str, None] = {}
    named: Decoded | None = None
    refused: Decoded | None = None
    unknown, told_since = 0, FOREVER
    for index, one in enumerate(outcomes):
        if named is None or _weight(one) > _weight(named):
            named = one
        facts += one.facts
        unknown += one.unknown_fields
        told_since = min(told_since, told_at(one))
        if one.ignored:
            ignored[one.ignored] = None
        if one.reasons:
            refused = refused or one
        if len(reasons) < MOST_REASONS:
            reasons += (_at(index, reason) for reason in one.reasons)
    if named is None:
        return Decoded(ignored="an empty batch")
    why = "" if facts or reasons else "; ".join(list(ignored)[:MOST_REASONS])
    whole = Decoded(tuple(facts), tuple(reasons[:MOST_REASONS]), why, named.provider)
    kind, refused_as = named.raw_kind, ""
    if refused is not None:
        kind, refused_as = refused.raw_kind, refused.refused_as or refused.provider
    return whole._replace(
        raw_kind=kind,
        unknown_fields=unknown,
        refused_as=refused_as,
        told_since=told_since,
    )


def _weight(one: Decoded) -> int:
    """How much an event has to say in whose the batch is; of equal ones the first has.

    Facts are counted as its, and those of a format that states teams itself have to be
    looked through for persons.
    """
    if one.provider == _UNKNOWN:
        return 0
    return 1 + bool(one.facts) * (2 if one.provider in _STATING else 1)


def _at(index: int, reason: Reason) -> Reason:
    return reason._replace(where=f"[{index}].{reason.where}".rstrip("."))
