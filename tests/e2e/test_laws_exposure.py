"""What is exposure is what the second opinion says, charged or not."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace

import pytest
from hypothesis import given
from hypothesis import strategies as st

from monitor.domain.model import DEFAULT_MODEL
from tests.e2e.test_laws import Body
from tests.harness.driving import Drive, directory_of, facts_of
from tests.harness.examples import law
from tests.harness.histories import History, histories
from tests.harness.history_steps import (
    accept,
    change_step,
    comment,
    finish,
    hand_over,
    link,
    reopen,
    request,
    start,
    unlink,
)
from tests.harness.plain_calendar import instant
from tests.harness.plain_events import parse, readings
from tests.harness.plain_exposure import open_links
from tests.harness.plain_waits import lives_of
from tests.harness.scenarios import teams_yaml

pytestmark = pytest.mark.slow
# Tickets that wait for each other, and are handed around, begun and done.
STEPS = (
    *(start, link, link, link, unlink, request, hand_over, accept),
    *(finish, reopen, change_step, comment),
)


def differences(
    history: History, events: Sequence[Body], text: str, *, blocks: bool
) -> list[str]:
    """Where gauges at an instant are not those of the plain reading of events."""
    directory, at = directory_of(teams_yaml(history.world)), instant(text)
    drive = Drive(directory, at, replace(DEFAULT_MODEL, link_blocks=blocks))
    drive.take([fact for fact in facts_of(events, directory) if fact.time <= at])
    lives = lives_of(parse(events, at), history.world)
    found = drive.families()
    links = found.get("friction_open_dependency_links", {})
    expected = dict(open_links(lives, at))
    return [] if links == expected else [f"{text} {links} is not {expected}"]


@law
@given(histories(STEPS), st.booleans())
def test_the_second_opinion_agrees_on_exposure(history: History, blocks: bool) -> None:
    wrong: list[str] = []
    for events in readings(history.events):
        wrong = [
            difference
            for text in history.instants
            for difference in differences(history, events, text, blocks=blocks)
        ]
        if not wrong:
            break
    assert wrong == []
