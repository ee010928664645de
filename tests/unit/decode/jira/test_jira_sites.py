"""A site may be seen under several addresses, and is one where they are configured.

A webhook shows the site's own; a poller through Atlassian's gateway (OAuth) or at one
node of a cluster shows the one that it asks.
"""

from __future__ import annotations

import json
from typing import Any, Final

import pytest

from tests.harness.reference_data import payloads_dir
from tests.unit.decode.jira.jira_bodies import (
    DOING,
    PERSON,
    SITE,
    TODO,
    facts_of,
    issue,
    item,
    moved,
    transition,
    updated,
    with_rules,
)
from tests.unit.decode.records import TEN_O_CLOCK

GATEWAY: Final = "api.atlassian.com/ex/jira/1122"
NODE: Final = "node1.internal:8080/jira"
SITES: Final = {GATEWAY: "acme.example", NODE: "acme.example"}
SETTINGS: Final = with_rules(sites=SITES)
# What is one across the addresses of a site: `https://acme.example/rest/...`.
OWN: Final = SITE.removesuffix("api/2/issue")

Body = dict[str, Any]


def seen_at(body: Body, address: str) -> Body:
    """The body as it is shown at another address of its site."""
    moved_to: Body = json.loads(json.dumps(body).replace(OWN, f"{address}/rest/"))
    return moved_to


def comment_of_a_server() -> Body:
    """It has no issue: the comment's own address tells the site."""
    comment = {
        "self": f"{SITE}/500/comment/31",
        "id": "31",
        "author": PERSON,
        "created": "2026-03-02T11:00:00.123+0000",
    }
    event = {"webhookEvent": "comment_created", "timestamp": TEN_O_CLOCK}
    return event | {"comment": comment}


def event_of_an_app() -> Body:
    """Its issue has no address: that of the project tells the site."""
    project = {"key": "CHK", "self": f"{OWN}api/2/project/10"}
    shown = issue(DOING, project=project)
    del shown["self"]
    changelog = {"id": "900", "items": [moved(TODO, DOING)]}
    event = {"eventType": "avi:jira:updated:issue", "atlassianId": "5b10"}
    return event | {"issue": shown, "changelog": changelog}


BODIES: Final = {
    "webhook": transition(TODO, DOING),
    "issue": issue(DOING),
    "comment": comment_of_a_server(),
    "app": event_of_an_app(),
}
ADDRESSES: Final = (
    f"https://{GATEWAY}",
    f"https://{GATEWAY.upper()}",
    f"http://{NODE}",
)


@pytest.mark.parametrize("address", ADDRESSES)
@pytest.mark.parametrize("name", BODIES)
def test_what_another_address_shows_is_of_the_site(name: str, address: str) -> None:
    """Identity, source and keys are the site's, so every fact is the same one."""
    own = facts_of(BODIES[name])
    told = facts_of(seen_at(BODIES[name], address), settings=SETTINGS)
    assert [fact.identity for fact in told] == [fact.identity for fact in own]
    for one, other in zip(told, own, strict=True):
        assert (one.source, one.entity) == ("acme.example", other.entity)
        assert one.fields.get("keyed") == other.fields.get("keyed")


@pytest.mark.parametrize("address", ADDRESSES)
@pytest.mark.parametrize("name", BODIES)
def test_where_it_is_not_configured_it_is_another_site(name: str, address: str) -> None:
    own = {fact.identity for fact in facts_of(BODIES[name])}
    told = facts_of(seen_at(BODIES[name], address))
    assert own.isdisjoint(fact.identity for fact in told)


@pytest.mark.parametrize(
    ("address", "page"),
    [
        (f"https://{GATEWAY}", "https://acme.example/browse/CHK-1"),
        (f"http://{NODE}", "http://acme.example/browse/CHK-1"),
        ("https://Other.example/jira", "https://Other.example/jira/browse/CHK-1"),
    ],
)
def test_the_page_of_an_issue_is_at_the_sites_own_address(
    address: str, page: str
) -> None:
    """The gateway shows no pages; how a page is opened the address itself tells."""
    (created,) = facts_of(seen_at(issue(TODO), address), settings=SETTINGS)
    assert created.fields["url"] == page


def test_a_site_behind_a_path_is_not_the_one_of_its_host() -> None:
    settings = with_rules(sites={GATEWAY: "acme.example/jira"})
    body = updated(issue(TODO), item("x", "a", "b"))
    told = facts_of(seen_at(body, f"https://{GATEWAY}"), settings=settings)
    assert told == facts_of(seen_at(body, "https://acme.example/jira"))
    assert told != facts_of(body)


def test_another_customer_of_the_gateway_is_another_site() -> None:
    body = seen_at(transition(TODO, DOING), "https://api.atlassian.com/ex/jira/3344")
    assert facts_of(body, settings=SETTINGS) == facts_of(body)


def test_a_poller_of_the_real_gateway_is_read_as_at_the_site() -> None:
    """Of what a real poller was shown, with the address alone exchanged by hand."""
    folder = payloads_dir() / "jira" / "api-issue"
    text = (folder / "port-ocean--issue-a.json").read_text("utf-8")
    gateway = "api.atlassian.com/ex/jira/00000000-0000-0000-0000-000000000000"
    settings = with_rules(sites={gateway: "acme.atlassian.net"})
    told = facts_of(json.loads(text), settings=settings)
    assert told == facts_of(json.loads(text.replace(gateway, "acme.atlassian.net")))
    assert {fact.source for fact in told} == {"acme.atlassian.net"}
