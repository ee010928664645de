"""A server may be seen under several addresses, and is one where they are configured.

What is expected is what bodies come to that show the server's own address alone.
"""

from __future__ import annotations

import json
from typing import Any, Final

import pytest

from monitor.decode.decode import decode
from monitor.decode.hosts import ServerHosts
from monitor.decode.settings import NO_HINT, DecodeSettings
from monitor.domain.facts import Fact
from monitor.domain.outcomes import Decoded, Record
from tests.harness.reference_data import payloads_dir
from tests.unit.decode.github.github_records import RECEIPT, T, issue, job, pull

OWN: Final = "ghe.example"
OLD, NODE = "ghe-old.example", "node1.internal:8443"
HOSTS: Final = ServerHosts({OLD: OWN, NODE: OWN})
SETTINGS: Final = DecodeSettings(frozenset({"CHK"}), hosts=HOSTS)

Body = dict[str, Any]


def repository(number: int, name: str) -> Body:
    return {
        "id": number,
        "node_id": f"R_{number}",
        "full_name": name,
        "html_url": f"https://{OWN}/{name}",
        "default_branch": "main",
    }


SHOP: Final = repository(77, "acme/shop")
PAGE: Final = f"https://{OWN}/acme/shop"
API: Final = f"https://{OWN}/api/v3/repos/acme/shop"
SENDER: Final = {"login": "dev-a", "html_url": f"https://{OWN}/dev-a"}
TEAM: Final = {
    "id": 5,
    "slug": "search",
    "html_url": f"https://{OWN}/orgs/acme/teams/s",
}


def hooked(body: Body) -> Body:
    return {"repository": SHOP, **body}


def card() -> Body:
    """Of an organisation: its sender alone tells the host."""
    ends = {"from": None, "to": {"name": "Blocked"}}
    item = {"content_node_id": "I_12", "content_type": "Issue", "updated_at": T[3]}
    changes = {"field_value": {"field_name": "Status", **ends}}
    told = {"action": "edited", "projects_v2_item": item, "changes": changes}
    return told | {"sender": SENDER}


def dependency() -> Body:
    """Of two repositories, one of which only the address of its issue tells."""
    other = {"number": 4, "html_url": f"https://{OWN}/acme/till/issues/4"}
    told = issue("blocked_by_added")
    blocked = told.pop("issue")
    blocking = {**blocked, **other}
    return hooked({**told, "blocked_issue": blocked, "blocking_issue": blocking})


# Each as its event: a body of GitHub's own server.
BODIES: Final[dict[str, tuple[str, Body]]] = {
    "pull": ("pull_request", hooked(pull("opened"))),
    "pull that closes": (
        "pull_request",
        hooked(pull("opened", body=f"Fixes {PAGE}/issues/3, closes CHK-1")),
    ),
    "review asked": (
        "pull_request",
        hooked(pull("review_requested", requested_team=TEAM)),
    ),
    "issue": (
        "issues",
        hooked(issue("opened", issue={"html_url": f"{PAGE}/issues/1"})),
    ),
    "transferred": (
        "issues",
        hooked(issue("opened"))
        | {"changes": {"old_issue": {"number": 3}, "old_repository": SHOP | {"id": 9}}},
    ),
    "sub-issue of": (
        "issues",
        hooked(issue("edited", issue={"parent_issue_url": f"{API}/issues/2"})),
    ),
    "dependency": ("issue_dependencies", dependency()),
    "card": ("projects_v2_item", card()),
    "job": ("workflow_job", hooked(job(status="completed", completed_at=T[2]))),
}
EVENT: Final[Body] = {
    "context": {
        "specversion": "0.5.1",
        "id": "1",
        "source": f"{API}/actions",
        "type": "dev.cdevents.change.reviewed.0.3.0",
        "timestamp": T[2],
    },
    "subject": {
        "id": f"{API}/pulls/7",
        "source": f"https://{OWN}",
        "content": {"repository": {"id": PAGE, "source": f"https://{OWN}"}},
    },
    "customData": {
        "github": hooked({"action": "submitted", "sender": SENDER})
        | {"review": {"user": {"login": "dev-b", "id": 4}}}
    },
}
EVENTS: Final[dict[str, Body]] = {
    "of CDviz": EVENT,
    "a run": {
        "context": EVENT["context"] | {"type": "dev.cdevents.pipelinerun.queued.0.3.0"},
        "subject": {"id": f"{API}/actions/runs/5/attempts/1", "content": {}},
    },
    "a ticket": {
        "context": EVENT["context"] | {"type": "dev.cdevents.ticket.created.0.2.0"},
        "subject": {"id": f"{PAGE}/issues/3", "content": {"uri": f"{PAGE}/issues/3"}},
    },
}


def read(text: str, event: str = "", settings: DecodeSettings = SETTINGS) -> Decoded:
    headers = (("X-GitHub-Event", event.encode()),) if event else ()
    record = Record("t", 0, 0, RECEIPT, None, headers, text.encode())
    return decode(record, NO_HINT, settings)


def told(text: str, event: str = "", settings: DecodeSettings = SETTINGS) -> list[Fact]:
    found = read(text, event, settings)
    assert not found.reasons
    assert found.facts
    return list(found.facts)


def at(address: str, body: Body) -> str:
    return json.dumps(body).replace(f"//{OWN}", f"//{address}")


@pytest.mark.parametrize("address", [OLD, NODE, OLD.upper()])
@pytest.mark.parametrize("name", BODIES)
def test_what_another_address_shows_is_of_the_server(name: str, address: str) -> None:
    """Identity, source, keys and pages are the server's: every fact is the same one."""
    event, body = BODIES[name]
    assert told(at(address, body), event) == told(json.dumps(body), event)
    assert {fact.source for fact in told(at(address, body), event)} == {OWN}


@pytest.mark.parametrize("address", [OLD, NODE, OLD.upper()])
@pytest.mark.parametrize("name", EVENTS)
def test_so_is_what_cdevents_name_by_its_address(name: str, address: str) -> None:
    body = EVENTS[name]
    assert told(at(address, body)) == told(json.dumps(body))


@pytest.mark.parametrize("name", BODIES)
def test_where_it_is_not_configured_it_is_another_server(name: str) -> None:
    event, body = BODIES[name]
    own = {fact.identity for fact in told(json.dumps(body), event)}
    plain = DecodeSettings(frozenset({"CHK"}))
    found = told(at(OLD, body), event, plain)
    assert own.isdisjoint(fact.identity for fact in found)


def test_an_issue_of_the_server_is_closed_by_a_link_to_either_address() -> None:
    body = hooked(pull("opened", body=f"Fixes https://{OLD}/acme/shop/issues/3"))
    opened = told(json.dumps(body), "pull_request")[0]
    assert opened.fields["tickets"] == [f"{OWN}:77#3"]


@pytest.mark.parametrize(
    "address",
    [
        f"{OLD}:8443",
        f"{OLD}.example",
        f"x{OLD}",
        f"{OLD}-2",
        "node1.internal",
        f"{OLD}@other.example",
    ],
)
def test_an_address_that_only_begins_or_ends_like_it_is_another(address: str) -> None:
    body = at(address, hooked(pull("opened")))
    plain = DecodeSettings(frozenset({"CHK"}))
    assert told(body, "pull_request") == told(body, "pull_request", plain)


def test_slashes_may_be_escaped_as_json_allows() -> None:
    event, body = BODIES["pull"]
    text = at(OLD, body).replace("/", "\\/")
    assert told(text, event) == told(json.dumps(body), event)


def test_what_the_header_says_is_an_address_too() -> None:
    """Of a card that was cut short."""
    body = card()
    del body["sender"]
    value = json.dumps(body).encode()
    sources = set()
    for host in (OLD, OLD.upper(), OWN):
        headers = (
            ("X-GitHub-Event", b"projects_v2_item"),
            ("X-GitHub-Enterprise-Host", host.encode()),
        )
        record = Record("t", 0, 0, RECEIPT, None, headers, value)
        (fact,) = decode(record, NO_HINT, SETTINGS).facts
        sources.add((fact.source, fact.entity, fact.identity))
    assert len(sources) == 1
    assert {source for source, _, _ in sources} == {OWN}


def test_a_cloudevent_and_what_is_in_it_agree_at_another_address() -> None:
    """What is around the event is of the same address as what is in it."""
    about = EVENT["context"]
    headers = tuple(
        (f"ce_{name}", value.replace(OWN, OLD).encode())
        for name, value in about.items()
        if name in {"id", "source", "type", "specversion"}
    )
    value = at(OLD, EVENT).encode()
    record = Record("t", 0, 0, RECEIPT, None, headers, value)
    assert decode(record, NO_HINT, SETTINGS).unknown_fields == 0


def test_a_real_body_of_another_address_is_read_as_at_the_server() -> None:
    """Of what GitHub sent, with its address alone exchanged by hand."""
    folder = payloads_dir() / "github" / "pull_request"
    text = next(iter(sorted(folder.glob("*opened*.json")))).read_text("utf-8")
    own = text.replace("github.com", OWN)
    assert told(text.replace("github.com", OLD), "pull_request") == told(
        own, "pull_request"
    )
