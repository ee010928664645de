"""Under which names counters were shown, and what they carry from one to another.

A counter of a name is the sum of what was added while it was shown by that name: it
must neither fall nor jump when a team gets another. So a row that changes its name
leaves behind what it came to, and begins under the new one with what is added.
"""

from __future__ import annotations

import json
from collections.abc import Mapping
from dataclasses import dataclass, field
from fractions import Fraction
from typing import Final

from monitor.pipeline.showing.columns import Labels

# One amount of a counter; of a histogram its buckets, total and observations.
Amounts = tuple[Fraction, ...]
# By family and row as shown. Those of all rows of a family add up to nothing.
Carried = Mapping[str, Mapping[Labels, Amounts]]


@dataclass(frozen=True, slots=True)
class Named:
    """The names that stand for ``merged`` teams, and what rows as shown carry.

    ``merged`` is None as long as nothing was shown.
    """

    merged: Mapping[str, str] | None = None
    carried: Carried = field(default_factory=dict)


NOTHING_SHOWN: Final = Named()


def pack_named(named: Named) -> bytes:
    """The names as the store keeps them."""
    carried = {
        family: [[labels, [*map(str, amounts)]] for labels, amounts in rows.items()]
        for family, rows in named.carried.items()
    }
    merged = None if named.merged is None else dict(named.merged)
    return json.dumps([merged, carried]).encode()


def unpack_named(packed: bytes | None) -> Named:
    """The names as they were stored; none from a state that holds none."""
    if packed is None:
        return NOTHING_SHOWN
    merged, carried = json.loads(packed)
    return Named(
        merged,
        {
            family: {
                tuple(labels): tuple(map(Fraction, amounts)) for labels, amounts in rows
            }
            for family, rows in carried.items()
        },
    )
