"""Sections and their single values: numbers, flags, paths, hosts and topics.

Nothing is made into what it is not: ``true`` is no number, 1 is no flag, ``"9105"`` is
text. A variable can say a number or a flag as text only, so it is read as one there.
"""

from __future__ import annotations

import contextlib
import ipaddress
import os
import re
from decimal import Decimal, InvalidOperation
from pathlib import Path
from typing import Annotated, Any, Final, LiteralString

from pydantic import (
    AfterValidator,
    BaseModel,
    BeforeValidator,
    ConfigDict,
    Field,
    ValidationInfo,
    field_validator,
)
from pydantic_core import PydanticCustomError

TOPIC_NAME: Final = r"^(?!\.{1,2}$)[A-Za-z0-9._-]{1,249}$"
# Of a URL, a list, an address in brackets.
_ELSEWHERE: Final = frozenset(" /,[]")
# In bytes, as Linux has them.
_LONGEST_NAME: Final = 255
_LONGEST_PATH: Final = 4_095
_FLAGS: Final = {"true": True, "false": False}
_NUMBERS: Final[dict[Any, tuple[LiteralString, LiteralString]]] = {
    int: ("int_type", "should be a whole number"),
    Decimal: ("decimal_type", "should be a number"),
}
# Of a whole number; no key has one as large, and more zeros would take long to write.
_MOST_DIGITS: Final = 20


class Section(BaseModel):
    """A section: no other keys than its own, and no value of another kind."""

    model_config = ConfigDict(extra="forbid", frozen=True)

    @field_validator("*", mode="before")
    @classmethod
    def _of_its_kind(cls, value: Any, given: ValidationInfo) -> Any:
        wanted = cls.model_fields[given.field_name or ""].annotation
        if wanted is bool and not isinstance(value, bool):
            raise PydanticCustomError("bool_type", "should be true or false")
        if wanted in _NUMBERS and isinstance(value, bool | str):
            raise PydanticCustomError(*_NUMBERS[wanted])
        is_exact = wanted is int and isinstance(value, Decimal)
        if is_exact and value.is_finite() and value.adjusted() >= _MOST_DIGITS:
            raise PydanticCustomError("int_size", "should be a smaller number")
        return value


def scalar_of(kind: Any, text: str) -> Any:
    """The number or flag that the text of a variable says; any other text as it is."""
    if kind is bool:
        return _FLAGS.get(text.lower(), text)
    for read in (int, Decimal) if kind in _NUMBERS else ():
        with contextlib.suppress(ValueError, InvalidOperation):
            return read(text)
    return text


def _path(value: Any) -> Any:
    if isinstance(value, str | Path):
        text = os.fsencode(value)
        if not text:
            raise ValueError("should be a path, not empty")
        # Of such paths not even the question whether there is a file can be asked.
        if b"\0" in text or len(text) > _LONGEST_PATH or _has_long_name(text):
            raise ValueError("is no path that a file system takes")
    return value


def _has_long_name(path: bytes) -> bool:
    return any(len(name) > _LONGEST_NAME for name in path.split(b"/"))


def _topic_name(text: str) -> str:
    if not re.fullmatch(TOPIC_NAME, text):
        raise ValueError(
            f"{text[:60]!r} is no name of a topic: it has 1 to 249 letters (a-z, A-Z), "
            "digits, points, hyphens and underscores, and is not '.' or '..'"
        )
    return text


def host(text: str) -> str:
    """The name or address of a host, as what opens connections takes it.

    Raises ValueError: the encoding of names raises it for an empty part and for one
    of more than 63 characters, and so would the first connection.
    """
    try:
        text.encode("idna")
    except UnicodeError as error:
        problem = "each part between points has 1 to 63 characters"
        raise ValueError(f"{text[:60]!r} is no host: {problem}") from error
    if not text.isprintable() or not _ELSEWHERE.isdisjoint(text) or not _alone(text):
        raise ValueError(f"{text[:60]!r} is no host: write a name or an address alone")
    return text


def _alone(text: str) -> bool:
    """Whether a colon, if there is one, is part of an address and before no port."""
    if ":" not in text:
        return bool(text)
    try:
        return bool(ipaddress.ip_address(text))
    except ValueError:
        return False


FilePath = Annotated[Path, BeforeValidator(_path)]
Host = Annotated[str, AfterValidator(host)]
TopicName = Annotated[
    str,
    AfterValidator(_topic_name),
    Field(json_schema_extra={"pattern": TOPIC_NAME}),
]
