"""Names from events where people, programs and spreadsheets read them.

Whoever sends an event chooses what it names. No name may steer a terminal that shows
it, or be a formula of the spreadsheet that opens it.
"""

from __future__ import annotations

import json
from typing import Final

# What begins a formula, also in the wide form of East Asian keyboards.
_FORMULA: Final = ("=", "+", "-", "@", "\uff1d", "\uff0b", "\uff0d", "\uff20")


def written_out(name: str) -> str:
    """The name with an escape in place of each character that cannot be printed."""
    if name.isprintable():
        return name
    return "".join(
        one if one.isprintable() else one.encode("unicode_escape").decode()
        for one in name
    )


def json_text(document: object) -> str:
    """The document in one line; strings are exact, and nothing in it is unprintable."""
    text = json.dumps(document, ensure_ascii=False)
    if text.isprintable():
        return text
    return "".join(one if one.isprintable() else json.dumps(one)[1:-1] for one in text)


def csv_text(text: str) -> str:
    """The text as a cell: written out, and behind a quote where it were a formula."""
    return f"'{written_out(text)}" if text.startswith(_FORMULA) else written_out(text)
