"""What a scraper reads again and again is what a new process would show."""

from __future__ import annotations

from contextlib import nullcontext

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from monitor.adapters.prometheus.catalogue import CATALOGUE
from monitor.adapters.prometheus.folding import Folding, fold
from monitor.adapters.prometheus.naming import Seats, merged_names
from monitor.adapters.prometheus.negotiation import Syntax
from monitor.adapters.prometheus.render import Renderer
from monitor.domain.model import DEFAULT_MODEL
from monitor.pipeline.showing.families import business_families, families_of
from monitor.pipeline.showing.readings import Reader
from tests.unit.indicators.history import DIRECTORY
from tests.unit.pipeline.moving_books import Step, books_at, lives
from tests.unit.pipeline.running import HOUR
from tests.unit.prometheus.serving import CORRECTIONS, EVENTS, MANY, Serving

both = pytest.mark.parametrize("syntax", list(Syntax))
_MERGED = {"search": "domain:shop", "counterpart-03": "domain:shop"}


def lines(text: bytes) -> list[bytes]:
    """The lines of an exposition, of which a family's may come in any order."""
    return sorted(text.splitlines())


@both
@settings(deadline=None)
@given(life=lives(), merges=st.lists(st.booleans(), min_size=6, max_size=6))
def test_answers_are_those_of_a_new_process(
    syntax: Syntax, life: list[Step], merges: list[bool]
) -> None:
    books, reader = books_at(), Reader()
    folding, renderer = Folding(CATALOGUE), Renderer(CATALOGUE)
    seats: Seats = {}
    for step, merging in zip(life, merges, strict=False):
        step.into(books)
        merged = _MERGED if merging else {}
        reading = reader.reading(books, nullcontext())
        families = families_of(reading, DIRECTORY, DEFAULT_MODEL)
        again = folding.fold(families, merged, seats)
        whole = business_families(books, DIRECTORY, DEFAULT_MODEL)
        new = fold(whole, CATALOGUE, merged, seats)
        assert (again.seats, again.folded) == (new.seats, new.folded)
        text = renderer.render(again.families, syntax)
        expected = Renderer(CATALOGUE).render(new.families, syntax)
        assert lines(text.text) == lines(expected.text)
        assert text.left_out == expected.left_out == 0
        labels = [line.rpartition(b" ")[0] for line in text.text.splitlines()]
        assert len(set(labels)) == len(labels)
        seats = again.seats


def test_a_service_that_lives_on_shows_what_a_new_one_shows() -> None:
    serving = Serving()
    serving.caught_up()
    runner = serving.process.runner
    for events in (EVENTS[:9], EVENTS[9:], MANY, CORRECTIONS, ()):
        serving.process.clock.ms += HOUR
        serving.send(*events)
        seats = runner.books.seats
        shown = serving.shown()
        families = business_families(runner.books, runner.directory, runner.model)
        merged = merged_names(
            runner.directory.teams.values(), serving.process.clock.now_ms()
        )
        for family in fold(families, CATALOGUE, merged, seats).families:
            found = shown[family.name]
            assert dict(found.samples) == dict(family.samples), family.name
            assert set(found.histograms) == set(family.histograms), family.name
