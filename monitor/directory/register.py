"""The claims on one kind of reference, and the memory of what they came to."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from typing import Final

from monitor.directory.claims import Claim
from monitor.directory.dates import Held, to_schedule
from monitor.directory.patterns import folded, glob, is_glob, strength
from monitor.domain.behind_words import names_behind, pieces_of
from monitor.domain.memos import Memo
from monitor.domain.opaque import WORD
from monitor.domain.teams import Schedule

# What is remembered of seen references weighs no more: a hundred thousand of them. A
# flood of made-up names in events must not fill the memory.
MOST_REMEMBERED: Final = 40_000_000

# What facts may have words of in part.
_IN_WORDS: Final = frozenset({"pipeline", "service"})


def is_meant(key: str, claim: Claim) -> bool:
    """Whether a claim is on a folded reference of its subject.

    Of a pipeline or a service also where that has words in the place of what the claim
    tells.
    """
    meant = glob(claim.reference).fullmatch
    if meant(key) or claim.subject not in _IN_WORDS:
        return meant(key) is not None
    return any(map(meant, names_behind(key, claim.reference)))


class Register:
    """The claims on one kind of reference."""

    __slots__ = ("_by_word", "_exact", "_globs", "_known", "_seen")

    def __init__(self, claims: Iterable[Claim], *, with_words: bool = False) -> None:
        """Sort the claims into exact ones and patterns.

        ``with_words``: of the references facts may have words in part (``is_meant``).
        """
        self._exact: dict[str, list[Held]] = {}
        self._globs: list[tuple[str, Held]] = []
        self._seen = Memo[str, Schedule | None](MOST_REMEMBERED)
        known = tuple(claims)
        self._known = known if with_words else ()
        self._by_word: dict[str, set[int]] | None = None
        for claim in known:
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
        return [*self._exact.get(key, ()), *globs, *self._behind_words(key)]

    def _behind_words(self, key: str) -> Iterator[Held]:
        """Those that have in full what the reference has a word of."""
        words = WORD.findall(key) if self._known else ()
        near = {one for word in words for one in self._claims_by_word().get(word, ())}
        for claim in (self._known[one] for one in sorted(near)):
            meant = glob(claim.reference).fullmatch
            if not meant(key) and is_meant(key, claim):
                yield Held(strength(claim.reference), claim.span, claim.team)

    def _claims_by_word(self) -> dict[str, set[int]]:
        """Made once such a reference is asked for; in many organisations none is."""
        if self._by_word is None:
            self._by_word = {}
            for number, claim in enumerate(self._known):
                for word in pieces_of(claim.reference):
                    self._by_word.setdefault(word, set()).add(number)
        return self._by_word
