"""What a CDEvent belongs to by its links: event-formats 1.4."""

from __future__ import annotations

from typing import Any

import pytest

from monitor.decode.references import numbered_name
from tests.unit.decode.records import cdevent, of, only_fact

PR = "cdevents:v0:github::Acme:checkout-web:pr:7"
ISSUE = "cdevents:v0:github:ghe:acme:checkout-web:issue:5"
TICKET = "cdevents:v0:jira::acme:checkout:issue:chk-1"
COMMIT = "cdevents:v0:gitlab::acme:checkout-web:commit:0123ABCDEF"


def relation(domain_id: object, kind: object = "triggeredBy") -> dict[str, Any]:
    target = {"domainId": domain_id}
    return {"linkType": "RELATION", "linkKind": kind, "target": target}


def said(type_: str, *links: object, **content: object) -> dict[str, Any]:
    """The fields that an event of this type has by its links."""
    event: dict[str, Any] = cdevent(type_, content)
    with_links = {**event, "context": {**event["context"], "links": list(links)}}
    plain = only_fact(of(event)).fields
    found = only_fact(of(with_links)).fields.items()
    return {name: value for name, value in found if plain.get(name) != value}


@pytest.mark.parametrize(
    ("type_", "domain_ids", "expected"),
    [
        ("pipelinerun.queued", [PR], {"change": "acme/checkout-web#7"}),
        ("pipelinerun.queued", [TICKET], {"item": "CHK-1"}),
        ("pipelinerun.queued", [ISSUE], {"item": "acme/checkout-web#5"}),
        ("pipelinerun.queued", [TICKET, PR], {"change": "acme/checkout-web#7"}),
        (
            "pipelinerun.queued",
            [PR, PR, f"{PR}1", COMMIT],
            {
                "changes": ["acme/checkout-web#7", "acme/checkout-web#71"],
                "sha": "0123abcdef",
            },
        ),
        ("change.created", [TICKET], {"tickets": ["CHK-1"]}),
        ("change.created", [PR], {}),
        (
            "service.deployed",
            [PR, TICKET, COMMIT],
            {"items": ["acme/checkout-web#7", "CHK-1"], "shas": ["0123abcdef"]},
        ),
        ("ticket.created", [TICKET], {}),
    ],
)
def test_event_belongs_to_what_it_comes_of(
    type_: str, domain_ids: list[str], expected: dict[str, Any]
) -> None:
    assert said(type_, *map(relation, domain_ids)) == expected


@pytest.mark.parametrize(
    "link",
    [
        relation(PR, "caused_by"),
        relation(PR, "TRIGGERED-BY"),
        relation(f"{PR[:-1]}007"),
        {"linkType": "PATH", "from": {"domainId": PR, "contextId": "e-0"}},
    ],
)
def test_link_that_says_of_what_the_event_comes(link: dict[str, Any]) -> None:
    assert said("pipelinerun.started", link) == {"change": "acme/checkout-web#7"}


@pytest.mark.parametrize(
    "link",
    [
        relation(PR, "TRIGGER"),
        relation(PR, "blockedBy"),
        relation(PR, None),
        relation(["a"]),
        {**relation(PR), "linkType": "END"},
        {**relation(PR), "target": {"contextId": "e-0"}},
        {**relation(PR), "target": PR},
        # The conformance files' invalid ones, and what names nothing that is known.
        relation("cdevents:v0:github:acme:checkout-web:pr:7"),
        relation("cdevents:v0:github::acme:checkout-web::7"),
        relation("cdevents:v0:github::acme:checkout-web:pr:"),
        relation("cdevents:v0:github::acme:/checkout-web:pr:7"),
        relation("cdevents:v0:github::acme:checkout-web/:pr:7"),
        relation("cdevents:v1:github::acme:checkout-web:pr:7"),
        relation("CDEvents:v0:github::acme:checkout-web:pr:7"),
        relation("cdevents:v0:::::pr:7"),
        relation("cdevents:v0:gitlab::acme:checkout-web:mr:7"),
        relation("cdevents:v0:jira::acme:x:issue:OTHER-1"),
        relation("cdevents:v0:github::acme:x:commit:main"),
        "link",
        None,
    ],
)
def test_link_that_says_nothing_clear(link: object) -> None:
    assert said("pipelinerun.started", link) == {}


def test_link_goes_before_the_title_and_the_native_fields_before_both() -> None:
    event: dict[str, Any] = cdevent(
        "change.created", {"description": "feat: x, PLAT-2 and CHK-1"}
    )
    event["context"]["links"] = [relation(TICKET)]
    run: dict[str, Any] = cdevent(
        "pipelinerun.queued", customData={"friction": {"change": "c-1"}}
    )
    run["context"]["links"] = [relation(PR)]

    assert only_fact(of(event)).fields["tickets"] == ["CHK-1", "PLAT-2"]
    assert only_fact(of(run)).fields["change"] == "c-1"


def test_artifact_knows_its_own_commit() -> None:
    artifact = f"pkg:github/acme/checkout-web@{'a' * 40}"

    assert said("service.deployed", relation(COMMIT), artifactId=artifact) == {}


@pytest.mark.parametrize("links", [None, "x", {"linkType": "PATH"}, 5])
def test_links_that_are_no_list_say_nothing(links: object) -> None:
    event: dict[str, Any] = cdevent("pipelinerun.started")
    event["context"]["links"] = links

    assert only_fact(of(event)).fields == {}


@pytest.mark.parametrize(("length", "is_name"), [(900, True), (1_000_000, False)])
def test_a_page_longer_than_any_name_names_no_ticket(
    length: int, is_name: bool
) -> None:
    page = "https://gitlab.example/" + "g/" * (length // 2) + "x/-/issues/7"
    decoded = of(cdevent("ticket.updated", {"uri": page}))
    assert ("aliases" in only_fact(decoded).fields) is is_name


def test_a_page_whose_steps_repeat_is_read_once() -> None:
    """It was searched from each of its steps anew: hours for a megabyte."""
    page = "https://github.com/a/b/" + "https://" * 100_000 + "x/issues/7"
    assert numbered_name("a/b", 7, page) == "a/b#7"
