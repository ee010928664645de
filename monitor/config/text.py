"""Where the values of a configuration come from: TOML text and the environment.

Both are read into one tree of plain values, with the place of each, so that every
mistake can be shown where it was made.
"""

from __future__ import annotations

import decimal
import json
import re
import tomllib
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from pathlib import Path as FilePath
from typing import Any, Final, get_args, get_origin

from monitor.config.scalars import Section, scalar_of
from monitor.config.sections import SECRETS, Config
from monitor.config.words import compared
from monitor.directory.mistakes import Mistake, Path, dotted, line_of, nearest

PREFIX: Final = "FRICTION_"
_SECTION_AND_KEY: Final = 2
_HEADER: Final = re.compile(r"\s*(\[{1,2})\s*([A-Za-z0-9_.\"' -]+?)\s*\]{1,2}\s*(#.*)?")
_KEY: Final = re.compile(r"""\s*("[^"]*"|'[^']*'|[A-Za-z0-9_.\"'-]+)\s*=""")
_QUOTED: Final = re.compile(r""""[^"]*"|'[^']*'""")
_AT: Final = re.compile(r"\(at line (\d+), column \d+\)")


@dataclass(slots=True)
class Given:
    """The values, the TOML line of each path, the variable that set a path.

    Not ``readable``: the file could not be read, so its values are unknown.
    """

    readable: bool = True
    values: dict[str, Any] = field(default_factory=dict)
    lines: dict[Path, int] = field(default_factory=dict)
    variables: dict[Path, str] = field(default_factory=dict)
    mistakes: list[Mistake] = field(default_factory=list)


def read_text(path: FilePath) -> str | Mistake:
    """The text of a file, or why there is none."""
    try:
        return path.read_bytes().decode("utf-8-sig")
    except UnicodeDecodeError as error:
        line = error.object[: error.start].count(b"\n") + 1
        return Mistake(line, "", "is not UTF-8 text", str(path))
    except (OSError, ValueError) as error:
        # ValueError: a path with a NUL, which no file system has.
        reason = getattr(error, "strerror", None) or "no such path"
        return Mistake(0, "", f"cannot be read: {reason}", str(path))


def read_toml(text: str) -> Given:
    """Read TOML; a syntax error is the one mistake then. Never raises."""
    given = Given()
    try:
        given.values = tomllib.loads(text, parse_float=_exact)
    except tomllib.TOMLDecodeError as error:
        found = _AT.search(str(error))
        line = int(found[1]) if found else text.count("\n") + 1
        what = _AT.sub("", str(error)).strip()
        given.mistakes.append(Mistake(line, "", f"not TOML: {what}"))
    except (ValueError, RecursionError):
        # A number of thousands of digits, or arrays nested as deep.
        given.mistakes.append(Mistake(0, "", "not TOML: a value is too large"))
    given.lines = _lines(text)
    return given


def _exact(text: str) -> decimal.Decimal:
    """A float as written: 0.1 is a tenth, not the binary number next to it."""
    try:
        return decimal.Decimal(text)
    except decimal.InvalidOperation:
        return decimal.Decimal("NaN")


def _lines(text: str) -> dict[Path, int]:
    """The line of each header and key that begins a line, as far as seen plainly."""
    lines: dict[Path, int] = {}
    tables: dict[Path, int] = {}
    table: Path = ()
    for number, line in enumerate(text.split("\n"), start=1):
        header, key = _HEADER.fullmatch(line.rstrip("\r")), _KEY.match(line)
        if header:
            table = _parts(header[2])
            lines.setdefault(table, number)
            if header[1] == "[[":
                tables[table] = tables.get(table, -1) + 1
                table = (*table, tables[table])
                lines[table] = number
        elif key:
            path = (*table, *_parts(key[1]))
            for length in range(len(table) + 1, len(path) + 1):
                lines.setdefault(path[:length], number)
    return lines


def _parts(text: str) -> Path:
    if _QUOTED.fullmatch(text):
        # A name as people write it, points and blanks included.
        return (text[1:-1],)
    return tuple(part.strip().strip("\"'") for part in text.split("."))


def add_environment(given: Given, environ: Mapping[str, str]) -> None:
    """Let ``FRICTION_SECTION__KEY`` variables replace what the file says.

    Variables without ``__`` belong to others (tests, tools) and are left alone.
    """
    for name in sorted(environ):
        upper = name.upper()
        if not upper.startswith(PREFIX) or "__" not in upper:
            continue
        path = tuple(part.lower() for part in upper[len(PREFIX) :].split("__"))
        if path[0] not in Config.model_fields:
            near = nearest(path[0], Config.model_fields)
            text = f"there is no section '{path[0]}'{near}"
            given.mistakes.append(Mistake(0, name, text, "environment"))
        elif not all(path[1:]):
            text = "should be FRICTION_SECTION__KEY"
            given.mistakes.append(Mistake(0, name, text, "environment"))
        elif strange := _strange(path):
            given.mistakes.append(Mistake(0, name, strange, "environment"))
        else:
            _add(given, path, name, environ[name])


def _strange(path: tuple[str, ...]) -> str | None:
    """What is wrong with a path that leads through what holds no keys, or is not there.

    Said of the variable: in the tree its value would be in the place of a right one.
    """
    kind: Any = Config
    for depth, step in enumerate(path[:-1], start=1):
        kind, around = _inside(kind, step), kind
        if kind is None:
            near = nearest(step, around.model_fields)
            return f"there is no key '{step}' in {dotted(path[: depth - 1])}{near}"
        if not _is_section(kind) and get_origin(kind) is not dict:
            whole = PREFIX + "__".join(path[:depth]).upper()
            return f"{dotted(path[:depth])} holds no keys: should be {whole}"
    return None


def _kind_of(path: tuple[str, ...]) -> Any:
    """What the value of a path should be; None where there is no such key."""
    kind: Any = Config
    for step in path:
        kind = _inside(kind, step)
    return kind


def _inside(kind: Any, step: str) -> Any:
    """What a key of a section, or a word of a table, holds; None for no such key."""
    if not _is_section(kind):
        return get_args(kind)[1]
    found = kind.model_fields.get(step)
    return None if found is None else found.annotation


def _is_section(kind: Any) -> bool:
    return isinstance(kind, type) and issubclass(kind, Section)


def _add(given: Given, path: tuple[str, ...], name: str, text: str) -> None:
    value = _value(path, text)
    if _is_unicode(value):
        given.variables[_put(given, path, value)] = name
    else:
        given.mistakes.append(Mistake(0, name, "is not UTF-8 text", "environment"))


def _is_unicode(value: Any) -> bool:
    """Whether it can be written; bytes of a variable that are no text cannot."""
    if isinstance(value, dict):
        return all(_is_unicode(part) for pair in value.items() for part in pair)
    if isinstance(value, list):
        return all(map(_is_unicode, value))
    return not re.search("[\ud800-\udfff]", str(value))


def _put(given: Given, path: tuple[str, ...], value: Any) -> Path:
    """Put the value in the place of what is there; the path as it is spelt there."""
    table = given.values
    spelt: Path = ()
    for step in path[:-1]:
        key = _as_spelt(step, table, len(spelt))
        inner = table.get(key)
        if not isinstance(inner, dict):
            inner = {}
            table[key] = inner
        table, spelt = inner, (*spelt, key)
    key = _as_spelt(path[-1], table, len(spelt))
    table[key] = value
    return (*spelt, key)


def _as_spelt(step: str, table: dict[str, Any], depth: int) -> str:
    """A step of a variable's path as the table there has it.

    Words of a table have capitals in the file, and can have none in a variable.
    """
    if depth < _SECTION_AND_KEY:
        return step
    return next((word for word in table if compared(word) == step), step)


def _value(path: tuple[str, ...], text: str) -> Any:
    """Lists and tables are JSON in a variable, numbers and flags as in the file."""
    if path[-1] in SECRETS:
        return text
    if not text.lstrip().startswith(("[", "{")):
        return scalar_of(_kind_of(path), text)
    try:
        return json.loads(text, parse_float=_exact)
    except (ValueError, RecursionError):
        return text


def mistake_at(path: Path, text: str, given: Given) -> Mistake:
    """A mistake with the place where the value was given."""
    return placed(Mistake(line_of(path, given.lines), dotted(path), text), given)


def placed(mistake: Mistake, given: Given) -> Mistake:
    """The mistake under its variable's name, where a variable made it.

    With its place inside, as in ``FRICTION_SIGNALS__EXEMPT[0].until``.
    """
    found = max(_around(mistake.path, given.variables), default=None)
    if found is None:
        return mistake
    length, name = found
    return Mistake(0, name + mistake.path[length:], mistake.text, "environment")


def _around(place: str, variables: Mapping[Path, str]) -> Iterator[tuple[int, str]]:
    """The variables that set the place or what it is in; how much of it each says."""
    for path, name in variables.items():
        whole = dotted(path)
        if place == whole or place.startswith((f"{whole}.", f"{whole}[")):
            yield len(whole), name
