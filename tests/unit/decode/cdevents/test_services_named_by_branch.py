"""What is deployed to look at a branch is called after it, and that after a person."""

from __future__ import annotations

import re
from typing import Any

import pytest

from monitor.directory.attribute import attribute
from monitor.domain.named_by_branch import hidden_service
from monitor.domain.opaque import environment_word
from tests.harness.driving import directory_of, facts_of
from tests.unit.decode.records import cdevent, native, of, only_fact

NAME = "/review-fix-till/web/app"
HIDDEN = f"/review-{environment_word('fix-till')}/web/app"
ENVIRONMENT = {"environment": {"id": "review/fix-till"}}
OWNERS = """
version: 1
organisation: {{name: Acme}}
teams:
  - {{id: shop, owns: [{{service: "{claim}"}}]}}
"""


def event(kind: str, **custom: object) -> dict[str, Any]:
    made: dict[str, Any] = cdevent(kind, {**ENVIRONMENT}, customData=custom)
    made["subject"]["id"] = NAME
    return made


@pytest.mark.parametrize(
    "kind",
    ["service.deployed", "service.upgraded", "service.rolledback", "incident.detected"],
)
def test_nothing_that_is_kept_has_the_name(kind: str) -> None:
    """Neither the key, nor the service, nor whose rollback it is."""
    found = only_fact(of(event(kind, argocd={"app": {}})))

    assert re.search("fix", repr(found)) is None
    assert (found.fields["service"], HIDDEN in found.entity) == (HIDDEN, True)


@pytest.mark.parametrize(
    ("name", "shown"),
    [
        (NAME, HIDDEN),
        ("/Review_Fix-Till/web", f"/Review_{environment_word('fix-till')}/web"),
        ("argocd/web-pr-7-fix-till", f"argocd/web-pr-{environment_word('7-fix-till')}"),
        # What is hidden is not hidden again.
        (HIDDEN, HIDDEN),
        # Ordinary words and numbers are nobody's, and no path is a service's own name.
        ("/review-123/web/app", "/review-123/web/app"),
        ("/preview-eu-1/web/app", "/preview-eu-1/web/app"),
        ("/checkout/web/app", "/checkout/web/app"),
        ("/interview-board/web", "/interview-board/web"),
        ("review-board", "review-board"),
    ],
)
def test_a_branch_is_hidden_where_the_name_says_that_one_follows(
    name: str, shown: str
) -> None:
    assert hidden_service(name) == shown


@pytest.mark.parametrize(
    "claim", [NAME, "/review-*/web/app", "*/web/app", "/review-fix-till/*"]
)
def test_whoever_claims_it_owns_it(claim: str) -> None:
    """By the name, which is looked for behind the word, and by patterns."""
    directory = directory_of(OWNERS.format(claim=claim))
    incident = only_fact(of(event("incident.detected", argocd={"app": {}})))
    owner = directory.service(attribute(incident, directory).fields["service"])

    assert owner is not None
    assert owner == directory.service(NAME)
    other = directory.service("/review-x/api/app")
    assert other is None


def test_a_freeze_of_it_names_the_same() -> None:
    freeze = native(
        kind="freeze.started", entity="F-1", on_team="platform", services=[NAME]
    )
    directory = directory_of(OWNERS.format(claim=NAME))
    (found,) = facts_of([freeze], directory)

    assert found.fields["services"] == [HIDDEN]
