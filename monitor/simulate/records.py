"""Moments as records: what a bridge between the tools and Kafka would write."""

from __future__ import annotations

import json
import zlib
from typing import Final, NamedTuple

from monitor.decode.times import write_time
from monitor.simulate.bodies import github_bodies, jira_bodies
from monitor.simulate.bodies.jira_things import Told
from monitor.simulate.life import Moment

CI: Final = "friction.ci"
TICKETS: Final = "friction.tickets"
DEPLOYS: Final = "friction.deploys"
# All that records of a simulation are in.
TOPICS: Final = (CI, TICKETS, DEPLOYS)
_TRACKER: Final = "tracker.acme.example"
_CI: Final = "https://ci.acme.example"
_OPS: Final = "https://ops.acme.example"
_CI_EVENTS: Final = frozenset(
    {"workflow_job", "check_run", "status", "run", "pipelinerun"}
)
_DEPLOY_EVENTS: Final = frozenset(
    {"deployment", "deployment_status", "deployment_review", "deploy", "service"}
    | {"incident"}
)


class Sent(NamedTuple):
    """A record's content: where it goes, its headers, and its body as JSON."""

    topic: str
    key: str
    headers: dict[str, str]
    value: bytes


def sent(moment: Moment, delivery: str, hook: str = "repository") -> Sent:
    """The record of a moment.

    ``delivery`` is the id a provider gives the delivery; ``hook`` is where GitHub's
    hook hangs, at the repository or at the organisation.
    """
    event, _, action = moment.kind.partition(".")
    topic = TICKETS
    if event in _CI_EVENTS:
        topic = CI
    elif event in _DEPLOY_EVENTS:
        topic = DEPLOYS
    match moment.voice:
        case "github":
            return _github(moment, topic, delivery, hook)
        case "jira":
            return _jira(moment, topic, delivery)
        case "cdevents":
            return _cdevent(moment, event, action, topic, delivery)
        case "native":
            return _native(moment, topic, delivery)


def _github(moment: Moment, topic: str, delivery: str, hook: str) -> Sent:
    event, _, action = moment.kind.partition(".")
    if moment.thing is None or isinstance(moment.thing, Told):
        raise ValueError(f"{moment.kind}: a GitHub body needs a thing")
    headers = {
        "content-type": "application/json",
        "X-GitHub-Event": event,
        "X-GitHub-Delivery": delivery,
        "X-GitHub-Hook-Installation-Target-Type": hook,
    }
    return Sent(topic, "", headers, _json(github_bodies.body_of(action, moment.thing)))


def _jira(moment: Moment, topic: str, delivery: str) -> Sent:
    if not isinstance(moment.thing, Told):
        raise TypeError(f"{moment.kind}: a Jira body needs what is told of a ticket")
    headers = {
        "content-type": "application/json",
        "X-Atlassian-Webhook-Identifier": delivery,
    }
    body = jira_bodies.body_of(moment.kind, moment.thing)
    return Sent(topic, "", headers, _json(body))


def _native(moment: Moment, topic: str, delivery: str) -> Sent:
    body: dict[str, object] = {
        "schema": "friction.event.v1",
        "id": delivery,
        "source": _TRACKER,
        "kind": moment.kind,
        "time": write_time(moment.time),
        "entity": moment.entity,
        "url": f"https://{_TRACKER}/browse/{moment.entity}",
        **moment.said,
    }
    return Sent(topic, moment.entity, {"content-type": "application/json"}, _json(body))


def _cdevent(
    moment: Moment, subject: str, predicate: str, topic: str, delivery: str
) -> Sent:
    source = _OPS if subject == "incident" else _CI
    content, friction = moment.said.get("content", {}), moment.said.get("friction", {})
    body: dict[str, object] = {
        "context": {
            "specversion": "0.5.1",
            "id": delivery,
            "source": source,
            "type": f"dev.cdevents.{subject}.{predicate}.0.3.0",
            "timestamp": write_time(moment.time),
        },
        "subject": {"id": moment.entity, "source": source, "content": content},
        "customData": {"friction": friction},
        "customDataContentType": "application/json",
    }
    headers = {"content-type": "application/json"}
    return Sent(topic, moment.entity, headers, _json(body))


_ENCODER: Final = json.JSONEncoder(ensure_ascii=False, separators=(",", ":"))


def _json(body: object) -> bytes:
    return _ENCODER.encode(body).encode()


def partition_of(key: str, number: int, partitions: int) -> int:
    """By key where there is one, else round robin, as producers do."""
    if key:
        return zlib.crc32(key.encode()) % partitions
    return number % partitions
