"""Which of Jira's further ways a ticket goes, where a world draws them all.

Nothing is drawn where it does not, so that the usual worlds stay as they are.
"""

from __future__ import annotations

from monitor.simulate.bodies.jira_things import Ticket
from monitor.simulate.draft import Draft

_COMPONENT_SHARE = 0.2
_TWICE_SHARE = 0.1
_BURST = 6


def drawn(draft: Draft, share: float) -> bool:
    """Whether it happens: never in a usual world."""
    return draft.organisation.jira_ways == "all" and draft.chance.random() < share


def placed(draft: Draft) -> tuple[str, tuple[str, ...]]:
    """The project of a new ticket, and its components.

    A ticket in another team's project is its own team's by a component.
    """
    if not drawn(draft, _COMPONENT_SHARE):
        return draft.team.project, ()
    return draft.other_team(platform=0.0).project, (draft.team.id,)


def told_twice(draft: Draft) -> bool:
    """Whether a comment is told twice, by two webhooks of one site."""
    return drawn(draft, _TWICE_SHARE)


def is_moved(draft: Draft, ticket: Ticket) -> bool:
    """Whether it is handed over by a move to the other team's project.

    That says something only where the project says whose it is. A ticket goes the
    same way each time.
    """
    by_project = not ticket.team and not ticket.components
    return draft.organisation.jira_ways == "all" and by_project and ticket.id % 2 == 0


def burst(draft: Draft) -> int:
    """How many times a rule of the board runs at one instant."""
    if draft.organisation.jira_ways == "usual":
        return 1
    return draft.chance.randint(1, _BURST)
