"""GitHub's traps, each in the smallest body that shows it."""

from __future__ import annotations

import pytest

from monitor.domain.facts import Kind
from monitor.domain.opaque import branch_word
from tests.unit.decode.github.github_records import (
    MS,
    REPOSITORY,
    T,
    facts,
    issue,
    job,
    of,
    pull,
    stages,
    user,
)


class TestJobs:
    def test_a_job_held_for_an_approval_is_in_no_queue(self) -> None:
        found = facts("workflow_job", job(status="waiting"))
        assert stages(found) == [("run.held", MS[0])]
        assert found[0].fields["attempt"] == 1

    def test_a_skipped_job_never_waited(self) -> None:
        body = job(status="completed", conclusion="skipped", completed_at=T[1])
        (finished,) = facts("workflow_job", body)
        assert (finished.kind, finished.fields["outcome"]) == (
            "run.finished",
            "skipped",
        )

    def test_a_job_cancelled_in_the_queue_never_started(self) -> None:
        body = job(
            status="completed",
            conclusion="cancelled",
            completed_at=T[2],
            runner_id=None,
            steps=[],
        )
        found = facts("workflow_job", body)
        assert stages(found) == [("run.queued", MS[0]), ("run.finished", MS[2])]

    def test_an_old_job_that_tells_no_creation_is_queued_since_its_copy_of_it(
        self,
    ) -> None:
        body = job(status="queued", started_at=T[0])
        del body["workflow_job"]["created_at"]
        assert stages(facts("workflow_job", body)) == [("run.queued", MS[0])]

    def test_an_old_job_that_tells_no_creation_ends_all_the_same(self) -> None:
        body = job(status="completed", conclusion="failure", completed_at=T[2])
        del body["workflow_job"]["created_at"]
        found = stages(facts("workflow_job", body))
        assert found == [("run.started", MS[1]), ("run.finished", MS[2])]

    def test_a_job_that_tells_its_runners_number_alone_was_taken(self) -> None:
        body = job(
            status="completed",
            conclusion="failure",
            completed_at=T[2],
            runner_id=7,
            runner_name=None,
            steps=[],
        )
        assert ("run.started", MS[1]) in stages(facts("workflow_job", body))

    def test_a_job_copied_by_a_re_run_is_ignored(self) -> None:
        body = job(status="completed", conclusion="success", completed_at=T[0])
        body["workflow_job"]["created_at"] = T[5]
        assert "copied" in of("workflow_job", body).ignored

    def test_the_status_decides_and_not_the_action(self) -> None:
        body = job(status="completed", conclusion="failure", completed_at=T[2])
        body["action"] = "in_progress"
        assert stages(facts("workflow_job", body))[-1] == ("run.finished", MS[2])

    def test_a_job_of_the_merge_queue_names_its_change(self) -> None:
        branch = "gh-readonly-queue/main/pr-31-0123abc"
        (queued,) = facts("workflow_job", job(status="queued", head_branch=branch))
        assert queued.fields["changes"] == ["github.com:77#31"]

    @pytest.mark.parametrize(
        ("labels", "group", "hosted"),
        [
            (["ubuntu-latest"], None, True),
            (["macos-14"], None, True),
            (["macos-15-xlarge"], None, True),
            (["macos-latest-large"], None, True),
            (["ubuntu-slim"], None, True),
            (["ubuntu-24.04-arm"], None, True),
            (["windows-11-arm"], None, True),
            (["windows-2025-vs2026"], None, True),
            (["macos-15-intel"], None, True),
            (["macos-10.15"], None, True),
            (["ubuntu-latest-mine"], None, False),
            (["ubuntu-2204-arc"], None, False),
            (["ubuntu-2204"], None, False),
            (["ubuntu-22.04-arc"], None, False),
            (["windows-2022-build-farm"], None, False),
            (["macos-14-mini.rack"], None, False),
            (["self-hosted", "ubuntu-latest"], None, False),
            (["ubuntu-latest-8-cores"], None, True),
            (["large"], "GitHub Actions", True),
            (["build-big"], "Default Larger Runners", True),
            (["ubuntu-20.04-16core"], "ubuntu-20.04-16core", True),
            (["self-hosted", "linux"], "ubuntu-20.04", False),
            (["ubuntu-latest"], "Default", False),
        ],
    )
    def test_the_vendors_runners_are_told_by_group_else_labels(
        self, labels: list[str], group: str | None, hosted: bool
    ) -> None:
        body = job(status="queued", labels=labels, runner_group_name=group)
        (queued,) = facts("workflow_job", body)
        assert queued.fields.get("hosted", False) is hosted

    @pytest.mark.parametrize(
        ("host", "hosted"),
        [
            ("github.com", True),
            ("acme.ghe.com", True),
            ("ghe.acme.example", False),
            ("ghe.com.example", False),
            ("git.notghe.com", False),
        ],
    )
    @pytest.mark.parametrize(
        ("labels", "group"),
        [(["ubuntu-latest"], None), (["ubuntu-latest"], "GitHub Actions")],
    )
    def test_a_server_of_ones_own_has_no_runners_of_the_vendor(
        self, host: str, labels: list[str], group: str | None, *, hosted: bool
    ) -> None:
        home = {**REPOSITORY, "html_url": f"https://{host}/acme/shop"}
        body = job(status="queued", labels=labels, runner_group_name=group)
        (queued,) = facts("workflow_job", {**body, "repository": home})
        assert queued.fields.get("hosted", False) is hosted

    def test_an_unknown_conclusion_is_neither_success_nor_failure(self) -> None:
        body = job(status="completed", conclusion="dissolved", completed_at=T[2])
        assert facts("workflow_job", body)[-1].fields["outcome"] == "neutral"

    @pytest.mark.parametrize(
        ("state", "outcome"), [("error", "error"), ("failure", "failure")]
    )
    def test_a_status_tells_an_error_from_a_failure(
        self, state: str, outcome: str
    ) -> None:
        body = {"sha": "ab", "context": "ci/x", "state": state, "created_at": T[1]}
        (finished,) = facts("status", body)
        assert finished.fields["outcome"] == outcome

    def test_a_check_that_could_not_start_is_an_error(self) -> None:
        check = {
            "id": 5,
            "name": "unit",
            "status": "completed",
            "conclusion": "startup_failure",
            "head_sha": "ab",
            "completed_at": T[1],
            "app": {"slug": "acme-ci"},
        }
        body = {"action": "completed", "check_run": check}
        assert facts("check_run", body)[-1].fields["outcome"] == "error"

    @pytest.mark.parametrize(
        ("started", "told"),
        [
            (T[0], [("run.held", MS[0]), ("run.finished", MS[1])]),
            (T[1], [("run.finished", MS[1])]),
            (None, [("run.finished", MS[1])]),
        ],
    )
    def test_a_skipped_check_waited_for_no_runner_since_it_was_made(
        self, started: str | None, told: list[tuple[str, int]]
    ) -> None:
        check = {
            "id": 5,
            "status": "completed",
            "conclusion": "skipped",
            "started_at": started,
            "completed_at": T[1],
            "app": {"slug": "acme-ci"},
        }
        body = {"action": "completed", "check_run": check}
        assert stages(facts("check_run", body)) == told

    def test_a_pending_status_has_started_and_says_nothing_of_a_queue(self) -> None:
        body = {"sha": "ab", "context": "ci/x", "state": "pending", "created_at": T[1]}
        (started,) = facts("status", body)
        assert started.kind is Kind.RUN_STARTED
        assert started.fields["pipeline"] == "acme/shop/ci/x"


class TestPullRequests:
    def test_the_same_life_has_one_identity_whatever_body_tells_it(self) -> None:
        first = facts("pull_request", pull("opened"))[0]
        later = facts("pull_request", pull("labeled", title="CHK-4 other words"))[0]
        assert first.identity == later.identity
        assert later.fields["tickets"] == ["CHK-4"]

    def test_branch_comes_before_title_and_closing_keywords(self) -> None:
        body = pull(
            "opened",
            head={"ref": "CHK-1-till", "sha": "ab"},
            title="CHK-2: faster",
            body="Fixes #12 and resolves Acme/Other#3, closes OPS-9",
        )
        opened = facts("pull_request", body)[0]
        assert opened.fields["tickets"] == [
            "CHK-1",
            "CHK-2",
            "github.com:77#12",
            "acme/other#3",
        ]

    @pytest.mark.parametrize(
        ("source", "branch"),
        [({"id": 77}, "develop"), ({}, "develop"), ({"id": 78}, None), (None, None)],
    )
    @pytest.mark.parametrize("action", ["opened", "synchronize"])
    def test_the_branch_of_a_fork_is_none_of_ours(
        self, action: str, source: dict[str, int] | None, branch: str | None
    ) -> None:
        head = {"ref": "develop", "sha": "ab", "repo": source}
        body = pull(action, head=head, base={"repo": REPOSITORY})
        told = [fact for fact in facts("pull_request", body) if "sha" in fact.fields]
        assert [fact.kind for fact in told][1:] == (
            ["change.pushed"] if action == "synchronize" else []
        )
        kept = None if branch is None else branch_word(branch)
        assert {fact.fields.get("branch") for fact in told} == {kept}
        assert {fact.fields["sha"] for fact in told} == {"ab"}
        assert {fact.fields.get("fork") for fact in told} == {None if branch else True}

    def test_a_ticket_is_named_by_the_branch_of_a_fork_too(self) -> None:
        head = {"ref": "CHK-1-till", "sha": "ab", "repo": {"id": 78}}
        body = pull("opened", head=head, base={"repo": REPOSITORY})
        opened = facts("pull_request", body)[0]
        assert opened.fields["tickets"] == ["CHK-1"]

    @pytest.mark.parametrize("action", ["edited", "labeled", "enqueued"])
    def test_whoever_touches_it_works_on_it(self, action: str) -> None:
        _, touched = facts("pull_request", pull(action))
        assert (touched.kind, touched.time) == ("ticket.updated", MS[3])
        assert touched.people == {"actor": "github:ada"}
        sender = user("labeler[bot]", "Bot")
        _, touched = facts("pull_request", pull(action, sender=sender))
        assert touched.fields["automation"]
        assert not touched.people

    def test_a_draft_opens_as_a_draft(self) -> None:
        found = facts("pull_request", pull("opened", draft=True))
        assert stages(found) == [("change.opened", MS[0]), ("change.drafted", MS[0])]

    @pytest.mark.parametrize(
        ("action", "kind"),
        [
            ("ready_for_review", Kind.CHANGE_READY),
            ("converted_to_draft", Kind.CHANGE_DRAFTED),
            ("synchronize", Kind.CHANGE_PUSHED),
            ("reopened", Kind.CHANGE_OPENED),
        ],
    )
    def test_an_action_happened_at_the_newest_time(
        self, action: str, kind: Kind
    ) -> None:
        found = facts("pull_request", pull(action))
        assert stages(found) == [("change.opened", MS[0]), (kind, MS[3])]

    def test_a_merge_has_the_commit_that_deployments_name(self) -> None:
        body = pull("closed", merged_at=T[4], closed_at=T[4], merge_commit_sha="cd")
        merged = facts("pull_request", body)[-1]
        assert (merged.kind, merged.time) == (Kind.CHANGE_MERGED, MS[4])
        assert merged.fields["sha"] == "cd"

    @pytest.mark.parametrize(
        "author", [user("renovate[bot]"), user("x", "Bot"), user("CI-Account")]
    )
    def test_a_program_is_nobody(self, author: dict[str, str]) -> None:
        opened = facts("pull_request", pull("opened", user=author))[0]
        assert opened.people == {}
        assert opened.fields["bot"] is True
        assert opened.fields["automation"] is True

    def test_a_program_that_is_asked_delays_nobody(self) -> None:
        body = pull("review_requested", requested_reviewer=user("x[bot]"))
        assert [fact.kind for fact in facts("pull_request", body)] == ["change.opened"]

    def test_request_and_removal_have_one_key(self) -> None:
        asked = facts(
            "pull_request", pull("review_requested", requested_reviewer=user("Eve"))
        )[-1]
        removed = facts(
            "pull_request",
            pull("review_request_removed", requested_reviewer=user("eve")),
        )[-1]
        assert asked.fields["request"] == removed.fields["request"]
        assert removed.kind is Kind.CHANGE_REVIEW_UNREQUESTED

    def test_who_is_asked_has_a_number_that_no_rename_changes(self) -> None:
        """GitHub numbers users and teams each; what is kept is a hash of it."""
        pete, team = {**user("pete"), "id": 77}, {"slug": "tills", "id": 77}
        asked = [{"requested_reviewer": pete}, {"requested_team": team}]
        asked += [{"requested_reviewer": {**pete, "login": "peter"}}]
        asked += [{"requested_team": {**team, "slug": "pay"}}]
        asked += [{"requested_reviewer": {**pete, "id": 78}}]
        found = [
            facts("pull_request", pull("review_requested", **one))[-1].fields
            for one in asked
        ]
        numbers = [one["request_number"] for one in found]
        assert numbers[:2] == numbers[2:4]
        assert len(set(numbers)) == 3
        assert {"77", "78"}.isdisjoint(numbers)
        assert len({one["request"] for one in found}) == 4
        review = {"user": {**pete, "login": "peter"}, "submitted_at": T[2]}
        reviewed = facts("pull_request_review", pull("submitted", review=review))[-1]
        assert reviewed.fields["request_number"] == numbers[0]

    def test_the_authors_own_review_is_a_comment(self) -> None:
        review = {"user": user("ada"), "submitted_at": T[2], "state": "commented"}
        found = facts("pull_request_review", pull("submitted", review=review))
        assert found[-1].kind is Kind.TICKET_COMMENTED

    def test_another_persons_review_is_a_review(self) -> None:
        review = {"user": user("eve"), "submitted_at": T[2], "state": "approved"}
        reviewed = facts("pull_request_review", pull("submitted", review=review))[-1]
        assert (reviewed.kind, reviewed.time) == (Kind.CHANGE_REVIEWED, MS[2])
        assert reviewed.people == {"reviewer": "github:eve"}
        asked = pull("review_requested", requested_reviewer=user("eve"))
        request = facts("pull_request", asked)[-1].fields["request"]
        assert reviewed.fields["request"] == request

    @pytest.mark.parametrize(
        ("labels", "title", "expected"),
        [
            ([{"name": "bug"}], "feat: x", "defect"),
            ([], "fix(till): x", "defect"),
            ([], "chore!: x", "debt"),
            ([], "words only", None),
        ],
    )
    def test_the_class_is_by_label_else_by_the_titles_prefix(
        self, labels: list[dict[str, str]], title: str, expected: str | None
    ) -> None:
        found = facts("pull_request", pull("opened", labels=labels, title=title))
        assert found[0].fields.get("class_shown") == expected
        assert [fact.fields.get("work_class") for fact in found[1:]] == (
            [expected] if expected else []
        )
        edited = facts("pull_request", pull("edited", labels=labels, title=title))
        assert edited[-1].fields.get("work_class") == expected


class TestIssues:
    @pytest.mark.parametrize(
        ("reason", "kind"),
        [
            ("completed", Kind.TICKET_DONE),
            (None, Kind.TICKET_DONE),
            ("not_planned", Kind.TICKET_CANCELLED),
            ("duplicate", Kind.TICKET_CANCELLED),
        ],
    )
    def test_how_it_was_closed_decides(self, reason: str | None, kind: Kind) -> None:
        body = issue("closed", issue={"closed_at": T[4], "state_reason": reason})
        assert facts("issues", body)[-1].kind is kind

    @pytest.mark.parametrize(
        ("action", "label", "kind", "team"),
        [
            ("labeled", "blocked-by:platform", Kind.TICKET_BLOCKED, "platform"),
            ("unlabeled", "blocked-by:platform", Kind.TICKET_UNBLOCKED, "platform"),
            ("labeled", "Blocked", Kind.TICKET_BLOCKED, None),
            ("labeled", "In Progress", Kind.TICKET_STARTED, None),
            ("labeled", "backlog", Kind.TICKET_PARKED, None),
        ],
    )
    def test_labels_say_what_an_issue_cannot(
        self, action: str, label: str, kind: Kind, team: str | None
    ) -> None:
        said = facts("issues", issue(action, label={"name": label}))[-1]
        assert (said.kind, said.people.get("named")) == (kind, team)
        assert "on_team" not in said.fields
        assert said.time == MS[2]

    def test_a_deleted_issue_is_taken_out_of_history(self) -> None:
        assert facts("issues", issue("deleted"))[-1].fields["deleted"] is True

    def test_assignment_names_the_receiver(self) -> None:
        *_, assigned, touched = facts("issues", issue("assigned", assignee=user("Eve")))
        assert (touched.kind, touched.people) == (
            "ticket.updated",
            {"actor": "github:ada"},
        )
        assert assigned.people["receiver"] == "github:eve"
        assert "beside" not in assigned.people

    def test_who_has_it_beside_the_receiver_is_named(self) -> None:
        others = {"assignees": [user("Eve"), user("robot[bot]", "Bot"), user("Bob")]}
        body = issue("assigned", assignee=user("Eve"), issue=others)
        *_, assigned, _ = facts("issues", body)
        assert assigned.people["receiver"] == "github:eve"
        assert assigned.people["beside"] == ["github:bob"]

    def test_a_program_that_is_assigned_receives_nothing(self) -> None:
        body = issue("assigned", assignee=user("robot[bot]", "Bot"))
        assert [fact.kind for fact in facts("issues", body)[1:]] == ["ticket.updated"]

    def test_one_in_the_place_of_another_within_a_second_is_two_facts(self) -> None:
        both = {"assignees": [user("Eve"), user("Bob")]}
        put_on = facts("issues", issue("assigned", assignee=user("Eve"), issue=both))
        left = {"assignees": [user("Eve")]}
        body = issue("unassigned", assignee=user("Bob"), issue=left)
        taken_off = facts("issues", body)
        assert put_on[-2].time == taken_off[-1].time
        assert put_on[-2].identity != taken_off[-1].identity

    def test_who_is_taken_off_has_it_no_longer(self) -> None:
        body = issue("unassigned", assignee=user("Eve"), issue={"assignees": []})
        *_, given_up = facts("issues", body)
        assert (given_up.kind, given_up.time) == ("ticket.assigned", MS[2])
        assert given_up.fields["how"] == "unassigned"
        assert given_up.people == {"actor": "github:ada", "receiver": "github:eve"}

    def test_who_is_left_has_it(self) -> None:
        left = {"assignees": [user("robot[bot]", "Bot"), user("Cy"), user("Bob")]}
        body = issue("unassigned", assignee=user("Eve"), issue=left)
        *_, assigned = facts("issues", body)
        assert assigned.kind == "ticket.assigned"
        assert "how" not in assigned.fields
        assert assigned.people["receiver"] == "github:bob"
        assert assigned.people["beside"] == ["github:cy"]

    def test_an_epic_is_marked(self) -> None:
        created = facts("issues", issue("opened", issue={"type": {"name": "Epic"}}))[0]
        assert created.fields["epic"] is True

    def test_both_repositories_tell_one_link(self) -> None:
        blocked = {"number": 1, "created_at": T[0], "updated_at": T[2]}
        blocking = {"number": 2, "created_at": T[0], "updated_at": T[1]}
        other = {"id": 88, "full_name": "acme/lib"}
        here = facts(
            "issue_dependencies",
            {
                "action": "blocked_by_added",
                "blocked_issue": blocked,
                "blocking_issue": blocking,
                "blocking_issue_repo": other,
            },
        )[-1]
        there = facts(
            "issue_dependencies",
            {
                "action": "blocking_added",
                "repository": {**other, "html_url": "https://github.com/acme/lib"},
                "blocked_issue": blocked,
                "blocking_issue": blocking,
                "blocked_issue_repo": REPOSITORY,
            },
        )[-1]
        assert (here.identity, here.entity) == (there.identity, there.entity)
        assert here.fields["blocker"] == "github.com:88#2"
        assert here.time == MS[2]
