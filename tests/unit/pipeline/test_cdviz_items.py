"""A pull request that CDviz tells of, from its CDEvents to its hours."""

from __future__ import annotations

from itertools import permutations
from typing import Any

import pytest

from tests.harness.measured import Measured, measured
from tests.unit.decode.records import cdevent, native

TEAMS = """
version: 1
organisation:
  name: Acme
  calendar: {zone: UTC, days: [mon, tue, wed, thu, fri], hours: ["09:00", "17:00"]}
teams:
  - {id: checkout, members: ['github:dev-a', 'github:dev-c']}
  - {id: search, members: ['github:dev-d', 'github:dev-e']}
  - {id: data, members: ['github:dev-e']}
  - id: platform
    owns: [{repo: acme/infra}, {group: '@acme/infra'}]
    members: ['github:dev-b']
"""
TUESDAY_EVENING = 1_772_557_200_000  # 2026-03-03T17:00:00Z
FRIDAY_EVENING = 1_773_421_200_000  # 2026-03-13T17:00:00Z
API = "https://api.github.com/repos/acme/infra"
PULL = f"{API}/pulls/7"
NAME = "acme/infra#7"


def at(time: str) -> str:
    """This time of Monday, 2 March 2026."""
    return f"2026-03-02T{time}:00Z"


def told(predicate: str, time: str, sender: str, **github: Any) -> dict[str, Any]:
    """What CDviz makes of a body of GitHub's about a pull request of Ada's."""
    whole = {
        "sender": {"login": sender, "type": "User"},
        "pull_request": {"user": {"login": "dev-a", "type": "User"}},
        **github,
    }
    event: dict[str, Any] = cdevent(f"change.{predicate}", customData={"github": whole})
    event["context"]["timestamp"] = at(time)
    event["subject"] = {
        "id": PULL,
        "content": {"repository": {"id": API}},
    }
    return event


def figures(*bodies: dict[str, Any]) -> Measured:
    return measured(bodies, TEAMS, at=TUESDAY_EVENING)


ASKED = native(
    kind="change.review_requested", time=at("10:00"), entity=NAME, on_team="platform"
)


@pytest.mark.parametrize(
    ("reviewer", "waited"),
    [
        # Platform reviews after an hour, and so does nobody who is known.
        ("dev-b", 3_600),
        ("stranger", 3_600),
        # The author, a colleague and another team are not asked: until it is merged.
        ("dev-a", 10_800),
        ("dev-c", 10_800),
        ("dev-d", 10_800),
    ],
)
def test_review_ends_the_wait_for_the_team_of_who_wrote_it(
    reviewer: str, waited: int
) -> None:
    written = {"state": "commented", "author": reviewer, "url": "https://x.example"}
    found = figures(
        told("created", "09:00", "dev-a"),
        ASKED,
        told("reviewed", "11:00", reviewer, action="submitted", review=written),
        told("merged", "13:00", "dev-b"),
    )

    assert sum(found.waits.values()) == waited
    assert {(team, on) for team, on, *_ in found.waits} == {("checkout", "platform")}


def hooked(action: str, time: str, **body: Any) -> dict[str, Any]:
    """The body of GitHub's own that CDviz makes the same event of."""
    pull = {"number": 7, "created_at": at("09:00"), "updated_at": at(time)}
    pull |= {"user": {"login": "dev-a"}}
    place = {"id": 77, "full_name": "acme/infra"}
    return {"action": action, "repository": place, "pull_request": pull, **body}


def twice(action: str, time: str, **body: Any) -> list[dict[str, Any]]:
    """CDviz's event, and GitHub's own body."""
    own = hooked(action, time, **body)
    return [told("updated", time, "dev-a", **own), own]


MEMBER = {"requested_reviewer": {"login": "dev-b"}}
ACME = {"organization": {"login": "acme"}}
GROUP = {"requested_team": {"slug": "infra"}, **ACME}
STRANGER = {"requested_reviewer": {"login": "stranger"}}


@pytest.mark.parametrize("asked", [MEMBER, GROUP, STRANGER])
@pytest.mark.parametrize("beside", [False, True])
def test_request_is_one_wait_whoever_tells_of_it_in_any_order(
    asked: dict[str, Any], *, beside: bool
) -> None:
    """Platform is asked at ten, and no longer at eleven."""
    requests = [
        *twice("review_requested", "10:00", **asked)[: 1 + beside],
        *twice("review_request_removed", "11:00", **asked)[: 1 + beside],
    ]
    opened, merged = told("created", "09:00", "dev-a"), told("merged", "13:00", "dev-b")
    for order in permutations(requests):
        found = figures(merged, *order, opened)
        whose = {key[:3] for key in found.waits}
        assert whose == {("checkout", "platform", "review_wait")}
        assert sum(found.waits.values()) == 3_600


@pytest.mark.parametrize("asked_by", [0, 1])
@pytest.mark.parametrize("answered_by", [0, 1])
@pytest.mark.parametrize("who", ["dev-b", "stranger", "dev-e"])
def test_review_by_whoever_was_asked_ends_the_wait(
    who: str, asked_by: int, answered_by: int
) -> None:
    """Kim is in two other teams, so that the repository's owner is waited for."""
    account = {"login": who}
    ask = twice("review_requested", "10:00", requested_reviewer=account)
    review = {"user": account, "submitted_at": at("11:00")}
    own = hooked("submitted", "11:00", review=review)
    answer = [told("reviewed", "11:00", who, **{**own, "review": {"author": who}}), own]
    found = figures(
        told("created", "09:00", "dev-a"),
        ask[asked_by],
        answer[answered_by],
        told("merged", "13:00", "dev-b"),
    )

    assert sum(found.waits.values()) == 3_600


@pytest.mark.parametrize("asked_by", [0, 1])
def test_review_that_no_longer_shows_the_team_ends_the_wait_for_it(
    asked_by: int,
) -> None:
    """By somebody whom platform's own list has, and the teams file has not."""
    ask = twice("review_requested", "10:00", **GROUP)
    for left, waited in (([], 3_600), ([GROUP["requested_team"]], 10_800)):
        own = hooked("submitted", "11:00", review={"author": "dev-c"}, **ACME)
        own["pull_request"]["requested_teams"] = left
        found = figures(
            told("created", "09:00", "dev-a"),
            ask[asked_by],
            told("reviewed", "11:00", "dev-c", **own),
            told("merged", "13:00", "dev-b"),
        )
        assert sum(found.waits.values()) == waited


@pytest.mark.parametrize("asked", [MEMBER, GROUP])
def test_approval_told_by_githubs_own_hook_ends_what_cdviz_asked(
    asked: dict[str, Any],
) -> None:
    """CDviz sends no review that approves; GitHub's own hook beside it does."""
    review = {"id": 5, "user": {"login": "dev-b"}, "state": "approved"}
    bodies = [
        told("created", "09:00", "dev-a"),
        twice("review_requested", "10:00", **asked)[0],
        hooked("submitted", "11:00", review={**review, "submitted_at": at("11:00")}),
        told("merged", "13:00", "dev-b"),
    ]
    for order in permutations(bodies):
        assert sum(figures(*order).waits.values()) == 3_600


def test_draft_waits_for_a_review_from_when_it_is_ready() -> None:
    """Asked at ten, ready at noon, reviewed an hour later."""
    draft = {"user": {"login": "dev-a"}, "draft": True, "head": {"ref": "topic"}}
    written = {"state": "commented", "author": "dev-b", "url": "https://x.example"}
    found = figures(
        told("created", "09:00", "dev-a", action="opened", pull_request=draft),
        ASKED,
        told("updated", "12:00", "dev-a", action="ready_for_review"),
        told("reviewed", "13:00", "dev-b", action="submitted", review=written),
    )

    assert sum(found.waits.values()) == 3_600


def test_team_that_an_event_states_reviewed_whoever_wrote() -> None:
    review = told("reviewed", "11:00", "dev-d", review={"author": "dev-d"})
    review["customData"]["friction"] = {"by_team": "platform"}
    found = figures(told("created", "09:00", "dev-a"), ASKED, review)

    assert sum(found.waits.values()) == 3_600


def test_change_is_its_authors_teams_and_not_the_repositorys_owners() -> None:
    found = figures(told("created", "09:00", "dev-a"), told("merged", "13:00", "dev-b"))

    assert {team for team, _ in found.active} == {"checkout"}
    assert sum(found.active.values()) == 14_400


def test_comments_on_lines_keep_a_pull_request_from_being_idle() -> None:
    """Idle after five working days: the comment comes after four of nine."""
    opened = told("created", "09:00", "dev-a")
    comment = told("updated", "09:00", "dev-b", action="created", comment={"id": 5})
    merged = told("merged", "09:00", "dev-b")
    comment["context"]["timestamp"] = "2026-03-06T09:00:00Z"
    merged["context"]["timestamp"] = "2026-03-13T09:00:00Z"
    fortnight = measured([opened, comment, merged], TEAMS, at=FRIDAY_EVENING)

    assert sum(fortnight.active.values()) == 9 * 8 * 3_600
    assert not fortnight.unaccrued


@pytest.mark.parametrize("robot_first", [False, True])
def test_touch_by_a_robot_in_the_same_second_hides_no_persons(
    *, robot_first: bool
) -> None:
    """Idle after five working days: a label comes after four of nine."""
    opened = told("created", "09:00", "dev-a")
    both = ("stranger", "tidy[bot]")
    labels = [told("updated", "09:00", who, action="labeled") for who in both]
    for label in labels:
        label["context"]["timestamp"] = "2026-03-06T09:00:00Z"
    merged = told("merged", "09:00", "dev-b")
    merged["context"]["timestamp"] = "2026-03-13T09:00:00Z"
    order = labels[::-1] if robot_first else labels
    fortnight = measured([opened, *order, merged], TEAMS, at=FRIDAY_EVENING)

    assert sum(fortnight.active.values()) == 9 * 8 * 3_600
    assert not fortnight.unaccrued


def run(predicate: str, time: str, attempt: int, **github: Any) -> dict[str, Any]:
    """What CDviz makes of a body of GitHub's about a run of a change of Ada's."""
    event: dict[str, Any] = cdevent(f"pipelinerun.{predicate}")
    event["context"]["timestamp"] = at(time)
    content = {"pipelineName": "acme/infra/CI"}
    id_ = f"{API}/actions/runs/55/attempts/{attempt}"
    event["subject"] = {"id": id_, "content": content}
    shown = {"head_sha": "ab12cd3", **github}
    event["customData"] = {"github": {"workflow_run": shown}}
    return event


@pytest.mark.parametrize("stated", [None, "platform"])
def test_queue_of_a_run_is_for_whoever_is_stated_to_have_the_runner(
    stated: str | None,
) -> None:
    """Ten minutes of a queue, of which no body of GitHub's says whose it is."""
    named = {"pull_requests": [{"number": 7, "url": PULL}]}
    queued = run("queued", "10:00", 1, **named)
    queued["customData"]["friction"] = {"on_team": stated}
    found = figures(
        told("created", "09:00", "dev-a"),
        queued,
        run("started", "10:10", 1, **named),
        told("merged", "13:00", "dev-b"),
    )

    expected = ("checkout", stated or "unknown", "ci_queue", "acute")
    assert found.waits == {expected: 600}


def test_run_that_a_gate_holds_is_in_no_queue() -> None:
    """An approval is asked after a minute of a queue, and given hours later."""
    named = {"pull_requests": [{"number": 7, "url": PULL}]}
    gate = run("queued", "10:01", 1, **named)
    gate["customData"]["github"] |= {"since": at("10:01"), "reviewers": []}
    bodies = [
        told("created", "09:00", "dev-a"),
        run("queued", "10:00", 1, **named),
        gate,
        run("started", "14:00", 1, **named),
    ]
    for order in permutations(bodies):
        assert not figures(*order).waits


def test_gate_of_a_later_job_leaves_the_queue_of_its_run_as_it_was() -> None:
    named = {"pull_requests": [{"number": 7, "url": PULL}]}
    gate = run("queued", "11:00", 1, **named)
    gate["customData"]["github"] |= {"since": at("11:00"), "reviewers": []}
    found = figures(
        told("created", "09:00", "dev-a"),
        run("queued", "10:00", 1, **named),
        run("started", "10:10", 1, **named),
        gate,
        run("finished", "14:00", 1, conclusion="success", **named),
    )

    assert found.waits == {("checkout", "unknown", "ci_queue", "acute"): 600}


FORK = {"head_repository": {"id": 78}, "repository": {"id": 77}}
IN_FORK = {"repo": {"id": 78}, "sha": "ab12cd3", "ref": "main"}


@pytest.mark.parametrize(
    ("named", "head"),
    [
        ({"pull_requests": [{"number": 7, "url": PULL}]}, {}),
        # Of a fork's GitHub names no pull request.
        ({"pull_requests": [], "head_branch": "main", **FORK}, IN_FORK),
        ({"head_sha": "0000000", "head_branch": "topic"}, {"ref": "topic"}),
    ],
)
def test_repeated_run_of_a_pull_request_was_a_flake_in_any_order(
    named: dict[str, Any], head: dict[str, Any]
) -> None:
    """Failed from ten to eleven, and then not, with the same commit."""
    base = {"repo": {"id": 77}}
    pull = {"user": {"login": "dev-a"}, "head": head, "base": base}
    bodies = [
        told("created", "09:00", "dev-a", pull_request=pull),
        run("finished", "10:00", 1, conclusion="failure", **named),
        run("finished", "11:00", 2, conclusion="success", **named),
        told("merged", "13:00", "dev-b"),
    ]
    for order in permutations(bodies):
        found = figures(*order)
        whose = {key[:3] for key in found.waits}
        assert whose == {("checkout", "platform", "ci_flaky")}
        assert sum(found.waits.values()) == 3_600


ISSUE = f"{API}/issues/12"


def ticket(predicate: str, time: str, **github: Any) -> dict[str, Any]:
    """What CDviz makes of a body of GitHub's about an issue, or a comment on it."""
    event: dict[str, Any] = cdevent(
        f"ticket.{predicate}", customData={"github": {"issue": {}, **github}}
    )
    event["context"]["timestamp"] = time
    event["subject"] = {"id": ISSUE, "content": {}}
    return event


STARTED = native(kind="ticket.started", time=at("09:00"), entity="acme/infra#12")
PERSON, PROGRAM = {"type": "User"}, {"type": "Bot"}


@pytest.mark.parametrize(
    ("later", "active_days"),
    [
        ({"action": "edited", "sender": {"login": "dev-a", **PERSON}}, 9),
        ({"action": "pinned", "sender": {"login": "dev-a", **PERSON}}, 5),
        ({"action": "created", "sender": {"login": "Copilot", **PROGRAM}}, 5),
        # It was a mistake: none of its time counts.
        ({"action": "deleted", "sender": {"login": "dev-a", **PERSON}}, 0),
    ],
)
def test_issue_is_idle_five_days_after_what_somebody_did_to_it(
    later: dict[str, Any], active_days: int
) -> None:
    """Touched after four working days of nine, in one way or another."""
    bodies = [
        ticket("created", at("09:00")),
        STARTED,
        ticket("updated", "2026-03-06T09:00:00Z", **later),
        ticket("closed", "2026-03-13T09:00:00Z"),
    ]
    for order in permutations(bodies):
        found = measured(order, TEAMS, at=FRIDAY_EVENING)
        assert sum(found.active.values()) == active_days * 8 * 3_600


def test_transferred_issue_is_one_item_that_is_handed_over_in_any_order() -> None:
    """Checkout's until noon, then Platform's, which has not taken it on by one."""
    teams = TEAMS.replace("id: checkout,", "id: checkout, owns: [{repo: acme/shop}],")
    to = {"new_repository": {"full_name": "acme/infra"}, "new_issue": {"number": 12}}
    old = {"old_repository": {"full_name": "acme/shop"}, "old_issue": {"number": 7}}
    before = [
        ticket("created", at("09:00"), action="opened"),
        ticket("updated", at("12:00"), action="transferred", changes=to),
    ]
    for event in before:
        event["subject"] = {
            "id": "https://api.github.com/repos/acme/shop/issues/7",
            "content": {},
        }
    bodies = [
        *before,
        native(kind="ticket.started", time=at("09:00"), entity="acme/shop#7"),
        ticket("created", at("09:00"), action="opened", changes=old),
        ticket("closed", at("13:00")),
    ]
    for order in permutations(bodies):
        found = measured(order, teams, at=FRIDAY_EVENING)
        assert found.handovers == {("checkout", "platform"): 1}
        assert sum(found.active.values()) == 3 * 3_600
        whose = {key[:3] for key in found.waits}
        assert whose == {("checkout", "platform", "handoff")}
        assert sum(found.waits.values()) == 3_600
