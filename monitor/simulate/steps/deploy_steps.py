"""Deploys of a ticket: what they wait for, and what breaks them.

They are told natively or as CDEvents, which can name their item and say who caused
a failure; of GitHub's deployments see ``incidents``.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import Final

from monitor.simulate.draft import SECOND, Draft
from monitor.simulate.freezes import Freeze
from monitor.simulate.life import SHARED_CAP, Said, Wait
from monitor.simulate.steps import noting, tracker
from monitor.simulate.steps.ticket_steps import DAY, chatter
from monitor.simulate.words import sha

HOUR: Final = 3_600
PRODUCTION: Final = "production"
_FAILURE: Final = "deploy_failure"


def begin(draft: Draft, ready: int, service: str) -> None:
    """Go on as soon as no freeze holds the deploy up; few go on all the same."""
    for freeze in _holding(draft, service):
        if freeze.start <= draft.now < freeze.end and draft.chance.random() < 0.9:
            draft.now = freeze.end + draft.chance.randint(1, 900) * SECOND
    note_freezes(draft, ready, service)


def _holding(draft: Draft, service: str) -> list[Freeze]:
    team = draft.team.id
    return [one for one in draft.organisation.freezes if one.holds(service, team)]


def note_freezes(draft: Draft, ready: int, service: str) -> None:
    """What it waited for since it was ready, whatever else it waited for."""
    for freeze in _holding(draft, service):
        span = freeze.meets(ready, draft.now)
        if span is not None:
            known = (freeze.start, freeze.end)
            draft.wait(Wait("deploy_freeze", freeze.on_team, *span, blocker=known))


def approved_deploy(draft: Draft) -> None:
    """A deploy of this item alone waits for another team's approval."""
    entity = f"deploy-{draft.fresh()}"
    on_team, start = draft.other_team(platform=0.8), draft.now
    said = _said(draft, draft.team.service)
    draft.tell("deploy.ready", said, entity=entity)
    asked = said | {"on_team": on_team.id}
    draft.tell("deploy.approval_requested", asked, entity=entity)
    chatter(draft, draft.chance.choice((300, 1200, 3 * HOUR, DAY)) + 11)
    decided = asked | {"decision": "approved", "actor_role": "staff"}
    draft.tell("deploy.approval_decided", decided, entity=entity)
    noting.decided(draft, "approved", "staff")
    draft.wait(Wait("deploy_approval", on_team.id, start, draft.now))
    draft.now += 30 * SECOND
    begin(draft, start, draft.team.service)
    if draft.chance.random() < 0.15:
        # Nobody else's doing: the item's own work goes on until the next one.
        _run(draft, said, entity, {"outcome": "failure"})
        draft.between(600, 3 * HOUR)
        entity = f"deploy-{draft.fresh()}"
    _run(draft, said, entity, {"outcome": "success"})


def _said(draft: Draft, service: str) -> Said:
    return {
        "items": [draft.name],
        "service": service,
        "environment": PRODUCTION,
        "item": draft.name,
    }


def _run(draft: Draft, said: Said, entity: str, result: Said) -> None:
    """The deploy itself: started and finished."""
    draft.tell("deploy.started", said, entity=entity)
    draft.now += draft.chance.randint(60, 900) * SECOND
    _tell_result(draft, said | result, entity=entity)


def shipped(draft: Draft, *, fails: bool) -> None:
    """A deploy of the item's own; where it fails, by its own fault, a second one."""
    said = _said(draft, draft.team.service)
    for outcome in ("failure", "success") if fails else ("success",):
        _run(draft, said, f"deploy-{draft.fresh()}", {"outcome": outcome})
        draft.between(600, 2 * HOUR)


def broken_deploy(draft: Draft) -> None:
    """Another team breaks a deploy; the item waits until one succeeds there.

    Nobody else deploys the team's worker meanwhile, but who is planned here: so it
    is known what holds it up.
    """
    if draft.chance.random() < 0.4:
        _rolled_back(draft)
        return
    cause, failed = _failed(draft)
    other = _another(draft) if draft.chance.random() < 0.4 else None
    chatter(draft, _until_repaired(draft))
    if other is None:
        said, entity = _said(draft, draft.team.worker), f"deploy-{draft.fresh()}"
        _run(draft, said, entity, {"outcome": "success"})
    else:
        _repaired_by(draft, other)
    draft.wait(_wait(cause, failed, draft.now))
    draft.now += 60 * SECOND
    tracker.comment(draft)


def _until_repaired(draft: Draft) -> int:
    return draft.chance.choice((900, HOUR, 4 * HOUR, DAY)) + draft.chance.randint(0, 99)


def _wait(cause: str, start: int, end: int) -> Wait:
    return Wait(_FAILURE, cause, start, end, cap=SHARED_CAP)


def _failed(draft: Draft) -> tuple[str, int]:
    """Broken by a team: returns which, and when."""
    cause, entity = draft.other_team(platform=0.8).id, f"deploy-{draft.fresh()}"
    broken: Said = {"outcome": "failure", "cause_team": cause}
    _run(draft, _said(draft, draft.team.worker), entity, broken)
    noting.trouble(draft, cause, _FAILURE)
    return cause, draft.now


def _another(draft: Draft) -> Draft:
    """Somebody else's deploy fails there too, by other hands: still the same wait."""
    other = Draft(
        draft.organisation, draft.team, draft.chance, draft.fresh(), draft.now
    )
    other.item = f"deploy-{other.number}"
    other.now += draft.chance.randint(1, 600) * SECOND
    cause = draft.other_team(platform=0.0).id
    _by_other_hands(other, {"outcome": "failure", "cause_team": cause})
    return other


def _repaired_by(draft: Draft, other: Draft) -> None:
    draft.now = max(draft.now, other.now + SECOND)
    other.now = draft.now
    _by_other_hands(other, {"outcome": "success"})
    draft.others.append(other.finish())


def _by_other_hands(draft: Draft, result: Said) -> None:
    where: Said = {"service": draft.team.worker, "environment": PRODUCTION}
    _tell_result(draft, where | result)


def _tell_result(draft: Draft, result: Said, entity: str = "") -> None:
    """The deploy ended, in production."""
    draft.tell("deploy.finished", result, entity=entity)
    noting.deployed(draft, ok=result["outcome"] == "success")


def _rolled_back(draft: Draft) -> None:
    """CDEvents: taken back because of another team, and later deployed again."""
    cause, failed = draft.other_team(platform=0.8).id, draft.now
    entity = f"{draft.team.worker}/{draft.fresh()}"
    _cdevent(draft, "rolledback", entity, {"cause_team": cause})
    noting.trouble(draft, cause, _FAILURE)
    chatter(draft, _until_repaired(draft))
    _cdevent(draft, "deployed", entity, {})
    draft.wait(_wait(cause, failed, draft.now))
    draft.now += 60 * SECOND
    tracker.comment(draft)


def _cdevent(draft: Draft, predicate: str, entity: str, more: Said) -> None:
    worker = draft.team.worker
    content: Said = {
        "environment": {"id": PRODUCTION},
        "artifactId": f"pkg:oci/{worker}@sha256:{sha(draft.chance)}",
    }
    friction: Said = {"item": draft.name, "service": worker, **more}
    said: Said = {"content": content, "friction": friction}
    draft.tell(f"service.{predicate}", said, voice="cdevents", entity=entity)
    noting.deployed(draft, ok=predicate == "deployed")


def late_deploy(draft: Draft) -> None:
    """The ticket is done while its deploy waits for an approval, or for a thaw."""
    team = draft.team
    frozen = any(
        one.start <= draft.now < one.end and one.holds(team.service, team.id)
        for one in draft.organisation.freezes
    )
    _done_before(draft, _thawed_late if frozen else _approved_late)


def repaired_late(draft: Draft) -> None:
    """The ticket is done while its deploy is still broken by another team."""
    _done_before(draft, _repaired_late)


def _done_before(draft: Draft, step: Callable[[Draft, Draft], None]) -> None:
    """What a deploy waits outside of its item's flight is its service's owner's."""
    number = draft.fresh()
    rest = Draft(draft.organisation, draft.team, draft.chance, number, draft.now)
    rest.item, rest.issue = draft.item, draft.issue
    step(draft, rest)
    draft.share(rest)
    rest.fly_while_waiting(since=draft.now)
    draft.others.append(rest.finish())


def _done_meanwhile(draft: Draft, rest: Draft) -> None:
    tracker.comment(draft)
    draft.between(300, 2 * HOUR)
    tracker.finish(draft)
    rest.now = draft.now


def _approved_late(draft: Draft, rest: Draft) -> None:
    on_team, start = draft.other_team(platform=0.8), draft.now
    asked = _said(rest, draft.team.service) | {"on_team": on_team.id}
    entity = f"deploy-{rest.number}"
    rest.tell("deploy.approval_requested", asked, entity=entity)
    _done_meanwhile(draft, rest)
    rest.between(300, 6 * HOUR)
    decided = asked | {"decision": "approved"}
    rest.tell("deploy.approval_decided", decided, entity=entity)
    noting.decided(rest, "approved")
    rest.wait(Wait("deploy_approval", on_team.id, start, rest.now))


def _repaired_late(draft: Draft, rest: Draft) -> None:
    cause, start = draft.other_team(platform=0.8).id, draft.now
    said, entity = _said(rest, draft.team.worker), f"deploy-{rest.number}"
    broken = said | {"outcome": "failure", "cause_team": cause}
    _tell_result(rest, broken, entity)
    noting.trouble(rest, cause, _FAILURE)
    _done_meanwhile(draft, rest)
    rest.between(300, 6 * HOUR)
    _tell_result(rest, said | {"outcome": "success"}, entity)
    rest.wait(_wait(cause, start, rest.now))


def _thawed_late(draft: Draft, rest: Draft) -> None:
    start, service = draft.now, draft.team.service
    said, entity = _said(rest, service), f"deploy-{rest.number}"
    rest.tell("deploy.ready", said, entity=entity)
    _done_meanwhile(draft, rest)
    begin(rest, start, service)
    _run(rest, said, entity, {"outcome": "success"})
