"""Names as ids of teams: where teams are made from the data, not from a file."""

from __future__ import annotations

from typing import Final

from monitor.directory.patterns import folded, is_glob
from monitor.domain.teams import RESERVED
from monitor.domain.timeline import WALL

# Short enough that an id made from a name is still one.
_LONGEST: Final = 180


def is_writable(name: str) -> bool:
    """Whether a teams file can hold the name, and as what it is: no pattern."""
    is_text = name.isprintable() and name == name.strip()
    return is_text and 0 < len(name) <= _LONGEST and not is_glob(name)


def is_id(name: str) -> bool:
    """Whether a team may be called so: no colon, none of the reserved words."""
    return ":" not in name and folded(name) not in RESERVED | {WALL}


def free_id(name: str, subject: str) -> str:
    """The name as an id; one that may be none has its ``subject`` before it."""
    text = folded(name.replace(":", "-"))
    return text if is_id(text) else f"{subject}-{text}"
