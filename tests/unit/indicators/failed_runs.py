"""Failed and passed runs of a pipeline, written briefly."""

from typing import Any, Final

from monitor.domain.facts import Fact
from tests.unit.indicators.history import fact

SHARED: Final = "checkout>platform ci_shared_failure"
FLAKY: Final = "checkout>platform ci_flaky"


def result(when: str, outcome: str, entity: str = "", **fields: Any) -> Fact:
    known = {"pipeline": "build", **fields}
    if known["pipeline"] is None:
        del known["pipeline"]
    return fact("run.finished", when, entity or when, outcome=outcome, **known)


def failed(when: str, *causes: str, **fields: Any) -> Fact:
    if causes:
        fields["cause_teams"] = list(causes)
    return result(when, "failure", **fields)


def passed(when: str, **fields: Any) -> Fact:
    return result(when, "success", **fields)


def waited(key: str, length: int) -> dict[str, float]:
    """One episode on Monday, all else feature."""
    return {
        f"{key} acute": 900,
        f"{key} chronic": length - 900,
        "checkout feature": 28_800 - length,
    }


def own(length: int) -> dict[str, float]:
    """A Monday of feature work with a failure of one's own in it."""
    return {"checkout feature": 28_800, "checkout own failure": length}
