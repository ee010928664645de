"""Questions to the pages behind a number, as a browser puts them one after another."""

from __future__ import annotations

from collections.abc import Iterator

from monitor.domain.pages import ItemRow, Listing, Question, TeamPage
from monitor.domain.snapshot import PageModel
from tests.unit.prometheus.serving import Serving


def page_of(serving: Serving) -> PageModel:
    """The page at `/`."""
    page = serving.snapshots.page()
    assert page is not None
    return page


def team_of(serving: Serving, team: str) -> TeamPage:
    """A team's page."""
    page = serving.ledger.team(team)
    assert page is not None
    return page


def listing_of(serving: Serving, *asked: str | None, after: str = "") -> Listing:
    """A page of a list: team, team waited for, component."""
    found = serving.ledger.listing(Question(*asked), after)  # type: ignore[arg-type]
    assert found is not None
    return found


def pages_of(serving: Serving, *asked: str | None) -> Iterator[Listing]:
    """Every page of a list, the latest items first."""
    found = listing_of(serving, *asked)
    yield found
    while found.after:
        found = listing_of(serving, *asked, after=found.after)
        yield found


def items_of(serving: Serving, *asked: str | None) -> list[ItemRow]:
    """The items of all its pages."""
    return [item for page in pages_of(serving, *asked) for item in page.items]
