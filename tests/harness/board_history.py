"""Sixty days of a small organisation as Prometheus would have stored them.

All of it is stated here: hours of waiting and of features in the 28 days before the
end, and in the 28 days before these. What rules would have recorded is computed here
in Python, so nothing of the boards or the rules is used to make it. One sample an
hour, at full hours, where the questions of a board of a month fall.
"""

import subprocess
from collections.abc import Iterator
from pathlib import Path

from monitor.adapters.prometheus.catalogue import CATALOGUE
from tests.harness.board_delivery import put_delivery, recorded_delivery
from tests.harness.board_rules import DAY, HOUR, Put, Series, Team, Wait, recorded
from tests.harness.board_signals import put_signals
from tests.harness.requirements import promtool

END = 1_772_442_000  # 2026-03-02T09:00:00Z
START = END - 60 * DAY
# When the present state began, and when pairs that are new began to wait.
CHANGED = END - 21 * DAY
_BEGAN = END - 6 * DAY

# The part of a month's waiting that is in each window: evenly spread.
WINDOWS = {"28d": 1.0, "7d": 0.25}

TEAMS = (
    Team("checkout", "stream", 40, 60, 24, 640),
    Team("search", "stream", 80, 80, 15, 480),
    Team("domain:data.eu", "stream", 20, 20, 3, None),
    Team("mobile", "stream", 20, 20, 12, None),
    # Half of 20 h of features and 10.75 h of coordination: items in parallel.
    Team("billing", "stream", 20, 20, 11, 15.375),
    # Measured for three weeks only.
    Team("legacy", "stream", 20, None, 11, None),
    Team("ops", "stream", 0, 0, 11, None),
    Team("platform", "platform", 0, 0, 14, 800),
    # Its verdict is withheld for work that nobody classified.
    Team("ledger", "subsystem", 20, 20, 12, None),
)
WAITS = (
    Wait("checkout", "platform", "ticket_blocked", "acute", 10, 10),
    Wait("checkout", "platform", "ticket_blocked", "chronic", 100, 60),
    Wait("checkout", "search", "review_wait", "acute", 4, 4),
    Wait("checkout", "search", "review_wait", "chronic", 16, 16),
    Wait("checkout", "unknown", "ticket_blocked", "chronic", 8, 8),
    Wait("checkout", "external", "deploy_approval", "chronic", 20, 20),
    Wait("search", "platform", "ci_shared_failure", "acute", 2, 2),
    Wait("search", "platform", "ci_shared_failure", "chronic", 8, 8),
    Wait("search", "platform", "incident", "response", 6, 6),
    Wait("search", "checkout", "handoff", "chronic", 5, None, fresh=True),
    Wait("domain:data.eu", "platform", "dependency_link", "chronic", 12, 12),
    Wait("mobile", "platform", "incident", "response", 50, 50),
    # A pair that waits no more keeps its series, at zero.
    Wait("mobile", "search", "review_wait", "acute", 0, 3),
    Wait("billing", "platform", "ticket_blocked", "acute", 1, None),
    Wait("billing", "platform", "ticket_blocked", "chronic", 39, None),
    Wait("legacy", "unknown", "ticket_blocked", "chronic", 30, None),
    Wait("legacy", "platform", "ticket_blocked", "acute", 10, None),
    Wait("ops", "platform", "ci_queue", "acute", 2, 2),
    Wait("platform", "search", "review_wait", "acute", 1, 1),
)


def write(folder: Path) -> None:
    """Write the history as blocks of Prometheus into the folder."""
    text = folder.parent / "history.om"
    with text.open("w") as file:
        for line in _lines():
            file.write(f"{line}\n")
        file.write("# EOF\n")
    command: list[str | Path] = [
        promtool(),
        "tsdb",
        "create-blocks-from",
        "openmetrics",
    ]
    subprocess.run(
        [*command, "--max-block-duration=1458h", text, folder],
        check=True,
        capture_output=True,
        timeout=110,
    )


def _lines() -> Iterator[str]:
    states = [_state("before"), _state("now"), _state("fresh")]
    names = sorted({key for state in states for key in state})
    typed = ""
    for name, labels in names:
        if name != typed:
            typed = name
            if (metric := CATALOGUE.get(name)) is not None:
                yield f"# TYPE {metric.family} {metric.type}"
        written = ",".join(f'{label}="{value}"' for label, value in labels)
        for at in range(START, END + 1, HOUR):
            since = 0 if at < CHANGED else 1 if at < _BEGAN else 2
            value = states[since].get((name, labels))
            if value is not None:
                yield f"{name}{{{written}}} {_grown(name, value, at)!r} {at}"


def _grown(name: str, value: float, at: int) -> float:
    """A counter's value is its growth an hour; times are as far back as stated.

    Of the first window half a day is known, and then more, up to all of it.
    """
    if name == "friction_window_known_seconds":
        return min(value + at - START, 28 * DAY)
    if name.endswith("_total"):
        return value * ((at - START) // HOUR)
    return at - value if name.endswith("_timestamp_seconds") else value


def _state(moment: str) -> Series:
    found: Series = {}
    measured = [(team, _feature(team, moment)) for team in TEAMS]
    for window, part in WINDOWS.items():
        waits = [(w, h * part * HOUR) for w, h in _hours(moment)]
        if moment == "fresh" and window == "7d":
            # All of what began within the week lies within the week.
            waits = [(w, h * (4 if w.fresh else 1)) for w, h in waits]
        features = [(t, h * part * HOUR) for t, h in measured if h is not None]
        found |= recorded(window, part, waits, features)
    return found | _exposed(moment)


def _feature(team: Team, moment: str) -> float | None:
    return team.before if moment == "before" else team.feature


def _hours(moment: str) -> Iterator[tuple[Wait, float]]:
    for wait in WAITS:
        hours = wait.before if moment == "before" else wait.now
        if hours is not None and (moment == "fresh" or not wait.fresh):
            yield wait, hours


def _exposed(moment: str) -> Series:
    """What the monitor itself would show: two replicas, which must not count twice."""
    found: Series = {}

    def put(name: str, value: float, **labels: str) -> None:
        for replica in ("one", "two"):
            scraped = {"instance": replica, "job": "friction", **labels}
            found[name, tuple(sorted(scraped.items()))] = value

    for team in TEAMS:
        if _feature(team, moment) is not None:
            kind = {"team": team.name, "kind": team.kind, "domain": "shop"}
            put("friction_team_info", 1, **kind)
            put("friction_window_items", team.items, team=team.name, window="28d")
    # Half of the unclassified time is booked as features of checkout, 6 of 40 hours.
    unclassified = {"team": "checkout", "window": "28d"}
    put("friction_window_unclassified_seconds", 6 * HOUR, **unclassified)
    for judged, withheld in (("ledger", 1), ("mobile", 0)):
        put("friction_verdict", withheld, team=judged, verdict="withheld")
    for wait, hours in _hours(moment):
        pair = {"team": wait.team, "on_team": wait.on_team}
        waiting = 2 if hours else 0
        put("friction_open_waits", waiting, component=wait.component, **pair)
        put("friction_oldest_open_wait_timestamp_seconds", 3 * DAY, **pair)
    _put_health(put)
    put_delivery(put)
    put_signals(put, before=moment == "before")
    found.update(recorded_delivery())
    return found


def _put_health(put: Put) -> None:
    put("friction_directory_info", 1, hash="0123456789ab")
    put("friction_directory_provisional", 0)
    put("friction_build_info", 1, version="0.1.0")
    put("friction_costing_model_info", 1, version="1")
    put("friction_evaluated_at_timestamp_seconds", 5)
    put("friction_watermark_timestamp_seconds", 40, source="github")
    put("friction_watermark_timestamp_seconds", 600, source="native")
    put("friction_consumer_lag_records", 7, topic="friction.ci", partition="0")
    put("friction_consumer_lag_records", 5, topic="friction.ci", partition="1")
    put("friction_unknown_references", 4)
    kind = {"source": "github", "kind": "pull_request"}
    put("friction_events_total", 3_600, result="fact", **kind)
    put("friction_rejected_records_total", 2, source="github")
    put("friction_rejected_records_total", 0, source="jira")
    put("friction_rejected_total", 2, source="github", reason="missing_field")
