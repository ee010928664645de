"""``make accuracy``: what lost, late and unlabelled events do to the numbers.

Simulates organisations, damages their records and measures them beside the true
ledger; no broker is needed. Prints the tables of docs/accuracy.md, with ``--write``
into it. Takes about two minutes on one core.
"""

from __future__ import annotations

import sys
from collections import defaultdict
from collections.abc import Callable, Iterator, Sequence
from typing import Final, TextIO

from tests.accuracy.comparison import Outcome, Sample, compared
from tests.accuracy.damage import DAMAGES, SHARES, Damage, lost, lost_of
from tests.accuracy.tables import BY_SHARE, BY_SOURCE, PAGE, table, with_tables

TEAMS: Final = 12
DAYS: Final = 45
SEEDS: Final = (1, 2, 3, 4, 5, 6)
_MIDDLE: Final = SHARES[1]
Say = Callable[[str], None]
Row = tuple[str, Damage, float]


def _by_share() -> list[Row]:
    return [
        (f"{share:.0%} {name}", damage, share)
        for name, damage in DAMAGES.items()
        for share in SHARES
    ]


_BY_SOURCE: Final[list[Row]] = [
    (f"of {source} only", lost_of(source), _MIDDLE)
    for source in ("GitHub", "Jira", "native")
]
_ONE_HOOK: Final = "of all, from one hook"
_TWO_HOOKS: Final = "of all, from two hooks"


def tables(teams: int, days: int, seeds: Sequence[int], say: Say) -> tuple[str, str]:
    """Both tables, as Markdown; one world after the other, for their size."""
    found: dict[str, list[Outcome]] = defaultdict(list)
    for seed in seeds:
        say(f"world {seed}")
        for name, outcome in _outcomes(Sample(teams, days, seed)):
            found[name].append(outcome)
        hooked = Sample(teams, days, seed, hooks=2)
        found[_TWO_HOOKS].append(hooked.under(lost, _MIDDLE))
    rows = {name: compared(outcomes) for name, outcomes in found.items()}
    rows[_ONE_HOOK] = rows[f"{_MIDDLE:.0%} lost"]
    by_share = ["none", *(name for name, _, _ in _by_share())]
    by_source = [_ONE_HOOK, _TWO_HOOKS, *(name for name, _, _ in _BY_SOURCE)]
    return (
        table("events", BY_SHARE, {name: rows[name] for name in by_share}),
        table(
            f"{_MIDDLE:.0%} lost", BY_SOURCE, {name: rows[name] for name in by_source}
        ),
    )


def _outcomes(sample: Sample) -> Iterator[tuple[str, Outcome]]:
    yield "none", sample.whole
    for name, damage, share in [*_by_share(), *_BY_SOURCE]:
        yield name, sample.under(damage, share)


def main(arguments: Sequence[str]) -> None:
    """Print the tables, or write them into the page."""
    found = tables(TEAMS, DAYS, SEEDS, lambda text: _line(sys.stderr, text))
    if "--write" in arguments:
        PAGE.write_text(with_tables(PAGE.read_text(encoding="utf-8"), found))
        return
    _line(sys.stdout, "\n\n".join(found))


def _line(stream: TextIO, text: str) -> None:
    stream.write(f"{text}\n")
    stream.flush()


if __name__ == "__main__":
    main(sys.argv[1:])
