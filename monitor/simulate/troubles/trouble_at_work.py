"""What stream teams do and find while nobody looks after their platform.

Stories of a troubled world, also of its calm: most are short tickets in the team's own
tracker, whose labels say what they are about.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import Final

from monitor.simulate.draft import Draft
from monitor.simulate.life import Life
from monitor.simulate.steps import deploy_steps, ticket_steps, tracker

HOUR: Final = 3_600
DAY: Final = ticket_steps.DAY
_COMPLAINTS: Final = ("tooling", "infra", "dependency")


def complained(draft: Draft) -> Life:
    """A ticket about what the team works with."""
    _begun(draft, "defect", draft.chance.choice(_COMPLAINTS))
    return ended(draft)


def done_in(draft: Draft, ways: Sequence[str]) -> Life:
    """A feature that says in which ways the team builds and deploys."""
    _begun(draft, "feature", *(f"uses:{way}" for way in ways))
    return ended(draft)


def kept_up(draft: Draft) -> Life:
    """Upkeep: some days of work on what is there already."""
    _begun(draft, "debt")
    ticket_steps.work(draft)
    ticket_steps.work(draft)
    return ended(draft)


def put_off(draft: Draft) -> Life:
    """A feature that is planned for a sprint, and then for the next one."""
    if draft.tracker == "github":
        draft.tracker = "native"
    draft.work_class = "feature"
    tracker.write_down(draft)
    draft.between(60, DAY)
    tracker.postpone(draft)
    draft.between(DAY, 3 * DAY)
    tracker.start(draft)
    return ended(draft)


def held_up(draft: Draft, on_team: str, days: int) -> Life:
    """A feature that waits for another team for days, in a tracker that can say so."""
    if draft.tracker == "jira":
        draft.tracker = "native"
    _begun(draft, "feature")
    draft.between(HOUR, 4 * HOUR)
    ticket_steps.held_up(draft, on_team, days * DAY + draft.chance.randint(0, DAY))
    return ended(draft)


def pushed(draft: Draft, failing: float) -> Life:
    """A feature for whose sake all else is left; its deploy fails ever more often."""
    _begun(draft, "feature")
    for _ in range(3):
        ticket_steps.work(draft)
    deploy_steps.shipped(draft, fails=draft.chance.random() < failing)
    return over(draft)


def found(draft: Draft, class_: str, flaw: str = "") -> Life:
    """A ticket about a finding of a class, perhaps a flaw that has a name."""
    _begun(draft, "risk", *((class_, flaw) if flaw else (class_,)))
    return ended(draft)


def _begun(draft: Draft, work_class: str, *labels: str) -> None:
    draft.work_class, draft.labels = work_class, labels
    tracker.write_down(draft)
    draft.between(60, DAY)
    tracker.start(draft)


def ended(draft: Draft) -> Life:
    """Worked on once more, and done."""
    ticket_steps.work(draft)
    return over(draft)


def over(draft: Draft) -> Life:
    """Done, a while after what was last said."""
    draft.between(60, HOUR)
    tracker.finish(draft)
    return draft.finish()


def scanned(draft: Draft, class_: str, flaw: str = "") -> Life:
    """A scanner finds it in the team's things, and later no longer.

    It has an id of its own for each finding, whatever the flaw is called.
    """
    draft.item = f"{flaw or 'finding'}/{draft.number}"
    said: dict[str, object] = {"team": draft.team.id}
    draft.tell("finding.opened", said | {"class": class_})
    since = draft.now
    draft.between(3 * DAY, 10 * DAY)
    draft.tell("finding.closed", said)
    what = flaw.lower() or draft.item
    return draft.found(class_.lower(), what, since)
