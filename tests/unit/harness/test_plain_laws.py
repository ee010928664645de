"""The second opinion holds the laws it is used to judge by."""

from __future__ import annotations

from collections import defaultdict
from fractions import Fraction

from hypothesis import HealthCheck, given, settings

from tests.harness.histories import History, histories
from tests.harness.plain_evaluator import Measured, measure

FEW = settings(
    max_examples=40,
    deadline=None,
    derandomize=True,
    suppress_health_check=[HealthCheck.too_slow, HealthCheck.data_too_large],
)


@FEW
@given(histories())
def test_an_item_never_adds_more_than_one_second_per_second(history: History) -> None:
    measured = measure(history.events, history.world, history.instants[-1])
    per_interval: dict[tuple[str, int, str], Fraction] = defaultdict(Fraction)
    for amount in measured.amounts:
        # Own failures are told apart of time that is told as active, too.
        if amount.component != "incident" and amount.sort != "own_failure":
            deploy = "deploy" if amount.component == "deploy_approval" else ""
            per_interval[amount.item + deploy, amount.start, amount.team] += (
                amount.milliseconds / (amount.end - amount.start)
            )
    assert all(share <= 1 for share in per_interval.values())


def _totals(measured: Measured) -> dict[tuple[str, ...], Fraction]:
    totals: dict[tuple[str, ...], Fraction] = defaultdict(Fraction)
    for a in measured.amounts:
        totals[a.sort, a.team, a.on_team, a.component, a.phase] += a.milliseconds
    return totals


@FEW
@given(histories())
def test_totals_settle_long_after_the_last_event(history: History) -> None:
    one = _totals(measure(history.events, history.world, "2026-10-01T00:00:00Z"))
    two = _totals(measure(history.events, history.world, "2026-10-20T00:00:00Z"))
    grown = {key for key in two if two[key] != one.get(key, 0)}
    assert all(phase in ("idle", "stale") for *_, phase in grown)
