"""The true ledger: what each interval of a plan costs whom, by the definitions.

Written from the definitions alone and sharing only the calendar with the product:
it knows no events and no state machine. A plan's instants cut its time into pieces
in which nothing changes; each piece is judged by itself, and episodes are counted
from piece to piece.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from fractions import Fraction
from typing import Final, NamedTuple

from monitor.domain.working_time import DAY, Calendar
from monitor.simulate.life import Life, Outage
from monitor.simulate.truth.pieces import Piece, pieces

ACUTE: Final = 900_000
INCIDENT_CAP: Final = DAY
ONE: Final = Fraction(1)


class Entry(NamedTuple):
    """A stretch of one item's time in the ledger.

    ``sort`` is ``wait``, ``active`` or ``unaccrued``; ``phase`` holds acute,
    chronic or response, the work class, or why nothing accrues. ``milliseconds``
    is the length on the charged team's calendar (on the wall for incidents);
    what counts is that times ``share``.
    """

    item: str
    sort: str
    team: str
    on_team: str
    component: str
    phase: str
    start: int
    end: int
    milliseconds: int
    share: Fraction = ONE


Key = tuple[str, str, str, str, str]


def entries(
    life: Life, calendars: Mapping[str, Calendar], until: int
) -> tuple[Entry, ...]:
    """The ledger of one life as it is known at ``until``, and clipped there."""
    if life.deleted and life.deleted <= until:
        return ()
    life = life._replace(item=life.item_at(until))
    if life.outage is not None:
        return tuple(_outage(life.item, life.outage, until))
    found = _merged(_charged(life, calendars, until))
    return tuple(sorted(found, key=lambda entry: (entry.start, entry[1:6])))


def totals(ledger: Iterable[Entry]) -> dict[Key, Fraction]:
    """Seconds by (sort, team, on_team, component, phase), exact."""
    sums: dict[Key, Fraction] = {}
    for entry in ledger:
        key = (entry.sort, entry.team, entry.on_team, entry.component, entry.phase)
        seconds = Fraction(entry.milliseconds, 1_000) * entry.share
        sums[key] = sums.get(key, Fraction(0)) + seconds
    return sums


class _Episode:
    """How much of the acute phase is used, and where the waiting paused."""

    def __init__(self) -> None:
        self.waited = 0
        self.until: int | None = None

    def enter(self, piece: Piece) -> None:
        """Go on with the episode, or start a new one after a break."""
        if self.until is None or piece.flight > self.until:
            self.waited = 0


def _charged(
    life: Life, calendars: Mapping[str, Calendar], until: int
) -> Iterator[Entry]:
    episode = _Episode()
    for piece in pieces(life, calendars, until):
        calendar = calendars[piece.charged]
        length = calendar.between(piece.start, piece.end)
        if piece.waits:
            episode.enter(piece)
            yield from _waiting(life.item, piece, calendar, episode.waited)
            episode.waited += length
            episode.until = piece.end
        elif piece.state == "stale":
            episode.until = piece.end
        elif length:
            # Working time without waiting, for whoever was charged then.
            episode.until = None
        if not piece.waits and length:
            yield _still(life.item, piece, length)


def _waiting(
    item: str, piece: Piece, calendar: Calendar, waited: int
) -> Iterator[Entry]:
    acute = max(0, ACUTE - waited)
    length = calendar.between(piece.start, piece.end)
    middle = piece.end
    if length > acute:
        middle = piece.start
        if acute:
            middle = calendar.instant_after(piece.start, acute) or piece.end
    halves = (("acute", piece.start, middle), ("chronic", middle, piece.end))
    for phase, start, end in halves:
        milliseconds = calendar.between(start, end)
        if not milliseconds:
            continue
        for on_team, component, share in _shares(piece):
            yield Entry(
                item,
                "wait",
                piece.charged,
                on_team,
                component,
                phase,
                start,
                end,
                milliseconds,
                share,
            )


def _shares(piece: Piece) -> list[tuple[str, str, Fraction]]:
    """Equal over the named teams, then equal over each team's components."""
    named = sorted({team for team, _ in piece.waits})
    return [
        (team, component, Fraction(1, len(named) * len(components)))
        for team in named
        for components in [sorted({c for t, c in piece.waits if t == team})]
        for component in components
    ]


def _still(item: str, piece: Piece, length: int) -> Entry:
    start, end = piece.start, piece.end
    if piece.state == "response":
        return Entry(
            item,
            "wait",
            piece.charged,
            piece.cause,
            "reopen",
            "response",
            start,
            end,
            length,
        )
    sort = "active" if piece.state == "active" else "unaccrued"
    phase = piece.doing if sort == "active" else piece.state
    return Entry(item, sort, piece.charged, "", "", phase, start, end, length)


def _outage(item: str, outage: Outage, until: int) -> Iterator[Entry]:
    """The latest stated cause holds for all of it; several causes split it equally."""
    end = min(outage.mitigated, outage.opened + INCIDENT_CAP, until)
    stated = [teams for at, teams in outage.causes if at <= until]
    foreign = [team for team in (stated[-1] if stated else ()) if team != outage.team]
    if end <= outage.opened or not foreign:
        return
    share = Fraction(outage.responders, len(stated[-1]))
    for cause in sorted(foreign):
        yield Entry(
            item,
            "wait",
            outage.team,
            cause,
            "incident",
            "response",
            outage.opened,
            end,
            end - outage.opened,
            share,
        )


def _merged(found: Iterable[Entry]) -> Iterator[Entry]:
    """Neighbours that say the same are one entry."""
    running: dict[tuple[object, ...], Entry] = {}
    for entry in found:
        key = (*entry[:6], entry.share)
        before = running.get(key)
        if before is not None and before.end == entry.start:
            length = before.milliseconds + entry.milliseconds
            running[key] = before._replace(end=entry.end, milliseconds=length)
            continue
        if before is not None:
            yield before
        running[key] = entry
    yield from running.values()
