"""What two teams of the board's history delivered, and what rules record of it.

As for the rest of the history, formulas are written out here in Python.
"""

from collections.abc import Iterator

from tests.harness.board_rules import DAY, HOUR, Put, Series

WINDOW = "28d"
# Successes, and failures by cause.
DEPLOYS = {
    "checkout": {"none": 14, "own": 2, "other_team": 3, "external": 1},
    "search": {"none": 27, "own": 1},
    "ops": {"none": 3},
    # It never succeeded.
    "mobile": {"own": 2},
}
UNPLANNED = {"checkout": 4, "search": 7, "ops": 1, "mobile": 1}
DONE = {"checkout": {"feature": 6, "defect": 2}, "search": {"feature": 20}}
IN_FLIGHT = {"checkout": 5, "search": 3}
# Opened and closed.
REQUESTS = {"platform": (12, 10), "search": (3, 2), "billing": (5, 0), "ops": (1, 0)}
# How many spans end in the bucket of one hour to four, and in that of a day to two.
SPANS = {
    ("checkout", "lead_time"): (10, 0),
    ("checkout", "recovery"): (4, 0),
    ("checkout", "flow_time"): (0, 8),
    ("search", "lead_time"): (0, 10),
    ("search", "recovery"): (1, 0),
    ("search", "flow_time"): (0, 20),
}
_BOUNDS = (HOUR, 4 * HOUR, DAY, 2 * DAY)
EFFICIENCY = {"checkout": 0.25, "search": 0.5, "ops": 0.1, "mobile": 0.2}


def put_delivery(put: Put) -> None:
    """What the monitor itself shows; at first it knows half a day of the window."""
    put("friction_window_known_seconds", DAY / 2, window=WINDOW)
    for team, causes in DEPLOYS.items():
        for cause, count in causes.items():
            outcome = "success" if cause == "none" else "failure"
            labels = {"team": team, "outcome": outcome, "cause": cause}
            put("friction_window_deploys", count, window=WINDOW, **labels)
    for team, count in UNPLANNED.items():
        put("friction_window_unplanned_deploys", count, window=WINDOW, team=team)
    for team, classes in DONE.items():
        for name, count in classes.items():
            labels = {"team": team, "work_class": name}
            put("friction_window_items_done", count, window=WINDOW, **labels)
    for team, count in IN_FLIGHT.items():
        put("friction_items_in_flight", count, team=team)
    for team, numbers in REQUESTS.items():
        for state, count in zip(("opened", "closed"), numbers, strict=True):
            labels = {"team": team, "state": state}
            # As the monitor does: what is 0 is not shown.
            if count:
                put("friction_window_requests", count, window=WINDOW, **labels)


def recorded_delivery() -> Series:
    """What rules make of it."""
    found: Series = {}

    def put(name: str, value: float, **labels: str) -> None:
        found[name, tuple(sorted({"window": WINDOW, **labels}.items()))] = value

    for team, causes in DEPLOYS.items():
        every = sum(causes.values())
        for cause, count in causes.items():
            outcome = "success" if cause == "none" else "failure"
            name = "window_team_outcome_cause:friction_deploys:max"
            put(name, count, team=team, outcome=outcome, cause=cause)
        good, own = causes.get("none", 0), causes.get("own", 0)
        put("window_team:friction_change_fail:ratio", 1 - good / every, team=team)
        put("window_team:friction_own_change_fail:ratio", own / every, team=team)
        rework = UNPLANNED[team] / every
        put("window_team:friction_deploy_rework:ratio", rework, team=team)
        put("window_team:friction_flow_efficiency:ratio", EFFICIENCY[team], team=team)
    for (team, measure), counts in SPANS.items():
        labels = {"team": team, "measure": measure}
        name = "window_team_measure_le:friction_spans:max"
        for at_most, count in _cumulated(*counts):
            put(name, count, le=at_most, **labels)
        name = "window_team_measure:friction_spans_seconds"
        low, high = (HOUR, 4 * HOUR) if counts[0] else (DAY, 2 * DAY)
        put(f"{name}:p50", low + (high - low) * 0.5, **labels)
        put(f"{name}:p90", low + (high - low) * 0.9, **labels)
    return found


def _cumulated(short: int, long: int) -> Iterator[tuple[str, int]]:
    for bound, count in zip(_BOUNDS, (0, short, short, short + long), strict=True):
        yield str(bound), count
    yield "+Inf", short + long
