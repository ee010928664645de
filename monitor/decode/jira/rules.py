"""What a Jira site calls things: statuses, resolutions, fields and links, as data.

Only names that a site is free to choose are here, and its addresses. Words are lower
case. Whether a status means to do, in progress or done its category says, without
configuration.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Final, Literal

from monitor.domain.memos import memoised

StatusClass = Literal["todo", "in_progress", "done"]
# What an issue is by a link's words, read as "this issue <words> that one".
LinkEnd = Literal["blocks", "blocked", "none"]

_CANCELLED_RESOLUTIONS: Final = frozenset(
    {
        "abandoned",
        "cancelled",
        "canceled",
        "cannot reproduce",
        "declined",
        "duplicate",
        "incomplete",
        "invalid",
        "not a bug",
        "obsolete",
        "rejected",
        "won't do",
        "won't fix",
        "withdrawn",
    }
)
_CANCELLED_STATUSES: Final = frozenset(
    {"abandoned", "cancelled", "canceled", "declined", "rejected", "won't do"}
)
# Both ends' words of the types that are delivered with Jira or widely added, and the
# types' names, which count as the words of the link's outward end.
_LINKS: Final[Mapping[str, LinkEnd]] = {
    "blocks": "blocks",
    "blocker": "blocks",
    "is blocked by": "blocked",
    "depends on": "blocked",
    "depends upon": "blocked",
    "dependency": "blocked",
    "dependent": "blocked",
    "is depended on by": "blocks",
    "is depended upon by": "blocks",
    "requires": "blocked",
    "required": "blocked",
    "required by": "blocks",
    "is required by": "blocks",
    "has to be done after": "blocked",
    "has to be done before": "blocks",
}
# Where Cloud has the flag as a rule; on some sites another field has the number.
USUAL_FLAG: Final = "customfield_10021"


@dataclass(frozen=True, slots=True)
class JiraRules:
    """A site's own words and addresses.

    ``statuses`` overrules the category of a status; ``waiting`` gives the team that
    a status waits for. Fields are named by id (``customfield_10021``) or name; only
    an id is found in an issue itself, a name in changelogs alone. ``sites`` gives for
    each other address of a site its own, both lower case and as far as ``/rest/``.
    """

    statuses: Mapping[str, StatusClass] = field(default_factory=dict)
    blocked: frozenset[str] = frozenset({"blocked", "on hold", "impeded", "waiting"})
    waiting: Mapping[str, str] = field(
        default_factory=lambda: {"waiting for customer": "external"}
    )
    cancelled_resolutions: frozenset[str] = _CANCELLED_RESOLUTIONS
    cancelled_statuses: frozenset[str] = _CANCELLED_STATUSES
    team_fields: tuple[str, ...] = ("team",)
    flagged_fields: tuple[str, ...] = ("flagged", USUAL_FLAG)
    links: Mapping[str, LinkEnd] = field(default_factory=lambda: dict(_LINKS))
    sites: Mapping[str, str] = field(default_factory=dict)

    @property
    def custom_fields(self) -> frozenset[str]:
        """Ids of custom fields that are read."""
        named = (*self.team_fields, *self.flagged_fields)
        return frozenset(name for name in named if name.startswith("customfield_"))


@memoised
def word(text: str | None) -> str:
    """A name as it is compared: lower case, with the typewriter's apostrophe."""
    return (text or "").strip().lower().replace("\u2019", "'")
