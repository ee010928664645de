"""Which deploys were taken back by deploying an older commit again.

Where a tool tells no rollbacks (GitHub), a deploy was rolled back when the next one of
its lane that succeeds brings another commit, which had succeeded there before the first
time its own did, and was asked for after it. What was asked for earlier only took
longer, and a later stage of a run that had brought the commit before goes on with it.
Each deploy is pointed at that; where, follows from all successes of the lane, so it
does not depend on the order of arrival. Only what carries one commit is entered.
"""

from __future__ import annotations

from collections.abc import Collection, Iterator
from dataclasses import dataclass
from itertools import chain
from typing import Final, NamedTuple

from monitor.domain.deploys import LaneName, is_success, lane_name_of, lanes_met
from monitor.domain.facts import Fact, Kind
from monitor.domain.items import FOREVER
from monitor.pipeline.relating.lines import SEPARATOR, Entry, Line, ShortLine
from monitor.pipeline.relating.placing import ship
from monitor.pipeline.working_set import WorkingSet
from monitor.relate.rows import Section

_ASKED: Final = frozenset(
    {Kind.DEPLOY_READY, Kind.DEPLOY_STARTED, Kind.DEPLOY_FINISHED}
)


class _Entry(NamedTuple):
    """A success of a deploy with a commit; ``asked`` is when the deploy was begun.

    ``run`` is the attempt of a run that it is a stage of, if any.
    """

    time: int
    entity: str
    commit: str
    asked: int
    run: str = ""

    @property
    def word(self) -> str:
        """What is kept of it under its instant."""
        said = (self.entity, self.commit, str(self.asked), self.run)
        return SEPARATOR.join(said)


def take_back(section: Section, before: Collection[Fact], working: WorkingSet) -> None:
    """Enter a deploy's successes anew, and point whom they concern elsewhere.

    ``before`` are its facts as they were known until now.
    """
    known = set(_entries(section.entity, before))
    now = set(_entries(section.entity, section.facts.values()))
    for lane, entry in sorted(known - now):
        _Successes(lane, working).leave(entry)
    for lane, entry in sorted(now):
        _Successes(lane, working).enter(entry)


def forget_taken_back(section: Section, working: WorkingSet) -> None:
    """Keep no more of a sealed deploy's lane than what comes next is judged by."""
    for lane, entry in _entries(section.entity, section.facts.values()):
        _Successes(lane, working).forget_around(entry)


def _entries(entity: str, facts: Collection[Fact]) -> Iterator[tuple[LaneName, _Entry]]:
    told = [one for one in facts if "version" in one.fields and is_success(one)]
    lane = lane_name_of(facts) if told else None
    if lane is not None:
        # One name only: of two lanes the one would take back what the other does not.
        lane = lanes_met(lane)[0]
        asked = min(fact.time for fact in facts if fact.kind in _ASKED)
        for fact in told:
            said = fact.fields
            run = said.get("within", "")
            yield lane, _Entry(fact.time, entity, said["version"], asked, run)


@dataclass(slots=True)
class _Successes:
    """All successes of a lane, and where they are kept: by day, and by commit."""

    lane: LaneName
    working: WorkingSet

    def enter(self, entry: _Entry) -> None:
        """One more, if it is new."""
        if self._line.enter(entry.time, entry.word):
            for line in self._found_by(entry):
                line.enter(entry.time, entry.word)
            self._judge(entry, [entry])

    def leave(self, entry: _Entry) -> None:
        """It was not so."""
        if self._drop(entry):
            self._point(entry, None)
            self._judge(entry, [])

    def forget_around(self, entry: _Entry) -> None:
        """Of what is sealed side by side the last stays: the next is judged by it."""
        while later := self._gone(self._after(entry)):
            entry = later[-1]
        while earlier := self._gone(self._before(entry)):
            for one in earlier:
                self._drop(one)

    def _gone(self, entries: list[_Entry]) -> list[_Entry]:
        return [one for one in entries if self.working.is_gone(one.entity)]

    def _drop(self, entry: _Entry) -> bool:
        """Take it out; whether it was there."""
        for line in self._found_by(entry):
            line.take_out(entry.time, entry.word)
        return self._line.take_out(entry.time, entry.word)

    def _judge(self, entry: _Entry, there: list[_Entry]) -> None:
        """Point those anew for whom it matters whether the entry is there.

        Itself if it is, and the one before it; and if its commit is older or younger
        for it, also all that brought that commit, and those before them; in any case
        the other stages of its run.
        """
        line = self._commit(entry.commit)
        first = line.first()
        # A commit may have thousands: all are looked at where the first is another.
        alike = there if first and first[0] < entry.time else _entries_of(line)
        alike = [*alike, *(_entries_of(self._run(entry)) if entry.run else ())]
        before = chain.from_iterable(map(self._before, (entry, *alike)))
        for one in dict.fromkeys((*there, *alike, *before)):
            self._point(one, self._undone(one))

    def _undone(self, entry: _Entry) -> int | None:
        """When the deploy was taken back; None if it was not."""
        for after in self._after(entry):
            is_older = self._first(after.commit) < self._first(entry.commit)
            if is_older and after.asked >= entry.time and not self._goes_on(after):
                return after.time
        return None

    def _goes_on(self, entry: _Entry) -> bool:
        """Whether its run had brought the commit before."""
        first = self._run(entry).first() if entry.run else None
        return first is not None and first[0] < entry.time

    def _point(self, entry: _Entry, undone: int | None) -> None:
        row = self.working.row(self.working.home(entry.entity))
        section = row.sections.get(entry.entity)
        if section is not None and section.take_back(entry.time, undone):
            self.working.touch(row)
            ship(section, self.working)  # it brought nothing, or does again

    def _first(self, commit: str) -> int:
        """When the commit succeeded here for the first time."""
        first = self._commit(commit).first()
        return first[0] if first is not None else FOREVER

    def _before(self, entry: _Entry) -> list[_Entry]:
        """Those of the last instant before an entry's."""
        return self._beside(self._line.before((entry.time,)))

    def _after(self, entry: _Entry) -> list[_Entry]:
        """Those of the next instant."""
        return self._beside(self._line.after((entry.time + 1,)))

    def _beside(self, found: Entry | None) -> list[_Entry]:
        return list(map(_entry, self._line.at(found[0]))) if found else []

    @property
    def _line(self) -> Line:
        return Line(self._key(), self.working)

    def _key(self) -> str:
        return SEPARATOR.join(("rollbacks", *self.lane))

    def _found_by(self, entry: _Entry) -> list[ShortLine]:
        """Those of its commit, and of the run that it is a stage of."""
        lines = [self._commit(entry.commit)]
        return [*lines, self._run(entry)] if entry.run else lines

    def _run(self, entry: _Entry) -> ShortLine:
        commit = self._commit(entry.commit).key
        return ShortLine(SEPARATOR.join((commit, "run", entry.run)), self.working)

    def _commit(self, commit: str) -> ShortLine:
        key = SEPARATOR.join((self._key(), "commit", commit))
        return ShortLine(key, self.working)


def _entries_of(line: ShortLine) -> list[_Entry]:
    return list(map(_entry, line.all()))


def _entry(kept: Entry) -> _Entry:
    time, word = kept
    entity, commit, asked, run = word.rsplit(SEPARATOR, 3)
    return _Entry(time, entity, commit, int(asked), run)
