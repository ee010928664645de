"""Sums of forms and of their products: the moments of a team at any instant."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Callable
from dataclasses import dataclass, field
from typing import Final

from monitor.indicators.totals.forms import CHRONIC, FEATURE, FULL, Term
from monitor.indicators.totals.moments import Moments

# In the order of the fields of Moments.
_PRODUCTS: Final = (
    (FULL, FULL),
    (FULL, CHRONIC),
    (FULL, FEATURE),
    (CHRONIC, CHRONIC),
    (CHRONIC, FEATURE),
    (FEATURE, FEATURE),
)
# What a term's amount is multiplied by now, by calendar and end of the window.
Working = Callable[[str, str], int]


@dataclass(slots=True)
class Quadratic:
    """The items of one team: how many, their terms, and products of two of them."""

    items: int = 0
    terms: defaultdict[Term, int] = field(default_factory=lambda: defaultdict(int))
    products: defaultdict[tuple[Term, Term], int] = field(
        default_factory=lambda: defaultdict(int)
    )

    def add(self, terms: dict[Term, int], sign: int) -> None:
        """Add an item, or take it away."""
        self.items += sign
        ordered = sorted(terms.items())
        for place, (term, amount) in enumerate(ordered):
            signed = sign * amount
            self.terms[term] += signed
            for other, by in ordered[place:]:
                self.products[(term, other)] += signed * by

    def moments(self, working: Working) -> Moments:
        """The moments at the instant whose working time is told."""
        sums, squares = [0, 0, 0], dict.fromkeys(_PRODUCTS, 0)
        for (quantity, *of), amount in self.terms.items():
            if amount:
                sums[quantity] += amount * working(*of)
        for ((one, *of_one), (other, *of_other)), amount in self.products.items():
            if amount:
                found = amount * working(*of_one) * working(*of_other)
                # Of a square, two different terms come twice.
                twice = one == other and of_one != of_other
                squares[one, other] += 2 * found if twice else found
        return Moments(self.items, *sums, *squares.values())
