"""What waiting costs: the business and model families of the catalogue."""

from __future__ import annotations

from functools import partial
from typing import Final

from monitor.adapters.prometheus import labels as by
from monitor.adapters.prometheus.metric import Group, Metric

# Working seconds: 5 and 15 minutes, 1, 4 and 8 hours, then 3, 5 and 10 days of 8 h.
WAIT_BUCKETS: Final = (
    300.0,
    900.0,
    3600.0,
    14400.0,
    28800.0,
    86400.0,
    144000.0,
    288000.0,
)

_PAIR: Final = (by.TEAM, by.ON_TEAM)
_WAIT: Final = (*_PAIR, by.COMPONENT)
_CHARGED: Final = (*_WAIT, by.PHASE)

_gauge = partial(Metric, type="gauge", unit="", group=Group.BUSINESS)
_seconds = partial(Metric, type="gauge", unit="seconds", group=Group.BUSINESS)
_count = partial(Metric, type="counter", unit="", group=Group.BUSINESS)
_seconds_total = partial(Metric, type="counter", unit="seconds", group=Group.BUSINESS)
_model = partial(Metric, type="gauge", unit="", group=Group.MODEL)

WINDOWS: Final = (
    _seconds(
        name="friction_window_wait_seconds",
        labels=(by.WINDOW, *_CHARGED),
        help="Working item-seconds in the window that work of team waited for on_team "
        "(phase response: wall-clock seconds times responders, and rework seconds). "
        "Delay, not yet cost.",
    ),
    _seconds(
        name="friction_window_active_seconds",
        labels=(by.WINDOW, by.TEAM, by.WORK_CLASS),
        help="Working item-seconds in the window that work of team was active, by "
        "class. Class feature is the feature cost and is there for every team.",
    ),
    _seconds(
        name="friction_window_capacity_seconds",
        labels=(by.WINDOW, by.TEAM),
        help="Headcount times working seconds in the window, or in the part of it "
        "since anything was first charged to any team, less the configured share of "
        "absence (absence_share of teams.yaml, 0 by default). Absent for teams without "
        "a stated headcount.",
    ),
    _gauge(
        name="friction_window_items",
        labels=(by.WINDOW, by.TEAM),
        help="Work items with anything charged to team in the window.",
    ),
    _seconds(
        name="friction_window_unclassified_seconds",
        labels=(by.WINDOW, by.TEAM),
        help="Active item-seconds in the window whose class nobody stated; those of "
        "stream teams are in class feature too, unless configured otherwise.",
    ),
)

JUDGED: Final = (
    _gauge(
        name="friction_window_ratio_limit",
        labels=(by.MONTH, by.TEAM, by.LIMIT),
        help="95 % confidence limits of coordination over feature cost at central "
        "weights, from the spread over items; absent below two items. Refreshed now "
        "and then, true at friction_refreshed_at_timestamp_seconds.",
    ),
    _gauge(
        name="friction_verdict",
        labels=(by.TEAM, by.VERDICT),
        help="1 for the word that holds of 28 days (indicated: of 7, too), 0 for the "
        "others. Refreshed with the limits.",
    ),
)

COUNTERS: Final = (
    _seconds_total(
        name="friction_wait_seconds_total",
        labels=_CHARGED,
        help="Working item-seconds that work of team waited for on_team (phase "
        "response: wall-clock seconds times responders, and rework seconds). For "
        "ad-hoc questions; boards and alerts read the windows.",
    ),
    _seconds_total(
        name="friction_active_seconds_total",
        labels=(by.TEAM, by.WORK_CLASS),
        help="Working item-seconds that work of team was active, by class.",
    ),
    _seconds_total(
        name="friction_capacity_seconds_total",
        labels=(by.TEAM,),
        help="Headcount times working seconds, less the configured share of absence, "
        "since the earliest instant at which "
        "anything was charged. Absent for teams that never stated a headcount.",
    ),
    _seconds_total(
        name="friction_own_failure_seconds_total",
        labels=(by.TEAM, by.FAILURE_KIND),
        help="Active item-seconds after failures of the team's own; they are in the "
        "item's class too. Where runs and deploys are broken at once, half is of each.",
    ),
    _count(
        name="friction_waits_total",
        labels=_WAIT,
        help="Waits on another team by items in flight, halting or not; reopenings "
        "that it caused, too.",
    ),
    _count(
        name="friction_handoffs_total",
        labels=_PAIR,
        help="Times that team handed an item over to on_team, accepted or not.",
    ),
    _count(
        name="friction_pingpongs_total",
        labels=_PAIR,
        help="Items that came back to team from on_team, each having accepted them.",
    ),
    _count(
        name="friction_negative_lengths_total",
        labels=(by.TEAM,),
        help="Waits that closed before they opened, and so count as 0 seconds.",
    ),
    Metric(
        name="friction_wait_duration_seconds",
        type="histogram",
        unit="seconds",
        labels=(by.TEAM, by.COMPONENT),
        help="Length of closed waits, halting or not, in working seconds of the "
        "waiting team; of incidents in wall-clock seconds.",
        group=Group.BUSINESS,
        buckets=WAIT_BUCKETS,
    ),
    _seconds(
        name="friction_correction_debt_seconds",
        labels=(*_CHARGED, by.WORK_CLASS, by.FAILURE_KIND),
        help="What a counter of seconds shows above its true total since a correction, "
        "with the labels of its series: counter minus debt is exact.",
        follows=(
            "friction_wait_seconds_total",
            "friction_active_seconds_total",
            "friction_capacity_seconds_total",
            "friction_own_failure_seconds_total",
        ),
    ),
    _gauge(
        name="friction_correction_debt_occurrences",
        labels=(by.COUNTER, *_WAIT, by.OUTCOME, by.CAUSE, by.WORK_CLASS),
        help="The same for the counters of occurrences, named by the label counter.",
        follows=by.OCCURRENCES,
    ),
)

PRESENT: Final = (
    _gauge(
        name="friction_open_waits",
        labels=_WAIT,
        help="Waits of team on on_team that are open now; reopenings that it caused, "
        "too.",
    ),
    _gauge(
        name="friction_open_dependency_links",
        labels=_PAIR,
        help="Open links from items of team in flight to unresolved items of on_team, "
        "charged or not. Exposure, not cost.",
    ),
    _seconds(
        name="friction_oldest_open_wait_timestamp_seconds",
        labels=_PAIR,
        help="When the oldest open wait of team on on_team began, in Unix time. "
        "Reopened items are left out: they are worked on, and do not wait.",
        combine="min",
    ),
    _seconds(
        name="friction_oldest_unstarted_ticket_timestamp_seconds",
        labels=(by.TEAM,),
        help="Since when the oldest ticket that a platform team has not begun is open "
        "and its to begin, in Unix time. Exposure, not cost.",
        combine="min",
    ),
    _gauge(
        name="friction_stale_items",
        labels=(by.TEAM,),
        help="Items whose wait is paused because nobody touched item or blocker for "
        "ten working days.",
    ),
)

MODEL: Final = (
    _model(
        name="friction_phase_weight",
        labels=(by.PHASE, by.BOUND),
        help="Engineer-seconds that one waiting second of the phase costs.",
    ),
    _model(
        name="friction_budget_ratio",
        unit="ratio",
        labels=(),
        help="Share of capacity that may go into coordination.",
    ),
    _model(
        name="friction_team_size",
        labels=(by.TEAM,),
        help="Stated headcount of the team. Absent where none is stated.",
    ),
    _model(
        name="friction_engineer_cost_per_second",
        labels=(),
        help="Blended cost of an engineer-second in the organisation's currency: "
        "opportunity cost, not cash. Absent where none is stated.",
    ),
)
