"""Which failed runs a red default branch may explain: every failure is told its run.

A run that fails while the default branch of its job is red points at the run that
turned it red, and depends on it, to be told whose doing that was. Where each points
follows from all results of the job, so it does not depend on the order of arrival.
Runs of jobs whose default branch never failed are written down, and ask for nothing.
"""

from __future__ import annotations

from bisect import bisect_left, bisect_right
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from typing import Final

from monitor.domain.facts import RUNS, Fact, Kind
from monitor.domain.items import FOREVER, RedSince
from monitor.domain.jobs import JobName, Mark, marks_of
from monitor.domain.runs import whole
from monitor.domain.teams import BEGINNING
from monitor.domain.working_time import DAY
from monitor.pipeline.relating.by_day import enter, ordered, take_out
from monitor.pipeline.relating.lines import Entry
from monitor.pipeline.relating.placing import depend
from monitor.pipeline.working_set import WorkingSet
from monitor.relate.jobs import Job, job_from
from monitor.relate.lanes import add_sorted, nearest_days
from monitor.relate.rows import Section

# A member of an enumeration costs ten times a global name.
_FINISHED: Final = Kind.RUN_FINISHED
_GREEN: Final = "green"
_FAILED: Final = "failed"


def may_explain(fresh: Iterable[Fact], facts: Iterable[Fact]) -> bool:
    """Whether fresh facts of a run may tell of a job, or ask about one, by all facts.

    Most runs neither fail nor are of the default branch.
    """
    for fact in fresh:
        if fact[0] in RUNS:
            break
    else:
        return False
    for kind, _, _, _, _, _, fields, _ in facts:
        is_bad = kind is _FINISHED and fields.get("outcome") != "success"
        if is_bad or fields.get("default_branch"):
            return True
    return False


def prefetch_jobs(sections: Iterable[Section], working: WorkingSet) -> None:
    """Read the jobs of runs, and the days of their results, with one look-up."""
    marks = {mark for section in sections for mark in _marks(section)}
    keys = {_key(mark.job) for mark in marks}
    keys |= {_day_key(mark.job, _what(mark), mark.time // DAY) for mark in marks}
    working.prefetch_plain(keys)


def explain_failures(
    section: Section, before: Sequence[Fact], working: WorkingSet
) -> None:
    """Enter a run's results into its jobs, and point whom they concern elsewhere.

    ``before`` are its facts as they were known until now: of any of them another word
    may have come to count, and so of which job the results are.
    """
    marks = set(_marks(section))
    for mark in sorted(set(marks_of(whole(before))) - marks):
        # A success has no pointer, and a failure of its instant keeps its own.
        if mark.failed:
            section.point(mark.time, mark.job, None)
        _Results(mark.job, working).leave(mark, section.entity)
    for mark in sorted(marks):
        _Results(mark.job, working).enter(mark, section.entity)


def _marks(section: Section) -> Iterator[Mark]:
    return marks_of(section.told(section.said.type))


def forget_results(section: Section, before: int, working: WorkingSet) -> None:
    """Drop what the jobs of a sealed run came to, on days that end by an instant.

    The last success stays, and which failure turned the branch red after it: by these
    what fails later is judged as if all was known.
    """
    for job in sorted({mark.job for mark in _marks(section)}):
        _Results(job, working).forget(before // DAY)


@dataclass(slots=True)
class _Results:
    """All that is known of a job, and where it is kept."""

    name: JobName
    working: WorkingSet

    def enter(self, mark: Mark, entity: str) -> None:
        """One more result, if it is new, and what was then is still known."""
        time = mark.time
        if time < self.job().since:
            return
        if not mark.failed:
            red = self.job().last_red(time)
            ends_red = red is not None and red.time > self._last_green(time)
            if self._book(mark, entity) and ends_red:
                self._settle(time)
            return
        if mark.default and self.job().add_red(RedSince(time, entity)):
            self._store()
            first = self.job().first_red(self._last_green(time))
            if first == RedSince(time, entity):
                self._settle(time)
        if self._book(mark, entity):
            red = self.job().first_red(self._last_green(time))
            self._point(entity, time, red)

    def leave(self, mark: Mark, entity: str) -> None:
        """Take back a result of which another word has come to count."""
        if mark.time < self.job().since or not self._cross_out(mark, entity):
            return
        if mark.default:
            self.job().drop_red(RedSince(mark.time, entity))
            self._store()
            self._settle(mark.time)

    def forget(self, day: int) -> None:
        """Of the days before this one nothing stays that is of no more use."""
        job, since = self.job(), day * DAY
        if since <= job.since:
            return
        green = self._last_green(since - 1)
        red = job.first_red(green)
        reds = [one for one in job.reds if one.time >= since or one == red]
        greens = [one for one in job.green_days if one >= min(day, green // DAY)]
        failed = [one for one in job.failed_days if one >= day]
        gone = [self._day(_GREEN, one) for one in job.green_days if one not in greens]
        gone += [self._day(_FAILED, one) for one in job.failed_days if one < day]
        for key in gone:
            self.working.put_plain(key, None)
            self.working.orders.pop(key, None)
        self.working.put_plain(_key(self.name), Job(reds, greens, failed, since))

    def job(self) -> Job:
        """The job, of which a batch has one: to make it anew takes time."""
        job = job_from(self.working.plain(_key(self.name)))
        self.working.hold_plain(_key(self.name), job)
        return job

    def _store(self) -> None:
        self.working.put_plain(_key(self.name), self.job())

    def _book(self, mark: Mark, entity: str) -> bool:
        """Write the result down under its day; whether it is new."""
        day = mark.time // DAY
        if not enter(self._day(_what(mark), day), entity, mark.time, self.working):
            return False
        job = self.job()
        if add_sorted(job.failed_days if mark.failed else job.green_days, day):
            self._store()
        return True

    def _cross_out(self, mark: Mark, entity: str) -> bool:
        """Take the result out of its day, if it is there.

        A day without any is none: the nearest day has to hold what is nearest.
        """
        day = mark.time // DAY
        key = self._day(_what(mark), day)
        left = take_out(key, entity, mark.time, self.working)
        if left == 0:
            job = self.job()
            (job.failed_days if mark.failed else job.green_days).remove(day)
            self._store()
        return left is not None

    def _settle(self, instant: int) -> None:
        """Point anew whatever failed from an instant until the next success."""
        job, until = self.job(), self._next_green(instant)
        red = job.first_red(self._last_green(instant))
        first = bisect_left(job.failed_days, instant // DAY)
        last = bisect_right(job.failed_days, until // DAY)
        days = self._of_days(_FAILED, job.failed_days[first:last])
        found = [one for order in days for one in _between(order, instant, until)]
        entities = [entity for _, entity in found]
        self.working.prefetch_homes(entities)
        self.working.load_rows(dict.fromkeys(map(self.working.home, entities)))
        for time, entity in found:
            self._point(entity, time, red)

    def _point(self, entity: str, time: int, red: RedSince | None) -> None:
        """The run that failed then points at the one that had turned the branch red."""
        row = self.working.row(self.working.home(entity))
        section = row.sections.get(entity)
        if section is None:
            return
        already = red if red is not None and red.time < time else None
        if section.point(time, self.name, already):
            self.working.touch(row)
            if already is not None:
                depend(entity, already.entity, self.working)

    def _last_green(self, until: int) -> int:
        """The last success up to an instant."""
        days, _ = nearest_days(self.job().green_days, until)
        found = (
            order[place - 1][0]
            for order in self._of_days(_GREEN, days)
            if (place := bisect_left(order, (until + 1,)))
        )
        return max(found, default=BEGINNING)

    def _next_green(self, after: int) -> int:
        """The first success later than an instant."""
        _, days = nearest_days(self.job().green_days, after)
        found = (
            order[place][0]
            for order in self._of_days(_GREEN, days)
            if (place := bisect_left(order, (after + 1,))) < len(order)
        )
        return min(found, default=FOREVER)

    def _of_days(self, what: str, days: Sequence[int]) -> Iterator[list[Entry]]:
        """The results of each day in their order: a day may have thousands."""
        keys = [self._day(what, day) for day in days]
        self.working.prefetch_plain(keys)
        for key in keys:
            yield ordered(key, self.working)

    def _day(self, what: str, day: int) -> str:
        return _day_key(self.name, what, day)


def _between(order: Sequence[Entry], start: int, end: int) -> Sequence[Entry]:
    return order[bisect_left(order, (start,)) : bisect_left(order, (end,))]


def _what(mark: Mark) -> str:
    return _FAILED if mark.failed else _GREEN


def _key(name: JobName) -> str:
    return "\x1f".join(("job", *name))


def _day_key(name: JobName, what: str, day: int) -> str:
    return "\x1f".join(("job", *name, what, str(day)))
