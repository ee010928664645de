"""By what names teams are shown that the teams file does not list any more."""

from __future__ import annotations

from monitor.adapters.prometheus.shown_teams import ShownTeams, names_together
from monitor.pipeline.named import Named
from tests.harness.driving import directory_of
from tests.unit.pipeline.running import MONDAY, Process

LEFT = """
version: 1
organisation: {name: Acme}
teams:
  - {id: platform, headcount: 5}
"""
BEFORE = {"tiny": "domain:shop"}


def test_a_small_team_that_is_listed_no_more_stays_in_its_domain() -> None:
    """Its name would tell what is of fewer than three people."""
    directory = directory_of(LEFT)
    assert names_together(directory, BEFORE, MONDAY) == BEFORE
    books = Process(teams=LEFT).runner.books
    books.named = Named(BEFORE)
    assert ShownTeams(books, directory).at(MONDAY).merged == BEFORE


def test_one_that_has_grown_is_shown_by_its_own_name() -> None:
    grown = directory_of(LEFT + "  - {id: tiny, headcount: 4, domain: shop}\n")
    assert names_together(grown, BEFORE, MONDAY) == {}
