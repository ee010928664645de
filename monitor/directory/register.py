"""The claims on one kind of reference, and the memory of what they came to."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from typing import Final

from monitor.directory.claims import Claim
from monitor.directory.dates import Held, to_schedule
from monitor.directory.patterns import folded, glob, is_glob, strength
from monitor.domain.memos import Memo
from monitor.domain.named_by_branch import hidden_last
from monitor.domain.teams import Schedule

# What is remembered of seen references weighs no more: a hundred thousand of them. A
# flood of made-up names in events must not fill the memory.
MOST_REMEMBERED: Final = 40_000_000


def word_of(claim: Claim) -> str | None:
    """What is kept of a claimed pipeline whose name may hold a branch's.

    ``None`` for a pattern, and for what is kept as it is.
    """
    hidden = hidden_last(claim.reference)
    is_kept = hidden == claim.reference or is_glob(claim.reference)
    return None if is_kept else hidden


def with_words(claims: Iterable[Claim]) -> Iterator[Claim]:
    """Claims on pipelines, also on what is kept of them."""
    for claim in claims:
        yield claim
        word = word_of(claim)
        if word is not None:
            yield claim._replace(reference=word)


class Register:
    """The claims on one kind of reference."""

    __slots__ = ("_exact", "_globs", "_seen")

    def __init__(self, claims: Iterable[Claim]) -> None:
        """Sort the claims into exact ones and patterns."""
        self._exact: dict[str, list[Held]] = {}
        self._globs: list[tuple[str, Held]] = []
        self._seen = Memo[str, Schedule | None](MOST_REMEMBERED)
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
            return self._seen.keep(reference, found)

    def matching(self, key: str) -> list[Held]:
        """Every claim on a folded reference."""
        globs = [held for text, held in self._globs if glob(text).fullmatch(key)]
        return [*self._exact.get(key, ()), *globs]
