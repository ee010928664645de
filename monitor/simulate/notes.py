"""What is true of an item beside its time: what the seven signals ask about.

A note is made where a plan makes something happen, and is no part of what any tool
tells. From notes, the true ledger and the organisation the true signals are worked
out (``true_signals``), without any of the product's code.
"""

from __future__ import annotations

from typing import Literal, NamedTuple

NoteSort = Literal[
    "uses",  # team does `what` in the way `detail`, from the first telling to the last
    "asked",  # team opened a ticket labelled platform on the component `what`
    "complained",  # team opened a ticket about its tooling, labelled `what`
    "how_to",  # team asked on_team how to use what it offers
    "trouble",  # on_team broke work of team; `what`: the component, or `reopen`
    "decided",  # on a platform item of team; `what`: the word, `detail`: the role
    "triaged",  # team's item is meant; `what`: platform or feature; see `detail`
    "postponed",  # team put a triaged item off while it was open; `what` as above
    "deployed",  # to production, for team; `what`: ok or failed
    "found",  # team has a finding of class `what` open; `detail`: which finding
]


class Note(NamedTuple):
    """One true statement; instants are milliseconds UTC.

    ``until`` is the end of what lasts (``uses``, ``triaged``, ``found``), 0 for what
    has not ended; what happens at an instant has 0 there. ``detail`` of ``triaged``
    is ``done``, ``cancelled`` or, while it is open, empty; ``detail`` of ``decided``
    is the role as the tool tells it, or empty.
    """

    sort: NoteSort
    time: int
    team: str
    on_team: str = ""
    what: str = ""
    detail: str = ""
    until: int = 0
