"""YAML text as plain data with the line of every value, or every mistake in it.

PyYAML's event parser is used, not its loaders, for four reasons: lines are kept;
nesting and repetition are bounded, so that a small file cannot exhaust memory; a
key written twice is found; and scalars are read by YAML 1.2's core rules, so that
``17:00`` is no sexagesimal number, ``no`` no boolean and ``2026-01-01`` no date.
PyYAML is the one package beyond pydantic that this pure package may import.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass, field
from typing import Any, Final

import yaml

from monitor.directory.mistakes import Mistake, Path, dotted

Plain = dict[str, "Plain"] | list["Plain"] | str | int | float | bool | None

_DEEPEST: Final = 20
_INTEGER: Final = re.compile(r"[-+]?[0-9]{1,18}")
_NUMBER: Final = re.compile(r"[-+]?(\.[0-9]+|[0-9]+(\.[0-9]*)?)([eE][-+]?[0-9]{1,2})?")
_CONSTANTS: Final = {
    "": None,
    "~": None,
    "null": None,
    "Null": None,
    "NULL": None,
    "true": True,
    "True": True,
    "TRUE": True,
    "false": False,
    "False": False,
    "FALSE": False,
}
# libyaml where PyYAML was built with it: sixteen times faster, the same events.
_LOADER: Final = getattr(yaml, "CSafeLoader", yaml.SafeLoader)


@dataclass(slots=True)
class Tree:
    """The data, the line of every path (a key's line for its value), the mistakes.

    Not ``complete``: reading ended early, so what is absent may only be unread.
    """

    value: Plain = None
    complete: bool = True
    lines: dict[Path, int] = field(default_factory=dict)
    mistakes: list[Mistake] = field(default_factory=list)


@dataclass(slots=True)
class _Open:
    """A mapping or list being filled; ``key`` waits for its value."""

    path: Path
    value: dict[str, Plain] | list[Plain]
    key: str | None = None
    skip: bool = False  # the value belongs to a key that cannot be kept


def read_tree(text: str) -> Tree:
    """Read one YAML document. Never raises; syntax errors are mistakes."""
    tree = Tree()
    try:
        text.encode("utf-8")
        tree.complete = _build(yaml.parse(text, Loader=_LOADER), tree)
    except UnicodeEncodeError as error:
        tree.complete = False
        line = text.count("\n", 0, error.start) + 1
        tree.mistakes.append(Mistake(line, "", "is not valid Unicode text"))
    except yaml.YAMLError as error:
        tree.complete = False
        tree.mistakes.append(_syntax(error, text))
    return tree


def _syntax(error: yaml.YAMLError, text: str) -> Mistake:
    last = text.count("\n") + 1
    if isinstance(error, yaml.MarkedYAMLError) and error.problem_mark is not None:
        what = ", ".join(part for part in (error.context, error.problem) if part)
        line, column = error.problem_mark.line + 1, error.problem_mark.column + 1
        return Mistake(min(line, last), "", f"not YAML: {what} (column {column})")
    position = getattr(error, "position", None)
    line = text.count("\n", 0, position) + 1 if isinstance(position, int) else last
    reason = getattr(error, "reason", None) or "cannot be read"
    return Mistake(line, "", f"not YAML: {reason}")


def _build(events: Iterator[Any], tree: Tree) -> bool:
    """Fill the tree; false when it stops before the document's end."""
    stack: list[_Open] = []
    documents = 0
    for event in events:
        line = event.start_mark.line + 1
        if isinstance(event, yaml.DocumentStartEvent):
            documents += 1
            if documents > 1:
                text = "a second document: keep one in the file"
                tree.mistakes.append(Mistake(line, "", text))
                return True
        elif isinstance(event, yaml.CollectionEndEvent):
            stack.pop()
        elif isinstance(event, yaml.NodeEvent):
            _node(event, stack, line, tree)
            if len(stack) > _DEEPEST:
                text = f"nested deeper than {_DEEPEST} levels"
                tree.mistakes.append(Mistake(line, dotted(stack[-1].path), text))
                return False
    return True


def _node(event: Any, stack: list[_Open], line: int, tree: Tree) -> None:
    if isinstance(event, yaml.AliasEvent):
        path = _place(stack, None, line, tree)
        text = "an alias (*name) is not supported: write the value out"
        tree.mistakes.append(Mistake(line, dotted(path), text))
        return
    _refuse_marks(event, stack, line, tree)
    if isinstance(event, yaml.ScalarEvent):
        _scalar(event, stack, line, tree)
        return
    made: dict[str, Plain] | list[Plain] = (
        {} if isinstance(event, yaml.MappingStartEvent) else []
    )
    stack.append(_Open(_place(stack, made, line, tree), made))


def _scalar(event: Any, stack: list[_Open], line: int, tree: Tree) -> None:
    if stack and isinstance(stack[-1].value, dict) and stack[-1].key is None:
        _name(stack[-1], str(event.value), line, tree)
    else:
        value = event.value if event.style else _resolved(event.value)
        _place(stack, value, line, tree)


def _refuse_marks(event: Any, stack: list[_Open], line: int, tree: Tree) -> None:
    path = stack[-1].path if stack else ()
    if event.anchor is not None:
        text = f"an anchor (&{event.anchor}) is not supported: write the value out"
        tree.mistakes.append(Mistake(line, dotted(path), text))
    if event.tag is not None:
        text = f"a tag ({event.tag}) is not supported: write the plain value"
        tree.mistakes.append(Mistake(line, dotted(path), text))


def _name(top: _Open, key: str, line: int, tree: Tree) -> None:
    assert isinstance(top.value, dict)
    path = (*top.path, key)
    top.key = key
    top.skip = key in top.value
    if top.skip:
        text = f"the key is written twice (first in line {tree.lines[path]})"
        tree.mistakes.append(Mistake(line, dotted(path), text))
    else:
        tree.lines[path] = line


def _place(stack: list[_Open], value: Plain, line: int, tree: Tree) -> Path:
    """Put a value where it belongs; gives its path."""
    if not stack:
        tree.value = value
        tree.lines[()] = line
        return ()
    top = stack[-1]
    if isinstance(top.value, list):
        top.value.append(value)
        path = (*top.path, len(top.value) - 1)
        tree.lines.setdefault(path, line)
        return path
    if top.key is None:
        text = "a key should be plain text, not a list or a mapping"
        tree.mistakes.append(Mistake(line, dotted(top.path), text))
        top.key, top.skip = "", True
        return (*top.path, "")
    path = (*top.path, top.key)
    if not top.skip:
        top.value[top.key] = value
    top.key, top.skip = None, False
    return path


def _resolved(text: str) -> Plain:
    """A scalar without quotes, by the core rules of YAML 1.2 (decimal only)."""
    if text in _CONSTANTS:
        return _CONSTANTS[text]
    if _INTEGER.fullmatch(text):
        return int(text)
    return float(text) if _NUMBER.fullmatch(text) else text
