"""How many Platform PMs an organisation of this size asks for (indicators 3).

Patterns, not a law: what is shown is a range, and never one number.
"""

from __future__ import annotations

from typing import NamedTuple

from monitor.domain.teams import Directory

_LARGEST_SPAN = 10
_SMALLEST_SPAN = 6


PATTERNS = ("single", "domain", "teams_low", "teams_high", "minimum")


class Staffing(NamedTuple):
    """Platform PMs by pattern, and how many there are (``None``: nobody said).

    ``single``: one, as soon as there is a platform team. ``domain``: one for each
    major platform domain. ``teams_low``, ``teams_high``: one for ten, or for six,
    platform teams. ``minimum``: the larger of ``single`` and ``teams_low``.
    """

    current: int | None
    single: int
    domain: int
    teams_low: int
    teams_high: int
    minimum: int

    @property
    def high(self) -> int:
        """The upper end of the range that begins at ``minimum``."""
        return max(self.domain, self.teams_high)

    @property
    def patterns(self) -> dict[str, int]:
        """The recommendation of each pattern, by name."""
        return {
            "single": self.single,
            "domain": self.domain,
            "teams_low": self.teams_low,
            "teams_high": self.teams_high,
            "minimum": self.minimum,
        }

    @property
    def gap(self) -> tuple[int, int] | None:
        """How many are missing to either end of the range."""
        if self.current is None:
            return None
        low, high = self.minimum - self.current, self.high - self.current
        return max(0, low), max(0, high)


def staffing(teams: int, domains: int, current: int | None) -> Staffing:
    """The patterns for so many platform teams and major platform domains.

    >>> found = staffing(14, 3, 1)
    >>> found.minimum, found.high, found.gap
    (2, 3, (1, 2))
    >>> staffing(3, 1, 1).patterns
    {'single': 1, 'domain': 1, 'teams_low': 1, 'teams_high': 1, 'minimum': 1}
    >>> staffing(0, 0, None).minimum
    0
    """
    low, high = -(-teams // _LARGEST_SPAN), -(-teams // _SMALLEST_SPAN)
    single = 1 if teams else 0
    minimum = max(single, low) if teams else 0
    return Staffing(current, single, domains, low, high, minimum)


def staffing_of(directory: Directory) -> Staffing:
    """The patterns for the platform teams and domains of a directory."""
    platform = [one for one in directory.teams.values() if one.kind == "platform"]
    organisation = directory.organisation
    return staffing(
        len(platform), len(organisation.platform_domains), organisation.platform_pms
    )
