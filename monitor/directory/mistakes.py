"""Mistakes of a file, as values: where, what, and what to write instead.

A validation names a path inside the data; the reader of the file knows the line
of each path. Here the two are joined, so that every mistake is reported at once.
"""

from __future__ import annotations

import difflib
import re
from collections.abc import Iterable, Mapping, Sequence
from decimal import Decimal
from types import UnionType
from typing import Any, NamedTuple, Union, get_args, get_origin

from pydantic import BaseModel
from pydantic_core import ErrorDetails

Path = tuple[str | int, ...]
Lines = Mapping[Path, int]

_LONGEST_QUOTE = 60
_NUMBER = re.compile(r"[0-9]+(\.[0-9]+)?")
# Errors of what is no number because it is text.
_PLAIN = {"int_type", "float_type", "decimal_type", "headcount_type", "version_type"}


class Mistake(NamedTuple):
    """One mistake. ``line`` is 1-based, 0 where no line is to blame."""

    line: int
    path: str
    text: str
    file: str = ""

    def __str__(self) -> str:
        """``file:line: path: text``, as far as each is known."""
        place = self.file
        if self.line:
            place = f"{place}:{self.line}" if place else f"line {self.line}"
        return ": ".join(part for part in (place, self.path, self.text) if part)


def in_file(mistakes: Iterable[Mistake], file: str) -> tuple[Mistake, ...]:
    """The mistakes with the file's name, in the order of their lines."""
    named = (found._replace(file=found.file or file) for found in mistakes)
    return tuple(sorted(named, key=lambda found: (found.file, found.line)))


def dotted(path: Path) -> str:
    """``("teams", 0, "id")`` as ``teams[0].id``."""
    text = ""
    for step in path:
        if isinstance(step, int):
            text += f"[{step}]"
        else:
            text += f".{step}" if text else step
    return text


def nearest(word: str, known: Iterable[str]) -> str:
    """``; did you mean 'x'?``, or nothing when no known word is near."""
    by_folded = {name.casefold(): name for name in known}
    found = difflib.get_close_matches(word.casefold(), by_folded, n=1, cutoff=0.6)
    return f"; did you mean '{by_folded[found[0]]}'?" if found else ""


def line_of(path: Path, lines: Lines) -> int:
    """The line of the path, else that of the nearest thing around it."""
    while path and path not in lines:
        path = path[:-1]
    return lines.get(path, 0)


def mistakes_of(
    errors: Sequence[ErrorDetails],
    model: type[BaseModel],
    data: object,
    lines: Lines,
    *,
    secret: frozenset[str] = frozenset(),
) -> list[Mistake]:
    """What pydantic found in the data, with lines.

    Values under ``secret`` keys are not shown.
    """
    found: list[Mistake] = []
    for error in errors:
        path: Path = tuple(error["loc"])
        if error["type"] != "missing":
            path = _written(path, data)
        hidden = any(step in secret for step in path)
        text = _text(error, path, model, hidden=hidden)
        found.append(Mistake(line_of(path, lines), dotted(path), text))
    return found


def _written(path: Path, data: Any) -> Path:
    """The path as far as the data has it; models also see what they made of it."""
    for depth, step in enumerate(path):
        here = isinstance(data, dict) and step in data
        if not here and not (isinstance(data, list) and step in range(len(data))):
            return path[:depth]
        data = data[step]
    return path


def _text(
    error: ErrorDetails, path: Path, model: type[BaseModel], *, hidden: bool
) -> str:
    if error["type"] == "missing":
        return "is missing"
    if error["type"] == "extra_forbidden":
        key = str(path[-1])
        keys = keys_at(model, path[:-1])
        # Named as the model does, it is that key, however another is spelt.
        same = [f"; did you mean '{name}'?" for name in keys if keys[name] == key]
        listed = f" (known: {', '.join(keys)})" if keys else ""
        return f"unknown key{''.join(same) or nearest(key, keys) or listed}"
    text = _WORDS.get(error["type"]) or _plain(error)
    value = error.get("input")
    if hidden or isinstance(value, dict | list) or error["type"] == "value_error":
        return text
    if value is None:
        return f"{text}, not empty"
    is_number = isinstance(value, int | float | Decimal)
    shown = str(value) if is_number else repr(str(value))
    if isinstance(value, bool):
        shown = str(value).lower()
    if len(shown) > _LONGEST_QUOTE:
        shown = shown[:_LONGEST_QUOTE] + "..."
    return f"{text}, not {shown}{_quotes(error, value)}"


def _quotes(error: ErrorDetails, value: object) -> str:
    """The hint that quotes make the difference, where they do."""
    if error["type"] == "string_type" and isinstance(value, bool | int | float):
        return "; write it in quotes"
    is_number = isinstance(value, str) and _NUMBER.fullmatch(value)
    is_meant = is_number and error["type"] in _PLAIN
    if is_meant or (value in ("true", "false") and error["type"] == "bool_type"):
        return "; write it without quotes"
    return ""


def _plain(error: ErrorDetails) -> str:
    text = error["msg"].removeprefix("Value error, ")
    text = text.replace("Input should be", "should be")
    return text[:1].lower() + text[1:]


_WORDS = {
    "string_type": "should be text",
    "int_type": "should be a whole number",
    "int_parsing": "should be a whole number",
    "int_from_float": "should be a whole number",
    "float_type": "should be a number",
    "float_parsing": "should be a number",
    "path_type": "should be a path",
    "decimal_type": "should be a number",
    "decimal_parsing": "should be a number",
    "bool_type": "should be true or false",
    "bool_parsing": "should be true or false",
    "list_type": "should be a list",
    "tuple_type": "should be a list",
    "frozen_set_type": "should be a list",
    "dict_type": "should be a mapping",
    "model_type": "should be a mapping",
    "model_attributes_type": "should be a mapping",
    "string_too_short": "should not be empty",
    "too_short": "is empty",
}


def keys_at(model: type[BaseModel], path: Path) -> dict[str, str]:
    """The keys a model allows at a path, as the file has them: the model's own names.

    These may be other words (``since`` for ``from``).
    """
    current: Any = model
    for step in path:
        inner = _models_in(current)
        current = None
        for candidate in inner:
            for name, field in candidate.model_fields.items():
                if step in (field.alias or name, name):
                    current = field.annotation
        if current is None:
            # A step into a list, or one of pydantic's own labels of a union.
            current = inner[0] if inner else None
    return {
        field.alias or name: name
        for candidate in _models_in(current)
        for name, field in candidate.model_fields.items()
    }


def _models_in(annotation: Any) -> list[type[BaseModel]]:
    if isinstance(annotation, type) and issubclass(annotation, BaseModel):
        return [annotation]
    if get_origin(annotation) in {Union, UnionType, tuple, list, dict}:
        return [found for part in get_args(annotation) for found in _models_in(part)]
    args = get_args(annotation)
    return [found for part in args for found in _models_in(part)] if args else []
