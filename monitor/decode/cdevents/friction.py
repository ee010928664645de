"""What a CDEvent says in native fields: the ``friction`` of its ``customData``."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Final, NamedTuple

from pydantic_core import ValidationError

from monitor.decode.checks import misnamed
from monitor.decode.native.fields import Said, without_nothing
from monitor.decode.native.model import EXTRAS, OPTIONAL
from monitor.decode.native.rules import in_field_order, kind_mistakes, type_mistakes
from monitor.domain.facts import Kind
from monitor.domain.outcomes import Reason, ReasonCode

_FRICTION: Final = "customData.friction"
_NAMES: Final = OPTIONAL - {"labels"}


class Friction(NamedTuple):
    """The known fields that say something, how many are unknown, every mistake."""

    said: Said
    unknown: int
    mistakes: list[Reason]


def friction_of(custom: Mapping[str, object], kind: Kind | None) -> Friction:
    """The native fields beside an event of a kind; ``None``: nobody knows which.

    They are checked as in a native event, but that none is required: CDEvents say
    much of it in their own way.
    """
    stated = custom.get("friction")
    if stated is None:
        return Friction({}, 0, [])
    mistakes: list[Reason] = []
    said: Said = {}
    try:
        said = EXTRAS.validate_python(stated)
    except ValidationError as error:
        mistakes = type_mistakes(error)
    if isinstance(stated, dict):
        mistakes += _more_mistakes(stated, kind, {one.where for one in mistakes})
    unknown = len(said.keys() - OPTIONAL)
    known = {name: value for name, value in said.items() if name in OPTIONAL}
    placed = [_placed(reason) for reason in in_field_order(mistakes)]
    return Friction(without_nothing(known), unknown, placed)


def _more_mistakes(stated: Said, kind: Kind | None, seen: set[str]) -> list[Reason]:
    """What the types of the fields do not tell, of those whose types are right."""
    found = misnamed({name: stated[name] for name in _NAMES.intersection(stated)})
    if kind is not None:
        ruled = kind_mistakes(kind, without_nothing(stated))
        found += [one for one in ruled if one.code is ReasonCode.BAD_VALUE]
    return [reason for reason in found if reason.where not in seen]


def _placed(reason: Reason) -> Reason:
    return reason._replace(where=f"{_FRICTION}.{reason.where}".rstrip("."))
