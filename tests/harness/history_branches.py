"""What can happen to the job that all items share, and to its default branch."""

from __future__ import annotations

from hypothesis import strategies as st

from tests.harness.history_draft import MINUTE, Draft, Step

# A run of another pipeline tells no repository.
JOB = {"repo": "acme/shop", "pipeline": "acme/shop/ci/build"}


def fail(item: Draft) -> None:
    """The shared job fails on a branch of the item, for no stated reason."""
    _finish(item, item.draw(st.sampled_from(("failure", "failure", "error"))))


def repair(item: Draft) -> None:
    """The shared job succeeds on a branch of the item."""
    _finish(item, "success")


def _finish(item: Draft, outcome: str) -> None:
    item.pass_time()
    item.say(
        "run.finished",
        f"{item.key}-run-{len(item.events)}",
        outcome=outcome,
        on_team="platform",
        sha=item.draw(st.sampled_from(("s1", "s2", None))),
        item=item.key,
        **JOB,
    )
    if item.mode in ("never", "parked"):
        item.mode = "flying"


def merge(item: Draft) -> None:
    """The shared job runs on the default branch, with a commit of the item's."""
    on_default_branch(item, f"{item.key}-main-{len(item.events)}", item.key)
    if item.mode in ("never", "parked"):
        item.mode = "flying"


def on_default_branch(item: Draft, run: str, root: str | None = None) -> None:
    """One more result of the job that all items share."""
    outcome = item.draw(st.sampled_from(("success", "failure", "failure", "error")))
    item.say(
        "run.finished",
        run,
        outcome=outcome,
        cause_team=item.team() if outcome != "success" and item.chance(20) else None,
        team=item.team() if root is None and item.chance(80) else None,
        on_team=item.team() if outcome == "error" else "platform",
        default_branch=True,
        item=root,
        **JOB,
    )


def default_branch(item: Draft) -> None:
    """Runs of the default branch that belong to no item."""
    for number in range(item.draw(st.integers(1, 4))):
        on_default_branch(item, f"{item.key}-{number}")
        item.pass_time(MINUTE)


BRANCH_STEPS: tuple[Step, ...] = (fail, fail, fail, repair, merge)
