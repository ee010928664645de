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
from tests.harness.history_draft import MINUTE, Draft
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
from tests.harness.plain_exposure import oldest_unstarted, open_links
from tests.harness.plain_runs import whole
from tests.harness.plain_waits import lives_of
from tests.harness.scenarios import teams_yaml

pytestmark = pytest.mark.slow


def give(item: Draft) -> None:
    """A ticket goes from one team to another, begun or not."""
    item.pass_time(MINUTE)
    item.say("ticket.assigned", to_team=item.known())


# Tickets that wait for each other, and are handed around, begun and done.
LINKING = (
    *(start, link, link, link, unlink, request, hand_over, accept),
    *(finish, reopen, change_step, comment),
)
# Tickets that are filed, and lie there.
FILING = (request, give, give, link, comment, accept, finish, start)


def differences(
    history: History, events: Sequence[Body], text: str, *, blocks: bool
) -> list[str]:
    """Where gauges at an instant are not those of the plain reading of events."""
    directory, at = directory_of(teams_yaml(history.world)), instant(text)
    drive = Drive(directory, at, replace(DEFAULT_MODEL, link_blocks=blocks))
    drive.take([fact for fact in facts_of(events, directory) if fact.time <= at])
    lives = lives_of(whole(parse(events, at)), history.world)
    found = drive.families()
    oldest = oldest_unstarted(lives, history.world, at)
    expected = {
        "friction_open_dependency_links": dict(open_links(lives, at)),
        "friction_oldest_unstarted_ticket_timestamp_seconds": {
            (team,): since / 1_000 for team, since in oldest.items()
        },
    }
    return [
        f"{text} {name}: {found.get(name, {})} is not {table}"
        for name, table in expected.items()
        if found.get(name, {}) != table
    ]


@law
@given(histories(LINKING) | histories(FILING, most=4), st.booleans())
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
