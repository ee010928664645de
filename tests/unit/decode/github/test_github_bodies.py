"""What GitHub's bodies say together, and that none of them can raise."""

from __future__ import annotations

import json

import pytest
from hypothesis import given
from hypothesis import strategies as st

from monitor.decode.decode import decode
from monitor.decode.github.text import closed_by, tickets_named
from monitor.decode.settings import NO_HINT, DecodeSettings
from monitor.domain.facts import Fact, Kind
from monitor.domain.outcomes import Decoded, Record
from monitor.domain.preference import preferred

SETTINGS = DecodeSettings(projects=frozenset({"CHK", "MY_APP"}))
RECEIPT = 1_772_600_000_000
REPOSITORY = {"id": 77, "full_name": "acme/shop", "html_url": "https://github.com/a/b"}
PLACE = ("github.com:77", "acme/shop")
ADA = {"login": "ada", "type": "User"}


def of(event: str | None, body: object) -> Decoded:
    headers = () if event is None else (("X-GitHub-Event", event.encode()),)
    value = json.dumps(body).encode()
    return decode(Record("t", 0, 0, RECEIPT, None, headers, value), NO_HINT, SETTINGS)


def issue_body(
    action: str, updated: str, *labels: str, **shown: object
) -> dict[str, object]:
    issue: dict[str, object] = {
        "number": 12,
        "created_at": "2026-03-02T10:00:00Z",
        "updated_at": updated,
        "labels": [{"name": name} for name in labels],
        "user": ADA,
        **shown,
    }
    named = {"label": {"name": labels[-1]}} if action == "labeled" else {}
    return {
        "action": action,
        "issue": issue,
        "sender": ADA,
        "repository": REPOSITORY,
        **named,
    }


def the(kind: Kind, found: Decoded) -> Fact:
    assert not found.reasons
    return next(fact for fact in found.facts if fact.kind is kind)


class TestRevisions:
    def test_a_class_given_later_does_not_change_what_was_opened(self) -> None:
        opened = of("issues", issue_body("opened", "2026-03-02T10:00:00Z", "feature"))
        later = of("issues", issue_body("labeled", "2026-03-02T12:00:00Z", "bug"))
        first, second = (the(Kind.TICKET_CREATED, one) for one in (opened, later))
        assert first.identity == second.identity
        for kept in (preferred(first, second), preferred(second, first)):
            assert kept.fields["work_class"] == "feature"
        updated = the(Kind.TICKET_UPDATED, later)
        assert updated.fields["work_class"] == "defect"

    def test_a_class_given_later_does_not_change_what_was_done(self) -> None:
        at = "2026-03-02T11:00:00Z"
        closed = issue_body("closed", at, "feature", closed_at=at)
        later = issue_body("labeled", "2026-03-02T12:00:00Z", "bug", closed_at=at)
        first, second = (
            the(Kind.TICKET_DONE, of("issues", b)) for b in (closed, later)
        )
        for kept in (preferred(first, second), preferred(second, first)):
            assert kept.fields["work_class"] == "feature"
        assert "work_class" not in second.fields

    def test_without_the_opening_the_newest_body_shows_the_class(self) -> None:
        """It counts where no class is stated of any time, else the first stated."""
        early = of("issues", issue_body("labeled", "2026-03-02T11:00:00Z", "feature"))
        late = of("issues", issue_body("labeled", "2026-03-02T12:00:00Z", "bug"))
        first, second = (the(Kind.TICKET_CREATED, one) for one in (early, late))
        for kept in (preferred(first, second), preferred(second, first)):
            assert kept.fields["class_shown"] == "defect"
            assert "work_class" not in kept.fields

    def test_a_comment_never_takes_a_pull_requests_branch_away(self) -> None:
        times = {
            "created_at": "2026-03-02T10:00:00Z",
            "updated_at": "2026-03-02T10:00:00Z",
        }
        pull = {"number": 7, "head": {"ref": "CHK-1-x"}, "user": ADA, **times}
        seen = {
            **pull,
            "updated_at": "2026-03-03T10:00:00Z",
            "pull_request": {},
            "title": "no key",
        }
        opening = {"action": "opened", "pull_request": pull, "repository": REPOSITORY}
        comment = {
            "action": "created",
            "issue": seen,
            "comment": {"created_at": "2026-03-03T10:00:00Z", "user": ADA},
            "repository": REPOSITORY,
            "sender": ADA,
        }
        by_pull = the(Kind.CHANGE_OPENED, of("pull_request", opening))
        by_issue = the(Kind.CHANGE_OPENED, of("issue_comment", comment))
        assert by_pull.identity == by_issue.identity
        for kept in (preferred(by_pull, by_issue), preferred(by_issue, by_pull)):
            assert kept.fields["tickets"] == ["CHK-1"]

    @pytest.mark.parametrize(
        ("pull", "opened"),
        [
            # What the interface of 2013 shows of every issue.
            ({"html_url": None, "diff_url": None, "patch_url": None}, "ticket.created"),
            ({"url": None, "html_url": None, "merged_at": None}, "ticket.created"),
            (None, "ticket.created"),
            ({"html_url": "https://github.example/acme/shop/pull/7"}, "change.opened"),
            (
                {"url": "https://api.github.example/x/7", "html_url": None},
                "change.opened",
            ),
            ({"merged_at": None}, "change.opened"),
            ({}, "change.opened"),
        ],
    )
    def test_an_issue_without_any_address_of_a_pull_request_is_none(
        self, pull: dict[str, str | None] | None, opened: str
    ) -> None:
        body = issue_body("edited", "2026-03-02T11:00:00Z", pull_request=pull)
        begun, edited = of("issues", body).facts
        is_pull = opened == "change.opened"
        assert (str(begun.kind), edited.kind) == (opened, Kind.TICKET_UPDATED)
        assert edited.fields.get("shown") == ("open" if is_pull else None)

    def test_a_parent_taken_away_is_said_as_an_empty_one(self) -> None:
        pair = {
            name: {"number": number, "created_at": "2026-03-02T10:00:00Z"}
            for name, number in (("sub_issue", 2), ("parent_issue", 1))
        }
        body = {"action": "parent_issue_removed", "repository": REPOSITORY, **pair}
        assert the(Kind.TICKET_UPDATED, of("sub_issues", body)).fields["parent"] == ""


class TestTexts:
    @pytest.mark.parametrize(
        ("branch", "keys"),
        [
            ("feature_CHK-12-till", ["CHK-12"]),
            ("bug/chk-7", ["CHK-7"]),
            ("MY_APP-3_fix", ["MY_APP-3"]),
            ("some_very_long_name_CHK-1", ["CHK-1"]),
            ("XCHK-1", []),
            ("utf-8", []),
        ],
    )
    def test_keys_in_branches(self, branch: str, keys: list[str]) -> None:
        assert tickets_named(branch, None, None, SETTINGS, PLACE) == keys

    @pytest.mark.parametrize(
        ("body", "tickets"),
        [
            ("Closes: #10", ["github.com:77#10"]),
            ("resolves GH-7", ["github.com:77#7"]),
            ("fixed Acme/Other#3", ["acme/other#3"]),
            ("Fix https://github.com/acme/shop/issues/9", ["github.com:77#9"]),
            ("Fix https://bugs.example.org/acme/shop/issues/9", []),
            ("Fix https://GitHub.com/acme/shop/issues/9", ["github.com:77#9"]),
            ("Closes [CHK-27](https://acme.example/browse/CHK-27)", ["CHK-27"]),
            ("Fixes https://acme.example/jira/browse/CHK-25.", ["CHK-25"]),
            ("Resolves https://linear.example/acme/issue/ENG-12/slow-till", ["ENG-12"]),
            ("Fixes: [CHK-24]", ["CHK-24"]),
            ("Fixes https://acme.example/docs/utf-8", []),
            ("prefixes #1", []),
            ("see #4", []),
            ("<!-- Fixes #(issue), closes #5 -->", []),
        ],
    )
    def test_closing_keywords(self, body: str, tickets: list[str]) -> None:
        assert closed_by(body, *PLACE) == tickets


ANYTHING = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats() | st.text(max_size=8),
    lambda inner: (
        st.lists(inner, max_size=2)
        | st.dictionaries(st.sampled_from(["id", "number", "login", "a"]), inner)
    ),
    max_leaves=4,
)
EVENTS: dict[str, dict[str, object]] = {
    "issues": issue_body("labeled", "2026-03-02T12:00:00Z", "bug"),
    "push": {"ref": "refs/heads/x", "commits": [], "repository": REPOSITORY},
    "workflow_job": {
        "action": "queued",
        "workflow_job": {"id": 1, "status": "queued"},
        "repository": REPOSITORY,
    },
    "deployment_review": {
        "action": "requested",
        "workflow_job_run": {"id": 4},
        "reviewers": [{"reviewer": ADA}],
        "repository": REPOSITORY,
    },
}
# Every top-level part of these bodies, and the parts of their first object.
PLACES = [
    (event, key, inner)
    for event, body in EVENTS.items()
    for key, part in body.items()
    for inner in (None, *(part if isinstance(part, dict) else ()))
]


@given(st.sampled_from(PLACES), ANYTHING, st.booleans())
def test_whatever_stands_in_a_field_nothing_raises(
    place: tuple[str, str, str | None], value: object, header: bool
) -> None:
    event, key, inner = place
    body = dict(EVENTS[event])
    part = body[key]
    if inner is not None and isinstance(part, dict):
        body[key] = {**part, inner: value}
    else:
        body[key] = value
    found = of(event if header else None, body)
    assert found.facts or found.reasons or found.ignored
