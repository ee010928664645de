"""Who is served X-as-a-Service by whom, so that they should not have to wait."""

from __future__ import annotations

import datetime as dt
from typing import Final, NamedTuple

EVERY_TEAM: Final = "*"


class Promise(NamedTuple):
    """A team's promise to others, as ``teams.yaml`` says it.

    Of UTC days, from ``since`` up to, not including, ``until``; ``None`` has no end.
    ``*`` among the consumers is every team.
    """

    provider: str
    consumers: tuple[str, ...]
    since: dt.date | None = None
    until: dt.date | None = None
