"""Text as a scalar of a YAML file that is read back as the same text."""

from __future__ import annotations

import json
from typing import Final

# Words that would be read as something else than text.
_WORDS: Final = frozenset({"true", "false", "null"})


def scalar(text: str) -> str:
    """Plain where YAML reads the same text back, else in double quotes."""
    is_plain = (
        text[:1].isalpha()
        and all(c.isalnum() or c in "/._-" for c in text)
        and text.lower() not in _WORDS
    )
    return (
        text if is_plain else "".join(map(_seen, json.dumps(text, ensure_ascii=False)))
    )


def _seen(character: str) -> str:
    """As it is, or as the escape that YAML reads, where it cannot be printed."""
    if character.isprintable():
        return character
    return character.encode("unicode_escape").decode()
