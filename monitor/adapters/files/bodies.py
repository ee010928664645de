"""Bodies in lines of text: one a line, or one that is printed over several.

Saved bodies are often printed for people: a bracket, indented lines, a bracket. No
JSON Lines look so: a line of theirs that begins with a bracket ends with one.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Sequence

from pydantic_core import from_json

from monitor.decode.json_text import BYTE_ORDER_MARK

_OPENING = (b"{", b"[")
_CLOSING = (b"}", b"]")
_BETWEEN = re.compile(rb"([}\]])\s*([{\[])\s*")
# A body with the number of the line where it begins, from 0.
Numbered = tuple[int, bytes]


def bodies_of(lines: Iterable[bytes]) -> Iterator[Numbered]:
    """What is on each line that is not blank, judged no further.

    A line that is not whole, together with indented lines after it and the bracket
    that closes it, is one body if all of it is JSON; else each line is one. Lines
    are read no further than one beyond a body.
    """
    begun: list[Numbered] = []
    for number, line in enumerate(lines):
        body = line.rstrip(b"\r\n")
        if begun and _goes_on(body):
            begun.append((number, body))
            continue
        if begun and (between := _BETWEEN.fullmatch(body)):
            # No line ends at the end of the file before.
            yield from _joined([*begun, (number, between[1])])
            begun = [(number, between[2])]
            continue
        if begun and body.startswith(_CLOSING):
            yield from _joined([*begun, (number, body)])
            begun = []
            continue
        yield from _joined(begun)
        begun = [(number, body)] if _begins(body) else []
        if not begun and body.strip():
            yield number, body
    yield from _joined(begun)


def _begins(line: bytes) -> bool:
    text = line.removeprefix(BYTE_ORDER_MARK)
    return text.startswith(_OPENING) and not text.rstrip().endswith(_CLOSING)


def _goes_on(line: bytes) -> bool:
    return line[:1].isspace() or not line


def _joined(lines: Sequence[Numbered]) -> Iterator[Numbered]:
    """One body where the lines are one, else each that is not blank."""
    whole = b"\n".join(line for _, line in lines)
    if len(lines) > 1 and _is_json(whole):
        yield lines[0][0], whole
        return
    yield from ((number, line) for number, line in lines if line.strip())


def _is_json(text: bytes) -> bool:
    try:
        from_json(text.removeprefix(BYTE_ORDER_MARK))
    except ValueError:
        return False
    return True
