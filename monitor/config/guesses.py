"""What lines of guesses are made of: texts and tables of TOML, and addresses."""

from __future__ import annotations

import json
from collections.abc import Iterator, Mapping
from itertools import islice
from typing import Final

from monitor.decode.same_at import SameAt

MOST: Final = 30


def toml_text(value: str) -> str:
    """A TOML string: JSON's escapes are TOML's, and what cannot be seen is in none."""
    return json.dumps(value, ensure_ascii=False)


def toml_table(names: Mapping[str, str]) -> str:
    """A table in a line, of not too many names."""
    pairs = (f"{toml_text(name)} = {toml_text(own)}" for name, own in names.items())
    return f"{{{', '.join(islice(pairs, MOST))}}}"


def address_lines(
    key: str, note: str, seen: SameAt, known: Mapping[str, str]
) -> Iterator[str]:
    """Addresses that show the same things, each with one as its own.

    That is one known to be some site's own, else the last in the alphabet.
    """
    own_of, counts = dict(known), dict[str, int]()
    pairs = sorted(
        seen.pairs.items(),
        key=lambda row: (seen.owns.isdisjoint(row[0]), -row[1], row),
    )
    for pair, count in pairs[:MOST]:
        ends = {own_of.get(one, one) for one in pair}
        other, *owns = sorted(ends, key=lambda one: (one in seen.owns, one))
        if owns and other not in known.values():
            # What was taken for the own one so far is another one, too.
            own_of |= {one: owns[0] for one, own in own_of.items() if own == other}
            own_of[other], counts[other] = owns[0], count
    if counts:
        yield f"# {key} = {toml_table({other: own_of[other] for other in counts})}"
        yield f"#   {note}"
    for other, count in counts.items():
        yield f"#   {toml_text(other)}, {toml_text(own_of[other])}: {count:,}"
