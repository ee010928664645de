"""What an item needs first is asked of another team, at that team's desk.

Desks tell natively, whatever the item's own tracker: neither GitHub nor Jira, by its
usual words, says that one ticket was filed for the sake of another.
"""

from __future__ import annotations

from typing import Final

from monitor.simulate.draft import SECOND, Draft
from monitor.simulate.life import Wait
from monitor.simulate.organisation import SimTeam
from monitor.simulate.steps import noting
from monitor.simulate.steps.ticket_steps import chatter
from monitor.simulate.steps.tracker import comment, native

HOUR: Final = 3_600
_CLASS: Final = "request"


def requested(draft: Draft) -> None:
    """The item waits until its request is done, for whoever has the request then."""
    on_team = draft.other_team(platform=0.8)
    desk = _filed(draft, on_team)
    asked = [(draft.now, on_team.id)]
    desk.between(600, draft.chance.choice((HOUR, 6 * HOUR, 16 * HOUR)))
    if draft.chance.random() < 0.2:
        on_team = _passed_on(draft, desk)
        asked.append((desk.now, on_team.id))
        desk.between(300, 8 * HOUR)
        native(desk, "ticket.accepted", {"team": on_team.id})
        desk.owner = on_team
    else:
        native(desk, "ticket.started", {})
    desk.enter(desk.owner, _CLASS)
    desk.between(600, 12 * HOUR)
    comment(desk)
    desk.between(600, 4 * HOUR)
    native(desk, "ticket.done", {})
    noting.ended(desk, "done")
    life = desk.finish()
    draft.others.append(life)
    ends = [*(start for start, _ in asked[1:]), desk.now]
    for (start, team), end in zip(asked, ends, strict=True):
        blocker = life.activities()
        draft.wait(Wait("ticket_request", team, start, end, blocker=blocker))
    chatter(draft, draft.calendar.between(draft.now, desk.now) // SECOND)
    draft.now = max(draft.now, desk.now) + 60 * SECOND
    comment(draft)


def _filed(draft: Draft, on_team: SimTeam) -> Draft:
    """The request, told at the instant from which on the item needs it."""
    number = draft.fresh() * 10_000
    desk = Draft(draft.organisation, on_team, draft.chance, number, draft.now)
    desk.tracker, desk.work_class = "native", _CLASS
    desk.item = f"{on_team.project}-{number}"
    native(desk, "ticket.created", {"work_class": _CLASS, "team": on_team.id})
    asked = {"requester_team": draft.team.id, "needed_by": draft.name}
    native(desk, "ticket.requested", {**asked})
    noting.meant(desk)
    return desk


def _passed_on(draft: Draft, desk: Draft) -> SimTeam:
    """Assigned to another team before anybody began; perhaps there is none."""
    others = [
        team for team in draft.organisation.teams if team not in (draft.team, desk.team)
    ]
    on_team = draft.chance.choice(others or [desk.team])
    native(desk, "ticket.assigned", {"to_team": on_team.id})
    return on_team
