"""What can happen to deploys in a drawn history, and freezes of them."""

from __future__ import annotations

from typing import Any

from hypothesis import strategies as st

from tests.harness.history_draft import HOUR, MINUTE, Draft


def deploy_step(item: Draft) -> None:
    """A deploy asks for approval, in flight or not, and is answered or not."""
    deploy = f"{item.key}-D-{item.draw(st.integers(1, 2))}"
    service = "checkout-api" if deploy.endswith("1") else "search-api"
    if deploy not in item.deploys or item.chance(35):
        item.deploys.append(deploy)
        kind, said = "requested", {"on_team": item.team()}
    else:
        decision = item.draw(st.sampled_from(("approved", "rejected", "cancelled")))
        kind, said = "decided", {"decision": decision}
        asked = [
            body["on_team"]
            for body in item.events
            if body["entity"] == deploy and body["kind"].endswith("l_requested")
        ]
        if item.chance(60):
            said["on_team"] = item.draw(st.sampled_from(asked))
    said |= _owned(item, deploy)
    item.say(f"deploy.approval_{kind}", deploy, item=item.key, service=service, **said)


def _owned(item: Draft, deploy: str) -> dict[str, str]:
    """Whose the deploy is, in some of its words: the same team, whoever its item's is.

    Which of two counts that are named at one instant depends on hashes.
    """
    named = [body.get("team") for body in item.events if body["entity"] == deploy]
    known = next(filter(None, named), None)
    if not item.chance(40 if known is None else 60):
        return {}
    return {"team": known or item.team()}


def roll_out(item: Draft) -> None:
    """A deploy goes on or ends, in one of few lanes that all items share."""
    deploy = f"{item.key}-D-{item.draw(st.integers(1, 3))}"
    rolled_out(item, deploy, item.key)


def rolled_out(item: Draft, deploy: str, root: str | None = None) -> None:
    """One more word on a deploy: where to, how far, and by whom it failed."""
    kind = item.draw(st.sampled_from(("ready", "started", "finished", "rolled_back")))
    outcome = item.draw(st.sampled_from(("success", "failure", "error", "cancelled")))
    item.say(
        f"deploy.{kind}",
        deploy,
        service=item.draw(st.sampled_from(("checkout-api", "checkout-api", None))),
        environment=item.draw(st.sampled_from((None, None, "prod", "test"))),
        unplanned=True if item.chance(15) else None,
        outcome=outcome if kind == "finished" else None,
        cause_team=item.team() if item.chance(60) else None,
        item=root,
        **_owned(item, deploy),
    )


def freeze(item: Draft) -> None:
    """A freeze of a service, of teams or of everything, once or twice, ended or not."""
    scope: dict[str, Any] = item.draw(
        st.sampled_from(
            (
                {},
                {"services": ["checkout-api"]},
                {"services": ["Checkout-API", "other"]},
                {"teams": ["checkout"]},
                {"teams": ["nobody"]},
                {"services": ["search-api"], "teams": ["platform", "search"]},
            )
        )
    )
    for _ in range(item.draw(st.integers(1, 2))):
        item.say("freeze.started", on_team=item.team(), **scope)
        item.pass_time(HOUR)
        if item.chance(70):
            item.say("freeze.ended", on_team=item.team())
            item.pass_time()


def lone_deploy(item: Draft) -> None:
    """A deploy of no item, waiting for its approvals, failing or held by a freeze."""
    for _ in range(item.draw(st.integers(0, 3))):
        rolled_out(item, item.key)
        item.pass_time(MINUTE)
    for _ in range(item.draw(st.integers(1, 3))):
        said = {"service": "checkout-api"} | _owned(item, item.key)
        item.say("deploy.approval_requested", on_team=item.team(), **said)
        item.pass_time(MINUTE)
    if item.chance(70):
        item.say("deploy.approval_decided", decision="approved")
