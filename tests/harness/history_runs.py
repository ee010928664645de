"""What can happen to the runs of an item in a drawn history."""

from __future__ import annotations

from hypothesis import strategies as st

from tests.harness.history_branches import JOB, on_default_branch
from tests.harness.history_draft import Body, Draft

OUTCOMES = (
    *("success", "success", "failure", "failure"),
    *("error", "timed_out", "cancelled"),
)
STAGES = ("run.queued", "run.started", "run.finished")
REPOSITORIES = ("acme/find", "acme/shop")
# Which stages of a run state the number of its attempt.
NUMBERED = (STAGES, STAGES, (), STAGES[:1], STAGES[1:2], STAGES[2:])


def run_step(item: Draft) -> None:
    """A run is queued, or one that was goes on."""
    if item.mode == "done":
        # After the merge, at most, on the default branch.
        if item.chance(30):
            on_default_branch(item, f"{item.key}-main-{len(item.events)}", item.key)
        return
    if not item.runs or item.chance(50):
        change = None
        if item.changes and item.chance(80):
            change = item.draw(st.sampled_from(sorted(item.changes)))
        name = f"{item.key}-run-{len(item.events)}"
        run: Body = {"entity": name, "change": change, "stage": 0}
        run["pool"] = item.team()
        run["sha"] = item.draw(st.sampled_from(("s1", "s1", "s2", None)))
        run["attempt"] = item.draw(st.sampled_from((1, 1, 2)))
        run["numbered"] = item.draw(st.sampled_from(NUMBERED))
        run["shared"] = item.chance(50)
        run["everywhere"] = item.chance(50)
        run["repo"] = item.draw(st.sampled_from((None, None, *REPOSITORIES)))
        run["main"] = item.draw(st.sampled_from((None, None, True, False)))
        item.runs.append(run)
    run = item.draw(st.sampled_from(item.runs))
    said = {key: run[key] for key in ("sha", "change")} | {"item": item.key}
    said |= JOB if run["shared"] else _own_job(item, run)
    said = _some_of(item, said | {"default_branch": run["main"]})
    if run["stage"] < 2 and item.chance(20):
        _held(item, run, said)
        return
    stage = item.draw(st.integers(run["stage"], 2))
    run["stage"] = min(stage + 1, 2)
    if STAGES[stage] in run["numbered"]:
        said["attempt"] = run["attempt"]
    if stage == 2:
        if item.chance(40):
            run["stage"], run["attempt"] = 0, run["attempt"] + 1
        else:
            item.runs.remove(run)
        finished(item, run["entity"], said)
        return
    pool = run["pool"] if stage == 0 else None
    item.say(STAGES[stage], run["entity"], on_team=pool, **said)
    if item.mode in ("never", "parked"):
        item.mode = "flying"


def _some_of(item: Draft, said: Body) -> Body:
    """What an event tells of its run: of some things another of them may tell."""
    untold = [
        name
        for name in ("sha", "repo", "pipeline", "default_branch")
        if item.chance(25)
    ]
    return said | dict.fromkeys(untold)


def _own_job(item: Draft, run: Body) -> Body:
    """A pipeline that others do not share, of a repository that may not be told."""
    name = item.key if run["everywhere"] else run["change"] or item.key
    return {"pipeline": f"{name}/build", "repo": run["repo"]}


def _held(item: Draft, run: Body, said: Body) -> None:
    """A gate holds a run that waits, and may let it go; who says so may not count."""
    for kind in item.draw(st.sampled_from((("held",), ("held", "queued")))):
        attempt = item.draw(st.sampled_from((run["attempt"], None, None)))
        item.say(f"run.{kind}", run["entity"], **said | {"attempt": attempt})
        if item.chance(70):
            item.pass_time()
    if item.mode in ("never", "parked"):
        item.mode = "flying"


def finished(item: Draft, run: str, said: dict[str, object]) -> None:
    """A run ends; the pipelines are platform's, but for some that broke."""
    outcome = item.draw(st.sampled_from(OUTCOMES))
    failed = outcome not in ("success", "cancelled")
    cause = item.team() if failed and item.chance(40) else None
    owner = item.team() if outcome == "error" and item.chance(50) else "platform"
    item.say(
        "run.finished",
        run,
        outcome=outcome,
        cause_team=cause,
        on_team=owner,
        **said,
    )
    if item.mode in ("never", "parked"):
        item.mode = "flying"
