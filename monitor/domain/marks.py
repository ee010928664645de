"""Marks: what one item says to the signals, as plain data.

Costs say how much was waited; signals also ask who decides, what is put off, which
findings come back, and who does one thing in how many ways. A mark holds one such
statement. It names teams and things, never people, and is no label of any metric.
"""

from __future__ import annotations

import enum
from typing import Final, NamedTuple


class Sort(enum.StrEnum):
    """What a mark says; in brackets what ``word`` and ``detail`` hold."""

    USE = "use"  # team does something in a way (capability, implementation)
    TOPIC = "topic"  # team opened a platform ticket on a component (component)
    COMPLAINT = "complaint"  # team opened a ticket about what it works with (label)
    HOW_TO = "how_to"  # team asked on_team how to use what it offers
    TROUBLE = "trouble"  # something of on_team broke work of team (component)
    DECISION = "decision"  # on a platform item; amount: ms waited (about what, role)
    BACKLOG = "backlog"  # team has a triaged item open (group, how it ended)
    POSTPONED = "postponed"  # team put an open item off (group, how)
    DEPLOY = "deploy"  # team deployed to production (`ok` or `failed`)
    FINDING = "finding"  # team has a finding open (class, what was found)


# The groups of BACKLOG and POSTPONED.
PLATFORM: Final = "platform"
FEATURE: Final = "feature"
# How a BACKLOG mark ended; empty while it has not.
DONE: Final = "done"
CANCELLED: Final = "cancelled"
# The words of DEPLOY.
OK: Final = "ok"
FAILED: Final = "failed"


class Mark(NamedTuple):
    """One statement. Instants are milliseconds UTC; ``end`` is that of a span.

    What happened at an instant has its ``end`` there too; what has not ended yet
    ends at ``FOREVER``. ``item`` is the evidence: the key of what says it.
    """

    sort: Sort
    start: int
    end: int
    item: str
    team: str
    on_team: str = ""
    word: str = ""
    detail: str = ""
    amount: int = 0
