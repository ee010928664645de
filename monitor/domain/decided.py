"""What is kept of a decision and of who made it: words of closed lists. Pure.

Both are typed freely and may name somebody, and the signals ask only what a decision is
about and whether a leader made it.
"""

from __future__ import annotations

from typing import Final

LEADERS: Final = frozenset({"manager", "director", "architect", "staff"})
OTHER: Final = "other"
# What a decision is about, by the beginning of its word.
_ABOUT: Final = {
    "prioriti": "prioritise",
    "approv": "approve",
    "accept": "accept",
    "reject": "reject",
    "unblock": "unblock",
}


def decision_word(said: str) -> str:
    """What a decision is about; ``other`` for all that the signals do not know.

    >>> decision_word("Prioritized"), decision_word("drop the old API")
    ('prioritise', 'other')
    """
    text = said.strip().lower()
    for beginning, word in _ABOUT.items():
        if text.startswith(beginning):
            return word
    return OTHER


def role_word(said: str) -> str:
    """A role of a leader; ``other`` where there is another, nothing where none is.

    >>> role_word("Director "), role_word("example-one"), role_word(" ")
    ('director', 'other', '')
    """
    word = said.strip().lower()
    return word if word in LEADERS or not word else OTHER
