"""The pages as HTML, from their numbers; no script is needed and no name trusted."""

from __future__ import annotations

import shlex
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from functools import cache
from importlib import resources
from typing import Final

from jinja2 import DictLoader, Environment, StrictUndefined

from monitor.adapters.web import addresses, grouping, verdicts, wording
from monitor.adapters.web.matrix import matrix_of
from monitor.adapters.web.trend import picture_of
from monitor.domain.pages import Listing, TeamPage
from monitor.domain.snapshot import PageModel
from monitor.domain.teams import RESERVED

_TEMPLATES = resources.files("monitor.adapters.web") / "templates"
# How the root is reached from a page; addresses are relative so that a proxy may
# put a prefix before them.
_ROOT_OF_TEAM: Final = "../"
_ROOT_OF_LISTING: Final = "../../"
# References listed that nobody owns; all are counted.
_MOST_GAPS: Final = 50


@dataclass(frozen=True, slots=True)
class Absence:
    """Why there is no page: a heading, a sentence, and where to go instead.

    ``depth`` is how many parts the address has before its last. ``shown_as`` is
    the team whose page shows what was asked for, among others. ``further`` if there
    are more teams than these.
    """

    heading: str
    text: str
    depth: int
    reasons: Sequence[str] = ()
    teams: Sequence[str] = ()
    shown_as: str = ""
    further: bool = False


class Page:
    """Renders all pages and their style sheet; templates are read once."""

    def __init__(self) -> None:
        """Read the templates, unless this process has; each is compiled once."""
        self._environment = _environment()
        self.style = _text("page.css")

    def render(self, page: PageModel | None, reasons: Sequence[str]) -> str:
        """``/``; ``reasons`` say why the service is not ready, if it is not."""
        return self._made("page.html", "", page=page, reasons=reasons)

    def team(self, page: TeamPage) -> str:
        """``/team/<id>``."""
        return self._made(
            "team.html",
            _ROOT_OF_TEAM,
            page=page,
            waits=grouping.counterparts_of(page.parts),
            asked=grouping.counterparts_of(page.asked),
            active=grouping.of_kind(page.parts, "active"),
            own_failures=grouping.of_kind(page.parts, "own_failure"),
            unclassified=grouping.of_kind(page.parts, "unclassified"),
        )

    def listing(self, page: Listing, *, continued: bool) -> str:
        """The items behind a number; ``continued`` unless it is the first page."""
        return self._made(
            "listing.html",
            _ROOT_OF_LISTING,
            page=page,
            continued=continued,
            waits=grouping.causes_of(page.parts),
            apart=grouping.apart_of(page.parts),
        )

    def absent(self, absence: Absence) -> str:
        """Says why there is no page, and where there are some."""
        return self._made(
            "absent.html",
            "../" * absence.depth,
            heading=absence.heading,
            text=absence.text,
            reasons=absence.reasons,
            teams=absence.teams,
            shown_as=absence.shown_as,
            further=absence.further,
        )

    def _made(self, template: str, root: str, **values: object) -> str:
        return self._environment.get_template(template).render(root=root, **values)


def _text(name: str) -> str:
    return (_TEMPLATES / name).read_text(encoding="utf-8")


@cache
def _environment() -> Environment:
    names = [entry.name for entry in _TEMPLATES.iterdir()]
    environment = Environment(
        loader=DictLoader({n: _text(n) for n in names if n.endswith(".html")}),
        autoescape=True,
        undefined=StrictUndefined,
        trim_blocks=True,
        lstrip_blocks=True,
    )
    environment.filters.update(_filters())
    environment.tests["reserved"] = RESERVED.__contains__
    environment.globals["listing"] = addresses.listing
    environment.globals["most_gaps"] = _MOST_GAPS
    return environment


def _filters() -> dict[str, Callable[..., object]]:
    worded = (
        wording.asked_words,
        wording.clock,
        wording.day,
        wording.days,
        wording.effect_words,
        wording.exact,
        wording.hours,
        wording.instant,
        wording.lasting,
        wording.machine,
        wording.machine_instant,
        wording.percent,
        wording.rate,
        wording.ratio,
        wording.scale_position,
        wording.seconds_words,
        wording.span_words,
        wording.stale,
        wording.stretch_days,
        wording.whole,
        wording.words,
        verdicts.certainty,
        verdicts.doubtful,
        verdicts.exceeding,
        verdicts.scaled_words,
        verdicts.verdict_class,
        verdicts.verdict_words,
        addresses.outside,
        grouping.makers,
        grouping.total,
        shlex.quote,
    )
    return {
        **{filter_.__name__: filter_ for filter_ in worded},
        "age": lambda ms, now_ms: wording.age(now_ms, ms),
        "matrix": matrix_of,
        "picture": picture_of,
        "team_address": addresses.team,
    }
