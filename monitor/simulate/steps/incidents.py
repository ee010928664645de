"""Stories that are no tickets: incidents, deployments of their own, robots' changes."""

from __future__ import annotations

from typing import Final

from monitor.decode.times import write_time
from monitor.simulate.bodies.things import Pull, pull_key
from monitor.simulate.draft import SECOND, Draft
from monitor.simulate.life import Life, Outage, Said
from monitor.simulate.steps import ci_steps, gate_steps, noting
from monitor.simulate.steps.pull_steps import merged, opened
from monitor.simulate.words import sha

HOUR: Final = 3_600
ROBOT: Final = "dependabot[bot]"


def incident(draft: Draft) -> Life:
    """Something of the team's breaks, at any hour, because of others or by itself."""
    chance = draft.chance
    causes = _causes(draft)
    responders = chance.choice((1, 1, 2, 3))
    late = chance.random() < 0.3 and bool(causes)
    cdevents = chance.random() < 0.4 and len(causes) < 2
    length = chance.choice((20 * 60, HOUR, 3 * HOUR, 30 * HOUR))
    start, end = draft.now, draft.now + length * SECOND
    draft.item = f"incident-{draft.number}"
    stated: Said = _stated(causes)
    first: Said = {"service": draft.team.service, "responders": responders}
    _tell(draft, "opened", first | ({} if late else stated), cdevents)
    for cause in causes:
        if cause != draft.team.id:
            noting.trouble(draft, cause, "incident")
    draft.now = end
    _tell(draft, "mitigated", stated if late else {}, cdevents)
    known = ((end if late else start, causes),) if causes else ()
    item = f"https://ops.acme.example#{draft.item}" if cdevents else draft.item
    life = draft.finish()
    outage = Outage(draft.team.id, start, end, known, responders)
    return life._replace(item=item, outage=outage)


def _causes(draft: Draft) -> tuple[str, ...]:
    luck = draft.chance.random()
    if luck < 0.2:
        return ()
    if luck < 0.35:
        return (draft.team.id,)
    first = draft.other_team(platform=0.7).id
    second = draft.other_team(platform=0.0).id
    return (first, second) if luck > 0.85 and second != first else (first,)


def _stated(causes: tuple[str, ...]) -> Said:
    if not causes:
        return {}
    return {"cause_team": causes[0] if len(causes) == 1 else list(causes)}


def _tell(draft: Draft, stage: str, fields: Said, cdevents: bool) -> None:
    if not cdevents:
        draft.tell(f"incident.{stage}", fields)
        return
    predicate = "detected" if stage == "opened" else "resolved"
    content: Said = {
        "description": "Error budget burning"
        if stage == "opened"
        else "Back to normal",
        "environment": {"id": "production"},
        "service": {"id": draft.team.service},
    }
    friction = {key: value for key, value in fields.items() if key != "service"}
    said: Said = {"content": content, "friction": friction}
    draft.tell(f"incident.{predicate}", said, voice="cdevents")


def deployment(draft: Draft) -> Life:
    """GitHub: a deployment of the main branch waits for its environment's reviewers.

    Its commit belongs to no known change, so it is an item of its own.
    """
    repo, commit = draft.chance.choice(draft.team.repos), sha(draft.chance)
    thing = gate_steps.to_production(draft, repo, commit)
    draft.item = f"github.com:deploy/{thing.id}"
    gate_steps.deployed(draft, thing)
    return draft.finish()


def upgraded_service(draft: Draft) -> Life:
    """CDEvents: a service was deployed. Nobody waited; nothing is in the ledger."""
    draft.item = f"service/{draft.team.service}"
    content: Said = {
        "environment": {"id": "production"},
        "artifactId": f"pkg:oci/{draft.team.service}@sha256:{sha(draft.chance)}",
    }
    said: Said = {"content": content, "friction": {"service": draft.team.service}}
    # Nothing but when and where it was tells one deploy of a service from another.
    when = f"production/{write_time(draft.now)}"
    draft.tell("service.deployed", said, voice="cdevents")
    noting.deployed(draft, ok=True)
    life = draft.finish()
    return life._replace(item=f"https://ci.acme.example#{life.item}/{when}")


def robot_change(draft: Draft) -> Life:
    """A robot opens a change and merges it: no item, nothing in the ledger."""
    pull = opened(draft)
    ci_steps.green(draft, pull)
    merged(draft, pull)
    moments = tuple(
        told._replace(thing=told.thing._replace(author=ROBOT))
        if isinstance(told.thing, Pull)
        else told
        for told in draft.finish().moments
    )
    return Life(item=f"robot:{pull_key(pull)}", moments=moments)
