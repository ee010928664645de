"""What happens at a platform team's desk while nobody looks after its platform.

Stories of a troubled world: tickets that others open there, and those that somebody
decides on, puts off, or leaves lying.
"""

from __future__ import annotations

from typing import Final

from monitor.simulate.draft import Draft
from monitor.simulate.life import Life
from monitor.simulate.organisation import SimTeam
from monitor.simulate.steps import noting, ticket_steps, tracker
from monitor.simulate.troubles.trouble_at_work import ended, over

HOUR: Final = 3_600
DAY: Final = ticket_steps.DAY
_WORDS: Final = ("prioritised", "accepted", "approved", "rejected")
_PRODUCT_MANAGER: Final = "product manager"


def asked(draft: Draft, opener: SimTeam, component: str) -> Life:
    """Somebody needs something of the platform: at its desk, or in an own tracker."""
    draft.opener = opener
    draft.labels = ("platform", f"component:{component}")
    if draft.tracker == "jira":
        draft.labels, draft.components = ("platform",), (component,)
    tracker.write_down(draft)
    draft.between(HOUR, DAY)
    tracker.start(draft)
    return ended(draft)


def how_to(draft: Draft, opener: SimTeam) -> Life:
    """Somebody asks how to use what the platform offers, and is told."""
    draft.opener, draft.labels = opener, ("how-to",)
    draft.tracker = draft.chance.choice(("native", "github", "jira"))
    tracker.write_down(draft)
    draft.between(HOUR, DAY)
    tracker.comment(draft)
    return over(draft)


def decided(draft: Draft, *, by_leads: bool = False) -> Life:
    """A ticket of the platform's on which is decided: by leads, or by whom it is for.

    Only natively somebody tells of decisions.
    """
    draft.tracker, draft.work_class = "native", "debt"
    tracker.write_down(draft)
    leads = [role for role, _ in draft.organisation.leads]
    for _ in range(2):
        draft.between(HOUR, DAY)
        role = draft.chance.choice(leads) if by_leads else _PRODUCT_MANAGER
        word = draft.chance.choice(_WORDS)
        tracker.native(draft, "ticket.decided", {"decision": word, "actor_role": role})
        noting.meant(draft)
        noting.decided(draft, word, role)
    draft.between(HOUR, DAY)
    tracker.start(draft)
    return ended(draft)


def put_off(draft: Draft) -> Life:
    """A ticket that is meant, and put off by leads before anybody begins.

    On GitHub it only lies there: nothing is said of that.
    """
    draft.tracker = draft.chance.choice(("native", "native", "jira", "github"))
    draft.work_class, draft.labels = "debt", ("triaged",)
    tracker.write_down(draft)
    for _ in range(4):
        draft.between(2 * DAY, 5 * DAY)
        role, handle = draft.chance.choice(draft.organisation.leads)
        tracker.postpone(draft, role, handle)
    draft.between(5 * DAY, 15 * DAY)
    tracker.start(draft)
    return ended(draft)
