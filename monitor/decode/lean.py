"""Validators of large bodies, made from the few fields that are read of them.

A body is described by a ``TypedDict``. What it does not name is skipped by the
parser and may be anything; what it names may be absent or ``null`` unless it is
``Required``, and has its type exactly, as in the JSON. What comes out are plain
dictionaries: making objects of classes would cost as much as the parse.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from types import NoneType, UnionType
from typing import (
    Any,
    Final,
    Protocol,
    Required,
    TypeVar,
    get_args,
    get_origin,
    get_type_hints,
)

from pydantic_core import SchemaValidator, ValidationError, core_schema

from monitor.decode.json_text import not_json
from monitor.decode.native.rules import type_mistakes
from monitor.decode.provider import Context
from monitor.domain.outcomes import Decoded, Reason

_PLAIN: Final[dict[object, core_schema.CoreSchema]] = {
    str: core_schema.str_schema(strict=True),
    int: core_schema.int_schema(strict=True),
    bool: core_schema.bool_schema(strict=True),
    float: core_schema.float_schema(strict=True),
}


class _Noting(Protocol):
    reasons: list[Reason]


_Read = TypeVar("_Read")
_Reading = TypeVar("_Reading", bound=_Noting)

# Further fields of a ``TypedDict``, of any type, that only a configuration names.
_More = Mapping[object, Iterable[str]]
_NO_MORE: Final[_More] = {}
_CHOICE: Final = "|"


def lean_validator(body: type[Any], more: _More = _NO_MORE) -> SchemaValidator:
    """The validator of a body of this ``TypedDict``.

    ``more`` are fields of it or of its parts that come out as they are.
    """
    return SchemaValidator(_object(body, more))


def _object(described: type[Any], more: _More) -> core_schema.CoreSchema:
    hints = get_type_hints(described, include_extras=True)
    fields = {name: _field(hint, more) for name, hint in hints.items()}
    for name in more.get(described, ()):
        any_type = core_schema.any_schema()
        fields[name] = core_schema.typed_dict_field(any_type, required=False)
    return core_schema.typed_dict_schema(fields, extra_behavior="ignore", strict=True)


def _field(hint: Any, more: _More) -> core_schema.TypedDictField:
    if get_origin(hint) is Required:
        return core_schema.typed_dict_field(_of(get_args(hint)[0], more), required=True)
    return core_schema.typed_dict_field(_of(hint, more), required=False)


def _of(hint: Any, more: _More) -> core_schema.CoreSchema:
    if hint in _PLAIN:
        return _PLAIN[hint]
    if get_origin(hint) is list:
        item = _of(get_args(hint)[0], more)
        return core_schema.list_schema(item, strict=True)
    if get_origin(hint) is UnionType:
        hints = get_args(hint)
        schema = _one_of([one for one in hints if one is not NoneType], more)
        return core_schema.nullable_schema(schema) if NoneType in hints else schema
    return _object(hint, more)


def _one_of(hints: list[Any], more: _More) -> core_schema.CoreSchema:
    """A value of one of these types."""
    if len(hints) == 1:
        return _of(hints[0], more)
    # A choice's name comes into the place of its mistakes: marked, to be found there.
    choices: list[core_schema.CoreSchema | tuple[core_schema.CoreSchema, str]] = [
        (_of(hint, more), f"{_CHOICE}{hint.__name__}") for hint in hints
    ]
    return core_schema.union_schema(choices)


def mistakes_in(error: ValidationError, body: bytes) -> list[Reason]:
    """Every reason for which a validator refused a body: no JSON, or wrong types."""
    first = error.errors(include_url=False, include_input=False)[0]
    if first["type"] == "json_invalid":
        return [not_json(body, str(first.get("ctx", {}).get("error", "broken off")))]
    return _joined(type_mistakes(error))


def _joined(reasons: list[Reason]) -> list[Reason]:
    """One reason where a value is none of several types, at the value's own place.

    Of a value that is an object the mistakes in it are told and nothing else.
    """
    found: dict[str, list[Reason]] = {}
    opened: set[str] = set()
    for reason in reasons:
        place: list[str] = []
        for step in reason.where.split("."):
            if not step.startswith(_CHOICE):
                place.append(step)
            elif not reason.where.endswith(step):
                opened.add(".".join(place))
        where = ".".join(place)
        found.setdefault(where, []).append(reason._replace(where=where))
    return [
        first._replace(text=_either([first.text, *(one.text for one in others)]))
        for where, (first, *others) in found.items()
        if where not in opened
    ]


def _either(texts: list[str]) -> str:
    return " or ".join(
        [texts[0], *(text.removeprefix("must be ") for text in texts[1:])]
    )


def read_or_refuse(
    read: Callable[[bytes, Context], tuple[_Read, _Reading]],
    body: bytes,
    context: Context,
    provider: str,
    event: str,
) -> tuple[_Read, _Reading] | Decoded:
    """What is read of a provider's body, and how; else every reason against it."""
    try:
        found, reading = read(body, context)
    except ValidationError as error:
        reasons = mistakes_in(error, body)
    else:
        if not reading.reasons:
            return found, reading
        reasons = list(dict.fromkeys(reading.reasons))
    return Decoded(reasons=tuple(reasons), provider=provider, raw_kind=event)
