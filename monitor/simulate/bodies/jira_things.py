"""What Jira's bodies show: a ticket at an instant, what changed, who is linked.

Every value is a snapshot: a body is told from it without knowing the plan.
Instants are in milliseconds; 0 stands for not yet.
"""

from __future__ import annotations

from typing import Final, Literal, NamedTuple

Site = Literal["cloud", "server"]
# What happens to tickets: what needs no configuration, or whatever Jira can tell.
Ways = Literal["usual", "all"]

TO_DO: Final = "To Do"
IN_PROGRESS: Final = "In Progress"
IN_REVIEW: Final = "In Review"
# Jira's own word for a wait that is nobody's in the organisation.
WAITING: Final = "Waiting for customer"
DONE: Final = "Done"
SUB_TASK: Final = "Sub-task"
TEAM_FIELD: Final = "customfield_10001"
SPRINT_FIELD: Final = "customfield_10020"
FLAG_FIELD: Final = "customfield_10021"
RANK_FIELD: Final = "customfield_10019"
# The Jira account that moves tickets by rules.
ROBOT: Final = "addon_board-rules"


def waiting_for(team: str) -> str:
    """The status in which a ticket waits for a team; a site has to name it so."""
    return f"Waiting for {team}"


class Link(NamedTuple):
    """A link as one end shows it: the other end, and whether that is held up."""

    id: int
    blocks: bool
    other: int
    other_key: str
    other_status: str


class Item(NamedTuple):
    """One changed field. An empty value is no value."""

    field: str
    field_id: str
    before_id: str
    before: str
    after_id: str
    after: str


class Ticket(NamedTuple):
    """An issue as one body shows it.

    ``since`` is when the category of its status changed last, ``resolved`` when it
    was done. ``told`` counts what has been said of it, for numbers of its own.
    """

    id: int
    key: str
    type_name: str
    summary: str
    creator: str
    created: int
    labels: tuple[str, ...] = ()
    team: str = ""
    status: str = TO_DO
    since: int = 0
    resolution: str = ""
    resolved: int = 0
    assignee: str = ""
    sprint: int = 0
    flagged: bool = False
    components: tuple[str, ...] = ()
    parent: int = 0
    parent_key: str = ""
    links: tuple[Link, ...] = ()
    updated: int = 0
    told: int = 0

    @property
    def unlinked(self) -> Ticket:
        """The ticket without its links."""
        return self._replace(links=())

    @property
    def next_number(self) -> int:
        """A number for what is told next: of a change, a comment, or a link."""
        return self.id * 1_000 + self.told


class Told(NamedTuple):
    """One body: the ticket after it, who did it, and what was done.

    ``items`` are one change with the number ``number``; else the number is that of
    a comment or of a link between ``ticket`` and ``other`` (its id), which it holds up.
    """

    site: Site
    ticket: Ticket
    actor: str
    time: int
    number: int = 0
    items: tuple[Item, ...] = ()
    comment: bool = False
    other: int = 0
