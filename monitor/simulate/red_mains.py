"""When a job fails on the main branch of a repository, and by whose commit.

They are drawn for the whole world at once, because whoever's own run of that job fails
meanwhile waits for whoever broke it.
"""

from __future__ import annotations

import random
from collections.abc import Iterable, Iterator, Sequence
from typing import Final, NamedTuple

from monitor.domain.working_time import DAY, HOUR

# Jobs of GitHub's, by their names, and the pipeline that is told natively.
UNIT: Final = "unit"
E2E: Final = "e2e"
CHECK: Final = "check"
_JOBS: Final = (UNIT, UNIT, E2E, CHECK)
_LENGTHS: Final = (HOUR, 5 * HOUR, DAY, 2 * DAY)
# Between two of a repository.
_LEAST_APART: Final = 3 * DAY
_MOST_APART: Final = 12 * DAY


class RedMain(NamedTuple):
    """A job of a repository is red from a failure to the next success (ms).

    ``on_team`` broke it: by a merged change, or, where ``by_push`` is true, by a commit
    that nobody knows more of than that it is in a repository of that team's.
    """

    repo: str
    job: str
    on_team: str
    by_push: bool
    start: int
    end: int

    def explains(self, repo: str, job: str, instant: int) -> bool:
        """Whether the job was red already when it failed at an instant."""
        return (self.repo, self.job) == (repo, job) and self.start < instant <= self.end


def drawn(
    chance: random.Random,
    repos: Sequence[tuple[str, str]],
    teams: Sequence[str],
    start: int,
    end: int,
) -> Iterator[RedMain]:
    """Those of a world, repository by repository; ``repos`` are (repository, team)."""
    for repo, owner in repos:
        begin = start + chance.randrange(DAY, _MOST_APART)
        while begin < end:
            by_push = chance.random() < 0.3
            first = begin - begin % 1_000
            last = first + chance.choice(_LENGTHS)
            guilty = owner if by_push else chance.choice(teams)
            yield RedMain(repo, chance.choice(_JOBS), guilty, by_push, first, last)
            begin = last + chance.randrange(_LEAST_APART, _MOST_APART)


def whose(found: Iterable[RedMain], repo: str, job: str, instant: int) -> str:
    """Who broke the job that was red already at an instant; empty where it was not."""
    return next((one.on_team for one in found if one.explains(repo, job, instant)), "")
