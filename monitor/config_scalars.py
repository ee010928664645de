"""Sections and their single values: numbers, flags, paths, hosts and topics.

A variable can say a number or a flag as text only, so text that is one is read as
one. Nothing else is made into what it is not: ``true`` is no number, 1 is no flag.
"""

from __future__ import annotations

import re
from decimal import Decimal
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
_FLAGS: Final = {"true": True, "false": False}
_NUMBERS: Final[dict[Any, tuple[LiteralString, LiteralString]]] = {
    int: ("int_type", "should be a whole number"),
    Decimal: ("decimal_type", "should be a number"),
}


class Section(BaseModel):
    """A section: no other keys than its own, and no value of another kind."""

    model_config = ConfigDict(extra="forbid", frozen=True)

    @field_validator("*", mode="before")
    @classmethod
    def _of_its_kind(cls, value: Any, given: ValidationInfo) -> Any:
        wanted = cls.model_fields[given.field_name or ""].annotation
        if wanted is bool:
            return _flag(value)
        if wanted in _NUMBERS and isinstance(value, bool):
            raise PydanticCustomError(*_NUMBERS[wanted])
        return value


def _flag(value: Any) -> bool:
    if isinstance(value, bool):
        return value
    found = _FLAGS.get(value.lower()) if isinstance(value, str) else None
    if found is None:
        raise PydanticCustomError("bool_type", "should be true or false")
    return found


def _path(value: Any) -> Any:
    # Of a NUL the system knows no path, and what opens it would raise.
    if isinstance(value, str | Path) and (not str(value) or "\0" in str(value)):
        raise ValueError("should be a path: not empty, without control characters")
    return value


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
    if not text or not text.isprintable() or not {" ", "/"}.isdisjoint(text):
        raise ValueError(f"{text[:60]!r} is no host: write a name or an address alone")
    return text


FilePath = Annotated[Path, BeforeValidator(_path)]
Host = Annotated[str, AfterValidator(host)]
TopicName = Annotated[
    str,
    AfterValidator(_topic_name),
    Field(json_schema_extra={"pattern": TOPIC_NAME}),
]
