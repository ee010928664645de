"""The pages behind a number, out of the runner's books and what it stored."""

from __future__ import annotations

import re
from collections.abc import Callable, Collection, Mapping, Sequence
from dataclasses import dataclass, replace
from fractions import Fraction
from itertools import islice
from typing import Final

from monitor.adapters.prometheus.ledger_rows import item_row, open_counts, open_rows
from monitor.adapters.prometheus.limits import FIRST_SECONDS, judgements_of
from monitor.adapters.prometheus.naming import Naming
from monitor.adapters.prometheus.page_names import team_as_shown
from monitor.adapters.prometheus.shown_teams import ShownTeams
from monitor.clock import Clock
from monitor.domain.pages import (
    BadPosition,
    Listing,
    NoSuchComponent,
    NoSuchTeam,
    OpenRows,
    PageHead,
    Question,
    ShownTogether,
    TeamPage,
)
from monitor.domain.renamed_teams import name_under
from monitor.domain.teams import OTHER, RESERVED
from monitor.indicators.explaining.open_waits import Noted, Pair
from monitor.pipeline.ports import LAST_PLACE, Place, StateReader
from monitor.pipeline.runner import Runner
from monitor.pipeline.showing.charged_items import Asked, items_behind, what_of
from monitor.pipeline.showing.item_names import known_items
from monitor.pipeline.showing.open_items import WAITS, oldest_open, open_parts
from monitor.pipeline.showing.page_numbers import MONTH
from monitor.pipeline.showing.parts import part_rows, parts_of
from monitor.pipeline.showing.readings import Reading, copy_of, reading_from
from monitor.pipeline.showing.refreshing import Refreshed

_WINDOW: Final = "28d"
# No store numbers higher: its numbers are signed, of 64 bits.
_HIGHEST: Final = 2**63 - 1
_POSITION: Final = re.compile(r"([0-9a-f]{1,16})\.([0-9a-f]{1,16})")


@dataclass(frozen=True, slots=True)
class BooksLedger:
    """Opens numbers from the HTTP threads; each page is of one instant.

    What is copied under the runner's lock is a team's series and, for a list, where
    the store stands; all else is worked out beside it.
    """

    runner: Runner
    clock: Clock
    teams: ShownTeams
    version: str
    notices: tuple[str, ...] = ()
    items_a_page: int = 25
    segments_an_item: int = 20
    refreshed: Callable[[float], Refreshed | None] = lambda _: None

    def named(self, team: str) -> str:
        """The id that the team has now, if it had this one before; else the name."""
        return name_under(self.runner.directory.formerly, team)

    def team(self, team: str) -> TeamPage | None:
        """The team's page; none while catching up. Raises NoSuchTeam."""
        if not self.runner.watch.ready:
            return None
        naming = self._naming()
        members = self._members(team, naming)
        judged = judgements_of(self.refreshed(FIRST_SECONDS))
        reading = self._read(members)
        if reading is None:
            return None
        parts = list(parts_of(reading, MONTH))
        directory, model = self.runner.directory, self.runner.model
        row = team_as_shown(team, reading, directory, model, naming.merged, judged)
        charged = [part for part in parts if naming.team(part.team) == team]
        asking = [part for part in parts if naming.team(part.on_team) == team]
        waiting = [one for one in open_parts(reading) if naming.team(one.team) == team]
        awaited = [
            one for one in open_parts(reading) if naming.team(one.on_team) == team
        ]
        return TeamPage(
            self._head(reading),
            row,
            part_rows(charged, lambda part: naming.team(part.on_team)),
            part_rows(asking, lambda part: naming.team(part.team)),
            row.trend,
            open_counts(waiting, lambda one: naming.team(one.on_team)),
            open_counts(awaited, lambda one: naming.team(one.team)),
        )

    def listing(self, question: Question, after: str = "") -> Listing | None:
        """The items behind a number; none while catching up.

        Raises NoSuchTeam, NoSuchComponent, BadPosition.
        """
        before = _place(after)
        if not what_of(question.component):
            raise NoSuchComponent(question.component)
        if not self.runner.watch.ready:
            return None
        naming = self._naming()
        members = self._members(question.team, naming)
        if question.on_team not in {None, *RESERVED}:
            self._members(str(question.on_team), naming)
        view = self.runner.state.view()
        try:
            noted: Mapping[Pair, Sequence[Noted]] = {}

            def pin() -> None:
                nonlocal noted
                noted = self.runner.books.open_waits.noted(members)
                view.pin()

            reading = self._read(members, pin)
            if reading is None:
                return None
            found = self._listed(question, naming, reading, view, before)
            if after:
                return found
            return replace(
                found, open_now=self._open(question, naming, reading, view, noted)
            )
        finally:
            view.close()

    def _listed(
        self,
        question: Question,
        naming: Naming,
        reading: Reading,
        view: StateReader,
        before: Place,
    ) -> Listing:
        is_asked = _pairs_of(question, naming)
        what = what_of(question.component)
        parts = [
            part
            for part in parts_of(reading, MONTH)
            if is_asked(part.team, part.on_team) and what_of(part.what) & what
        ]
        # Amounts are never negative: where none is, no item adds any.
        pairs = frozenset((part.team, part.on_team) for part in parts)
        start, end = reading.instants[MONTH], reading.instants[0]
        asked = Asked(pairs, question.component, start, end)
        behind = items_behind(view, asked, self.runner.directory, before)
        shown = list(islice(behind, self.items_a_page))
        goes_on = next(behind, None) is not None
        keys = {key for one in shown for key in (one.item, *one.made_by)}
        known = known_items(view, keys, self.runner.directory)
        most = self.segments_an_item
        return Listing(
            self._head(reading),
            question,
            float(sum((part.seconds for part in parts), Fraction(0))),
            part_rows(parts, lambda part: naming.team(part.on_team)),
            tuple(item_row(one, naming, known, most) for one in shown),
            position_of(shown[-1].place) if goes_on else "",
        )

    def _open(
        self,
        question: Question,
        naming: Naming,
        reading: Reading,
        view: StateReader,
        noted: Mapping[Pair, Sequence[Noted]],
    ) -> OpenRows | None:
        """The waits of the question that are open now; none where it has no waits."""
        if question.component not in {None, *WAITS}:
            return None
        is_asked = _pairs_of(question, naming)
        parts = [
            part
            for part in open_parts(reading)
            if is_asked(part.team, part.on_team)
            and question.component in {None, part.component}
        ]
        most = self.items_a_page
        found = oldest_open(view, noted, parts, reading.instants[0], most)
        known = known_items(view, {one.item for one in found}, self.runner.directory)
        number = sum(part.number for part in parts)
        return OpenRows(number, open_rows(found, naming, known))

    def _naming(self) -> Naming:
        merged = self.teams.at(self.clock.now_ms()).merged
        return Naming(merged, self.runner.books.seats)

    def _members(self, shown: str, naming: Naming) -> set[str]:
        """The teams shown by this name. Raises NoSuchTeam."""
        met = (name for name in self.teams.names() if self._is_there(name))
        known = {*self.runner.directory.teams, *met}
        members = {team for team in known if naming.team(team) == shown}
        if not members and shown in known:
            raise ShownTogether(shown, naming.team(shown))
        if not members:
            raise NoSuchTeam(shown)
        return members

    def _is_there(self, name: str) -> bool:
        """Whether it stands for anybody: of a team that is gone counters are held.

        Sealed items keep its name, but none of them ended inside a page's window.
        """
        return name in RESERVED or self.runner.directory.team(name) is not None

    def _read(
        self, members: Collection[str], pin: Callable[[], object] = lambda: None
    ) -> Reading | None:
        """All series about these teams, of the instant at which the view is pinned.

        None where they tell of what could not be stored.
        """
        books = self.runner.books
        with self.runner.lock:
            if not self.runner.watch.ready:
                return None
            copy = copy_of(books, self.teams.series.about(books.accounts, members))
            pin()
        return reading_from(copy)

    def _head(self, reading: Reading) -> PageHead:
        directory = self.runner.directory
        return PageHead(
            self.clock.now_ms(),
            reading.instants[0],
            _WINDOW,
            directory.organisation.name,
            directory.provisional,
            self.version,
            self.notices,
            reading.known_within(MONTH),
        )


def _pairs_of(question: Question, naming: Naming) -> Callable[[str, str], bool]:
    """Which pairs of teams a number is about, by their names as shown.

    `other` is what metrics call all those that have no name of their own there.
    """
    team, on_team = question.team, question.on_team

    def is_asked(charged: str, waited_for: str) -> bool:
        if naming.team(charged) != team:
            return False
        if on_team is None or not waited_for:
            return on_team is None
        if on_team == OTHER:
            return naming.is_other(charged, waited_for)
        return naming.team(waited_for) == on_team

    return is_asked


def position_of(place: Place) -> str:
    """The place as an address continues a list after it."""
    return f"{place.until:x}.{place.number:x}"


def _place(position: str) -> Place:
    """Where a list goes on. Raises BadPosition."""
    if not position:
        return LAST_PLACE
    found = _POSITION.fullmatch(position)
    if found is None:
        raise BadPosition(position)
    place = Place(*(int(part, 16) for part in found.groups()))
    if max(place) > _HIGHEST:
        raise BadPosition(position)
    return place
