"""CDEvents and native events of one piece of work, from their bodies to its hours."""

from __future__ import annotations

from collections.abc import Iterable
from itertools import permutations
from typing import Any

import pytest

from monitor.decode.settings import DecodeSettings
from tests.harness.measured import Measured, measured
from tests.unit.decode.records import cdevent, native

TEAMS = """
version: 1
organisation:
  name: Acme
  calendar: {zone: UTC, days: [mon, tue, wed, thu, fri], hours: ["09:00", "17:00"]}
teams:
  - id: checkout
    owns: [{repo: acme/checkout-*}, {jira: CHK}]
  - id: search
    owns: [{repo: acme/search}]
  - id: platform
    kind: platform
    owns: [{repo: acme/platform}, {jira: PLT}]
"""
SETTINGS = DecodeSettings(projects=frozenset({"CHK", "PLT"}))
TUESDAY_EVENING = 1_772_557_200_000  # 2026-03-03T17:00:00Z


def at(time: str) -> str:
    """This time of Monday, 2 March 2026."""
    return f"2026-03-02T{time}:00Z"


def told(type_: str, time: str, id_: str, **fields: Any) -> dict[str, Any]:
    """A CDEvent; ``friction`` is that of its custom data, all else its content."""
    friction = fields.pop("friction", {})
    event: dict[str, Any] = cdevent(type_, customData={"friction": friction})
    event["context"]["timestamp"] = at(time)
    event["subject"] = {"id": id_, "content": fields}
    return event


def from_another(events: list[dict[str, Any]]) -> list[dict[str, Any]]:
    """The same CDEvents by another collector."""
    return [
        {**event, "context": {**event["context"], "source": "another"}}
        for event in events
    ]


def said(kind: str, time: str, entity: str, **fields: Any) -> dict[str, Any]:
    """A native event."""
    return native(kind=kind, time=at(time), entity=entity, **fields)


def figures(bodies: Iterable[dict[str, Any]]) -> Measured:
    return measured(bodies, TEAMS, SETTINGS, TUESDAY_EVENING)


def waited(*bodies: dict[str, Any]) -> dict[str, int]:
    """Seconds of waits by the team that is waited for."""
    found: dict[str, int] = {}
    for (_, on_team, *_), spent in figures(bodies).waits.items():
        found[on_team] = found.get(on_team, 0) + int(spent)
    return found


IN_PLATFORM = {"repository": {"id": "acme/platform"}}
CREATED = told(
    "change.created", "09:00", "p", **IN_PLATFORM, friction={"team": "checkout"}
)
MERGED = told("change.merged", "13:00", "p")
CHANGE = "https://ci.example#p"
BOTH_ASKED = [
    said("change.review_requested", "10:00", CHANGE, on_team="search"),
    said("change.review_requested", "10:00", CHANGE, on_team="platform"),
]


@pytest.mark.parametrize(
    ("friction", "expected"),
    [
        # An hour shared by two waits, then two hours of the other one alone.
        ({"by_team": "search"}, {"search": 1_800, "platform": 9_000}),
        ({"by_team": "platform"}, {"search": 9_000, "platform": 1_800}),
        ({"team": "search", "by_team": "data"}, {"search": 1_800, "platform": 9_000}),
        # Neither was asked: both go on.
        ({"by_team": "checkout"}, {"search": 5_400, "platform": 5_400}),
    ],
)
def test_review_is_the_acting_teams(
    friction: dict[str, str], expected: dict[str, int]
) -> None:
    review = told("change.reviewed", "11:00", "p", **IN_PLATFORM, friction=friction)

    assert waited(CREATED, *BOTH_ASKED, review, MERGED) == expected


def test_review_that_tells_no_repository_is_in_that_of_its_change() -> None:
    review = told("change.reviewed", "11:00", "p")

    found = waited(CREATED, *BOTH_ASKED, review, MERGED)

    assert found == {"search": 9_000, "platform": 1_800}


CHECKOUT_5 = "acme/checkout-web#5"


def active(*bodies: dict[str, Any]) -> dict[str, int]:
    """Seconds of active time by work class, over all teams."""
    found: dict[str, int] = {}
    for (_, work_class), spent in figures(bodies).active.items():
        found[work_class] = found.get(work_class, 0) + int(spent)
    return found


IN_CHECKOUT = {"repository": {"id": "acme/checkout-web"}}
MERGE_REQUEST = "https://gitlab.example/acme/checkout-web/-/merge_requests/7"
GITLAB_7 = "gitlab.example/acme/checkout-web!7"
ON_GITLAB = [
    told(
        "change.created", "09:00", MERGE_REQUEST, **IN_CHECKOUT, description="feat: x"
    ),
    told("change.merged", "12:00", MERGE_REQUEST, **IN_CHECKOUT),
]
FROM_ANOTHER = from_another(ON_GITLAB)
OF_ITEM = {"item": "CHK-1"}
DEFECT = {"team": "checkout", "work_class": "defect"}


def test_merge_request_is_no_ticket_of_its_number() -> None:
    """Three hours of a feature, and one of a defect that is another item."""
    issue = [
        said("ticket.started", "13:00", "acme/checkout-web#7", **DEFECT),
        said("ticket.done", "14:00", "acme/checkout-web#7"),
    ]

    assert active(*ON_GITLAB, *issue) == {"feature": 10_800, "defect": 3_600}


@pytest.mark.parametrize(
    "other",
    [
        "https://github.com/acme/checkout-web/pull/7",
        "https://gitlab.com/acme/checkout-web/-/merge_requests/7",
    ],
)
def test_changes_of_two_hosts_are_two(other: str) -> None:
    fix = [
        told("change.created", "13:00", other, **IN_CHECKOUT, description="fix: y"),
        told("change.merged", "14:00", other, **IN_CHECKOUT),
    ]

    assert len(figures([*ON_GITLAB, *fix]).flown) == 2
    assert active(*ON_GITLAB, *fix) == {"feature": 10_800, "defect": 3_600}


@pytest.mark.parametrize(
    "id_",
    [
        "gitlab.example/acme/checkout-web!7",
        "GitLab.example/Acme/Checkout-Web!7",
        f"{MERGE_REQUEST}#note_1",
        f"{MERGE_REQUEST}?tab=overview",
    ],
)
def test_merge_request_told_by_its_name_or_a_note_is_that_of_its_page(id_: str) -> None:
    """Two hours open, one of them a review's."""
    fields = {**IN_CHECKOUT, "description": "feat: x"}
    bodies = [
        told("change.created", "09:00", id_, **fields),
        told("change.reviewed", "11:00", id_, friction={"team": "search"}),
        said("change.review_requested", "10:00", GITLAB_7, on_team="search"),
        told("change.merged", "11:00", MERGE_REQUEST),
    ]
    for order in permutations(bodies):
        assert active(*order) == {"feature": 3_600}
        assert waited(*order) == {"search": 3_600}


@pytest.mark.parametrize("place", ["issues", "issues/incident", "work_items"])
def test_issue_told_by_gitlabs_name_is_that_of_its_page(place: str) -> None:
    page = f"https://gitlab.example/acme/checkout-web/-/{place}/5"
    name = "gitlab.example/acme/checkout-web#5"
    bodies = [
        told("ticket.created", "09:00", name),
        said("ticket.started", "09:00", name, work_class="feature"),
        told("ticket.closed", "10:00", page),
    ]

    assert active(*bodies) == {"feature": 3_600}


@pytest.mark.slow
def test_merge_request_is_one_for_all_who_tell_of_it_in_any_order() -> None:
    name = GITLAB_7
    bodies = [
        *ON_GITLAB[:1],
        *FROM_ANOTHER,
        said("change.review_requested", "10:00", name, on_team="search"),
        said("change.reviewed", "11:00", name, team="search"),
    ]
    for order in permutations(bodies):
        found = figures(order)
        assert found.flown == {name: 10_800}
        assert active(*order) == {"feature": 7_200}


@pytest.mark.parametrize(
    "issue",
    [
        "https://github.com/acme/checkout-web/issues/5",
        "https://api.github.com/repos/acme/checkout-web/issues/5",
    ],
)
def test_issue_told_by_its_page_is_that_of_its_name(issue: str) -> None:
    bodies = [
        told("ticket.created", "09:00", issue),
        said("ticket.started", "09:00", "acme/checkout-web#5", work_class="feature"),
        told("ticket.closed", "10:00", issue),
    ]

    assert active(*bodies) == {"feature": 3_600}
    assert {team for team, _ in figures(bodies).active} == {"checkout"}


@pytest.mark.parametrize(
    "run",
    [
        "https://github.com/acme/platform/actions/runs/55/attempts/1",
        "https://api.github.com/repos/acme/platform/actions/runs/55/attempts/1",
        "https://gitlab.example/acme/platform/-/pipelines/55",
    ],
)
def test_broken_pipeline_is_the_repositorys_owners(run: str) -> None:
    bodies = [
        said("ticket.started", "09:00", "CHK-1", work_class="feature"),
        told("pipelinerun.finished", "10:00", run, outcome="error", friction=OF_ITEM),
        told("pipelinerun.finished", "11:00", run, outcome="success", friction=OF_ITEM),
        said("ticket.done", "12:00", "CHK-1"),
    ]

    assert waited(*bodies) == {"platform": 3_600}


def test_ticket_in_either_case_is_one_and_blocked_by_whose_key_it_is() -> None:
    """An hour of work and one of a block, which is the project's owner's."""
    bodies = [
        said("ticket.started", "09:00", "CHK-1", work_class="feature"),
        said("change.opened", "09:30", "c", item="chk-1"),
        said("link.added", "10:00", "chk-1", blocker="plt-1"),
        said("ticket.done", "11:00", "Chk-1"),
    ]

    assert figures(bodies).flown == {"CHK-1": 7_200}
    assert waited(*bodies) == {"platform": 3_600}
    assert active(*bodies) == {"feature": 3_600}


TICKET = [
    told("ticket.created", "09:00", "https://jira.example/browse/CHK-1"),
    told("ticket.closed", "12:00", "https://jira.example/browse/chk-1"),
]


def test_ticket_is_kept_by_its_key_for_all_who_tell_of_it_in_any_order() -> None:
    bodies = [
        *TICKET,
        *from_another(TICKET),
        said("ticket.started", "10:00", "CHK-1", work_class="feature"),
    ]
    for order in permutations(bodies):
        assert figures(order).flown == {"CHK-1": 7_200}


@pytest.mark.parametrize(
    ("id_", "repository"),
    [
        ("acme/checkout-web#7", {"id": "acme/checkout-web"}),
        ("Acme/Checkout-Web#7", {"id": "x"}),
        ("7", {"id": "https://github.com/acme/checkout-web.git"}),
        ("7", {"id": "acme/checkout-web", "source": "https://github.example"}),
    ],
)
def test_change_told_by_its_name_is_that_of_native_events(
    id_: str, repository: dict[str, str]
) -> None:
    """Four hours open, one of them a review's."""
    name = "acme/checkout-web#7"
    bodies = [
        told(
            "change.created", "09:00", id_, repository=repository, description="feat: x"
        ),
        said("change.review_requested", "10:00", name, on_team="search"),
        said("change.reviewed", "11:00", name, team="search"),
        told("change.merged", "13:00", id_, repository=repository),
    ]
    for order in permutations(bodies):
        assert active(*order) == {"feature": 10_800}
        assert waited(*order) == {"search": 3_600}


def test_number_that_may_be_of_any_host_is_no_name() -> None:
    """Of GitLab's it would be a merge request, which is counted apart from issues."""
    bodies = [
        told("change.created", "09:00", "7", **IN_CHECKOUT, description="feat: x"),
        told("change.merged", "12:00", "7", **IN_CHECKOUT),
        said("ticket.started", "13:00", "acme/checkout-web#7", **DEFECT),
        said("ticket.done", "14:00", "acme/checkout-web#7"),
    ]

    assert active(*bodies) == {"feature": 10_800, "defect": 3_600}


@pytest.mark.parametrize(
    ("id_", "page", "name"),
    [
        ("10001", "https://acme.example/browse/CHK-1", "CHK-1"),
        ("10001", "https://github.com/acme/checkout-web/issues/5", CHECKOUT_5),
        ("10001", "https://acme.example/browse/CHK-1?focusedId=7", "CHK-1"),
        ("10001", "https://acme.example/browse/CHK-1#comment/PLT-1", "CHK-1"),
        ("10001", "https://acme.example/#/ticket/CHK-1", "CHK-1"),
        ("10001", "https://acme.example/issue/CHK-1/fix-the-till", "CHK-1"),
        (f"https://github.com/{CHECKOUT_5.replace('#', '/issues/')}#x", "", CHECKOUT_5),
        ("acme/checkout-web#5", "https://any.example/5", CHECKOUT_5),
        # What the id says goes before.
        ("CHK-1", "https://acme.example/browse/PLT-1", "CHK-1"),
    ],
)
def test_ticket_is_known_by_its_page_too(id_: str, page: str, name: str) -> None:
    bodies = [
        told("ticket.created", "09:00", id_, uri=page),
        said("ticket.started", "10:00", name, work_class="feature"),
        told("ticket.closed", "12:00", id_, uri=page),
    ]
    for order in permutations(bodies):
        assert figures(order).flown == {name: 7_200}


@pytest.mark.parametrize(
    ("id_", "name"),
    [
        ("CHK-1", "CHK-1"),
        ("https://acme.example/browse/CHK-1", "CHK-1"),
        ("https://github.com/acme/checkout-web/issues/5", CHECKOUT_5),
    ],
)
def test_incident_told_by_its_ticket_is_that_ticket_in_any_order(
    id_: str, name: str
) -> None:
    """Two hours of response, and no work beside it."""
    bodies = [
        said("ticket.started", "10:00", name, work_class="defect"),
        told("incident.detected", "10:00", id_, friction={"cause_team": "platform"}),
        told("incident.resolved", "12:00", id_),
        said("ticket.done", "12:00", name),
    ]
    for order in permutations(bodies):
        found = figures(order)
        assert (waited(*order), dict(found.active)) == ({"platform": 7_200}, {})
        assert {team for team, *_ in found.waits} == {"checkout"}


def test_run_that_links_to_a_change_holds_it_up_in_any_order() -> None:
    """An hour of three in which the change's run waits for a runner."""
    page = "https://github.com/acme/checkout-web/pull/7"
    link = {
        "linkType": "RELATION",
        "linkKind": "triggeredBy",
        "target": {"domainId": "cdevents:v0:github::acme:checkout-web:pr:7"},
    }
    runs = [
        told("pipelinerun.queued", "10:00", "r", friction={"on_team": "platform"}),
        told("pipelinerun.started", "11:00", "r"),
    ]
    for run in runs:
        run["context"]["links"] = [link]
    bodies = [
        told("change.created", "09:00", page, description="feat: x"),
        *runs,
        told("change.merged", "12:00", page),
    ]
    for order in permutations(bodies):
        assert waited(*order) == {"platform": 3_600}
        assert active(*order) == {"feature": 7_200}


def jenkins_build(scm: dict[str, str]) -> list[Any]:
    """A build of these sources that waits for platform's runner from 10 to 11."""
    runs = [
        told("pipelinerun.queued", "10:00", "3", friction={"on_team": "platform"}),
        told("pipelinerun.started", "11:00", "1"),
    ]
    runs[0]["customData"] |= {"name": "web"}
    runs[1]["customData"] |= {"build": {"queueId": 3, "scmState": scm}}
    for run in runs:
        run["context"]["source"] = "job/web/"
    return runs


@pytest.mark.parametrize("branch", ["origin/topic", "PR-7"])
def test_jenkins_build_holds_up_the_change_it_is_of_in_any_order(branch: str) -> None:
    """An hour of four in which the change's build waits for a runner."""
    pull = {"number": 7, "title": "feat: x", "head": {"ref": "topic"}}
    times = {"created_at": at("09:00"), "merged_at": at("13:00")}
    merged = {
        "action": "closed",
        "repository": {"id": 77, "full_name": "acme/checkout-web"},
        "pull_request": {**pull, **times, "updated_at": at("13:00")},
    }
    scm = {"url": "https://github.com/acme/checkout-web.git", "branch": branch}
    runs = jenkins_build(scm)
    for order in permutations([merged, *runs]):
        assert waited(*order) == {"platform": 3_600}
        assert active(*order) == {"feature": 10_800}


def test_jenkins_build_holds_up_the_change_on_bitbucket_in_any_order() -> None:
    """An hour of four in which the build waits, cloned over HTTP."""
    page = "https://bitbucket.example/projects/ACME/repos/checkout-web/pull-requests/7"
    scm = {
        "url": "https://bitbucket.example/scm/acme/checkout-web.git",
        "branch": "origin/topic",
    }
    runs = jenkins_build(scm)
    opened = {"description": "feat: x", "friction": {"branch": "topic"}}
    bodies = [
        told("change.created", "09:00", page, **opened),
        *runs,
        told("change.merged", "13:00", page),
    ]
    for order in permutations(bodies):
        assert waited(*order) == {"platform": 3_600}
        assert active(*order) == {"feature": 10_800}
