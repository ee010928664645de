"""The claims on one kind of reference, and the memory of what they came to."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Final, TypeVar

from monitor.directory.claims import Claim
from monitor.directory.dates import Held, to_schedule
from monitor.directory.patterns import folded, glob, is_glob, strength
from monitor.domain.teams import Schedule

_Key = TypeVar("_Key")
_Value = TypeVar("_Value")

# Seen references are remembered up to this many; a flood of made-up names in
# events must not fill the memory.
_MOST_REMEMBERED: Final = 100_000


class Register:
    """The claims on one kind of reference."""

    __slots__ = ("_exact", "_globs", "_seen")

    def __init__(self, claims: Iterable[Claim]) -> None:
        """Sort the claims into exact ones and patterns."""
        self._exact: dict[str, list[Held]] = {}
        self._globs: list[tuple[str, Held]] = []
        self._seen: dict[str, Schedule | None] = {}
        for claim in claims:
            held = Held(strength(claim.reference), claim.span, claim.team)
            if is_glob(claim.reference):
                self._globs.append((claim.reference, held))
            else:
                self._exact.setdefault(claim.reference, []).append(held)

    def schedule(self, reference: str) -> Schedule | None:
        """Who owns the reference when; ``None`` when no claim is on it."""
        try:
            return self._seen[reference]
        except KeyError:
            found = to_schedule(self.matching(folded(reference)))
            return remember(self._seen, reference, found)

    def matching(self, key: str) -> list[Held]:
        """Every claim on a folded reference."""
        globs = [held for text, held in self._globs if glob(text).fullmatch(key)]
        return [*self._exact.get(key, ()), *globs]


def remember(memory: dict[_Key, _Value], key: _Key, value: _Value) -> _Value:
    """Keep the value under the key and give it back; a full memory starts anew."""
    if len(memory) >= _MOST_REMEMBERED:
        memory.clear()
    memory[key] = value
    return value
