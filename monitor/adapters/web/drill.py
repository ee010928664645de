"""The routes behind a number: a team's page, and the items of a number."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import astuple
from typing import Final, Protocol

from starlette.requests import Request
from starlette.responses import (
    HTMLResponse,
    PlainTextResponse,
    RedirectResponse,
    Response,
)
from starlette.routing import Route

from monitor.adapters.web import addresses
from monitor.adapters.web.addresses import ASKED, ITEMS, name_of
from monitor.adapters.web.page import Absence, Page
from monitor.domain.pages import (
    BadPosition,
    LedgerSource,
    NoSuchComponent,
    NoSuchTeam,
    Question,
    ShownTogether,
)
from monitor.domain.snapshot import ConditionSource, PageModel
from monitor.domain.teams import RESERVED

_RETRY_SECONDS: Final = 10
# No page has so many parts in its address. A page of what is not there leads back up
# in each of its links, so without a limit a long address would make a huge answer.
_DEEPEST: Final = 8
# Teams that such a page names; the first page has all.
MOST_NAMED: Final = 200


class PageSource(Protocol):
    """Gives the page's numbers; called from the HTTP thread."""

    def page(self) -> PageModel | None:
        """The numbers as of one instant; none while catching up."""


class Drill:
    """Answers with what is behind a number."""

    def __init__(
        self,
        page: Page,
        pages: PageSource,
        conditions: ConditionSource,
        ledger: LedgerSource,
    ) -> None:
        """Render with this page what the ledger opens."""
        self._page = page
        self._pages = pages
        self._conditions = conditions
        self._ledger = ledger

    def routes(self) -> list[Route]:
        """``/team/<id>``, ``/team/<id>/items`` and ``/pair/<team>/<on_team>``."""
        return [
            Route("/team", self._nowhere),
            Route("/pair", self._nowhere),
            Route("/team/{rest:path}", self._team_asked),
            Route("/pair/{rest:path}", self._pair_asked),
        ]

    def _team_asked(self, request: Request) -> Response:
        match _names(request):
            case [name] if (now := self._ledger.named(name)) != name:
                return self._moved(request, addresses.team(now))
            case [name]:
                absent = self._among_all if name in RESERVED else self._nowhere
                return self._opened(request, lambda: self._team(name), absent)
            case [name, last] if last == ITEMS:
                return self._listing_asked(request, name, None)
            case _:
                return self._nowhere(request)

    def _pair_asked(self, request: Request) -> Response:
        match _names(request):
            case [name, on_team]:
                return self._listing_asked(request, name, on_team)
            case _:
                return self._nowhere(request)

    def _listing_asked(
        self, request: Request, team: str, on_team: str | None
    ) -> Response:
        asked = request.query_params
        named, component = self._ledger.named, asked.get("component") or None
        question = Question(named(team), on_team and named(on_team), component)
        if (question.team, question.on_team) != (team, on_team):
            # Another list: a position in the one of then is none in it.
            return self._moved(request, addresses.listing(*astuple(question)))
        after = asked.get("after", "")
        return self._opened(
            request, lambda: self._listing(question, after), self._nowhere
        )

    def _moved(self, request: Request, address: str) -> Response:
        """Lead to the id of now: for this time, as a later file may name it again."""
        return RedirectResponse("../" * len(_names(request)) + address, 307)

    def _among_all(self, request: Request) -> Response:
        """Lead to where the first page names whoever is waited for.

        Boards lead from each of their bars to a team, also from that of `other`.
        """
        return RedirectResponse("../" * len(_names(request)) + ASKED, 307)

    def _opened(
        self,
        request: Request,
        made: Callable[[], str | None],
        absent: Callable[[Request], Response],
    ) -> Response:
        depth = len(_names(request))
        try:
            html = made()
        except ShownTogether as shown:
            small = shown.name.startswith("domain:")
            text = f"{shown.team} {_SMALL if small else _BEYOND}"
            return self._absent(
                404, Absence("No page of its own", text, depth, shown_as=shown.name)
            )
        except NoSuchTeam:
            return absent(request)
        except NoSuchComponent:
            return self._absent(404, Absence("No such number", _NOTHING, depth))
        except BadPosition:
            return self._absent(400, Absence("This list goes on nowhere", _LOST, depth))
        if html is not None:
            return HTMLResponse(html)
        reasons = self._conditions.condition().not_ready
        answer = self._absent(503, Absence("Catching up", _CATCHING_UP, depth, reasons))
        answer.headers["Retry-After"] = str(_RETRY_SECONDS)
        return answer

    def _team(self, name: str) -> str | None:
        found = self._ledger.team(name)
        return None if found is None else self._page.team(found)

    def _listing(self, question: Question, after: str) -> str | None:
        found = self._ledger.listing(question, after)
        if found is None:
            return None
        return self._page.listing(found, continued=bool(after))

    def _nowhere(self, request: Request) -> Response:
        depth = len(_names(request))
        if depth > _DEEPEST:
            return PlainTextResponse(_TOO_DEEP, status_code=404)
        shown = self._pages.page()
        teams = [row.team for row in shown.teams] if shown is not None else []
        named, further = teams[:MOST_NAMED], len(teams) > MOST_NAMED
        return self._absent(
            404, Absence("No such page", _NOWHERE, depth, (), named, further=further)
        )

    def _absent(self, status: int, absence: Absence) -> Response:
        return HTMLResponse(self._page.absent(absence), status)


_NOWHERE: Final = (
    "No team of this name is in the teams file or has anything charged in the last"
    " weeks."
)
_TOO_DEEP: Final = "there is no such page: its address has too many parts\n"
_SMALL: Final = (
    "has fewer than three people, and is shown with the small teams of its domain:"
    " alone, its numbers would be a person's."
)
_BEYOND: Final = (
    "is one of the latest of more teams than are shown by name, and is shown with the"
    " others of these."
)
_NOTHING: Final = (
    "No number has this component. It is one that a team's page names, or active,"
    " own_failure or unclassified; `friction explain` also tells what is in no number."
)
_LOST: Final = (
    "The address does not continue any list that was given out. Begin at its first"
    " page, from the number on a team's page."
)
_CATCHING_UP: Final = "Numbers appear here as soon as they are true."


def _names(request: Request) -> list[str]:
    """The parts after the first, as they were sent: an escaped slash is in a name."""
    raw: bytes = request.scope["raw_path"]
    path = raw.split(b"?", 1)[0].decode("ascii", "replace")
    return [name_of(part) for part in path.split("/")[2:]]
