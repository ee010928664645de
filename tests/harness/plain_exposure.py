"""What may hold items up at an instant, from the definitions (indicators 1.3)."""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping

from tests.harness.plain_events import PlainWorld
from tests.harness.plain_life import FINAL, UNFLOWN, Life
from tests.harness.plain_steps import FOREVER, Span
from tests.harness.plain_waits import links_of

Pair = tuple[str, str]


def open_links(lives: Mapping[str, Life], moment: int) -> Counter[Pair]:
    """How many links of items in flight to unresolved items of others are open.

    Each is of the team that was charged when it was first foreign in that flight.
    """
    found: Counter[Pair] = Counter()
    for life in lives.values():
        flight = None if life.root in UNFLOWN else life.flight(moment)
        for link in links_of(life, lives) if flight is not None else ():
            if flight is None or not link.span.holds(moment):
                continue
            entered = Span(max(flight.start, link.span.start), moment + 1)
            team = _first_other(life, link.on_team, entered)
            if team is not None:
                found[team, link.on_team] += 1
    return found


def _first_other(life: Life, named: str, span: Span) -> str | None:
    """The first team charged in the span that is not the one named."""
    changes = {event.time for event in life.events}
    changes |= {moment for moment, _ in life.hands.owner.points}
    moments = sorted({span.start, *(one for one in changes if span.holds(one))})
    charged = (life.charged(moment) for moment in moments)
    return next((team for team in charged if team != named), None)


def oldest_unstarted(
    lives: Mapping[str, Life], world: PlainWorld, moment: int
) -> dict[str, int]:
    """Since when the oldest ticket that is to be begun is that platform team's."""
    found: dict[str, int] = {}
    for root, life in lives.items():
        filed = _times(root, life, ("ticket.created", "ticket.requested"))
        if life.root != "ticket" or not filed:
            continue
        closed = [time for time in _times(root, life, FINAL) if time >= filed[0]]
        begun = [flight.start for flight in life.flights]
        if not filed[0] <= moment < min([*closed, *begun, FOREVER]):
            continue
        team, since = _whose(life, filed[0], moment)
        if team in world.teams and world.teams[team].kind == "platform":
            found[team] = min(since, found.get(team, since))
    return found


def _times(root: str, life: Life, kinds: tuple[str, ...]) -> list[int]:
    own = [event for event in life.events if event.entity == root]
    return [event.time for event in own if event.kind in kinds]


def _whose(life: Life, filed: int, moment: int) -> tuple[str, int]:
    """Whose a ticket is, its assignee's or its owner's, and since when."""
    team, since = "", filed
    for time, name in life.hands.assignee.points:
        if time <= moment and name != team:
            team, since = name, max(time, filed)
    return team, since
