"""What was made of names, remembered: bounded by what it weighs, not by its number.

An organisation has few names, and the same ones on many events. But what an event
calls a name may be as long as its body, and another one each time.
"""

from __future__ import annotations

from collections.abc import Callable
from functools import wraps
from typing import Final, Generic, TypeVar, TypeVarTuple

_Key = TypeVar("_Key")
_Made = TypeVar("_Made")
_Names = TypeVarTuple("_Names")

# Weights are letters, of up to four bytes each, and this for a text and for an entry,
# which take about as much beside them. Ten thousand usual names are two million.
_EACH: Final = 100
_MOST: Final = 4_000_000
# Of one entry: a branch or a label has 255 letters at most, an issue some labels.
_LONGEST: Final = 4_000


class Memo(dict[_Key, _Made], Generic[_Key, _Made]):
    """Values by names; a full one starts anew, and what is too long is not kept."""

    def __init__(self, most: int = _MOST) -> None:
        """Remember nothing yet, and never more than weighs so much."""
        super().__init__()
        self._most = most
        self._weight = 0

    def keep(self, key: _Key, value: _Made) -> _Made:
        """Remember the value if the key is short enough, and give it back."""
        weight = _EACH + weight_of(key)
        if weight > _LONGEST:
            return value
        if self._weight + weight > self._most:
            self.clear()
            self._weight = 0
        self._weight += weight
        self[key] = value
        return value


def weight_of(key: object) -> int:
    """About how many letters the texts of a key take.

    >>> weight_of(("acme/shop", None)), weight_of("x" * 100)
    (309, 200)
    """
    if isinstance(key, tuple):
        return _EACH + sum(map(weight_of, key))
    return _EACH + (len(key) if isinstance(key, str) else 0)


def memoised(make: Callable[[*_Names], _Made]) -> Callable[[*_Names], _Made]:
    """The function, which remembers what it made of names."""
    known: Memo[tuple[*_Names], _Made] = Memo()

    @wraps(make)
    def remembering(*names: *_Names) -> _Made:
        try:
            return known[names]
        except KeyError:
            return known.keep(names, make(*names))

    return remembering
