"""What is delivered: DORA's five and flow by the wall, as the catalogue has them."""

from __future__ import annotations

from functools import partial
from typing import Final

from monitor.adapters.prometheus import labels as by
from monitor.adapters.prometheus.metric import Group, Metric

SPAN_BUCKETS: Final = tuple(map(float, by.SPANS_SECONDS))

_ENDED: Final = (by.TEAM, by.OUTCOME, by.CAUSE)
_DONE: Final = (by.TEAM, by.WORK_CLASS)

_gauge = partial(Metric, type="gauge", unit="", group=Group.BUSINESS)
_count = partial(Metric, type="counter", unit="", group=Group.BUSINESS)
_spans = partial(
    Metric,
    type="histogram",
    unit="seconds",
    labels=(by.TEAM,),
    group=Group.BUSINESS,
    buckets=SPAN_BUCKETS,
)

DELIVERY: Final = (
    _gauge(
        name="friction_window_deploys",
        labels=(by.WINDOW, *_ENDED),
        help="Deploys to production in the window, of services that team owns.",
    ),
    _gauge(
        name="friction_window_known_seconds",
        unit="seconds",
        labels=(by.WINDOW,),
        help="Wall seconds of the window since events tell what happened: its length, "
        "or less where they begin within it; that one of them tells of an older thing "
        "adds none. What a count of the window is a rate over.",
    ),
    _gauge(
        name="friction_window_unplanned_deploys",
        labels=(by.WINDOW, by.TEAM),
        help="Those of them that were made because of a production incident.",
    ),
    _gauge(
        name="friction_window_items_done",
        labels=(by.WINDOW, *_DONE),
        help="Work items of team first done in the window, by class.",
    ),
    _gauge(
        name="friction_window_requests",
        labels=(by.WINDOW, by.TEAM, by.STATE),
        help="Requests to team that were opened, and that were closed, in the window.",
    ),
    _gauge(
        name="friction_window_spans",
        labels=(by.MONTH, by.TEAM, by.MEASURE, by.AT_MOST),
        help="Spans that ended in the window and took at most so many wall "
        "seconds: a change's first commit to production, a failed deploy to its "
        "recovery, an item's start to done.",
    ),
    _count(
        name="friction_deploys_total",
        labels=_ENDED,
        help="Deploys to production of services that team owns. For ad-hoc questions; "
        "boards and alerts read the windows.",
    ),
    _count(
        name="friction_unplanned_deploys_total",
        labels=(by.TEAM,),
        help="Those of them that were made because of a production incident.",
    ),
    _count(
        name="friction_items_done_total",
        labels=_DONE,
        help="Work items of team first done, by class.",
    ),
    _count(
        name="friction_requests_opened_total",
        labels=(by.TEAM,),
        help="Tickets filed with team for another team or as requests.",
    ),
    _count(
        name="friction_requests_closed_total",
        labels=(by.TEAM,),
        help="Those of them that were first done or cancelled.",
    ),
    _gauge(
        name="friction_items_in_flight",
        labels=(by.TEAM,),
        help="Work items in flight now that are charged to team, idle ones too.",
    ),
    _spans(
        name="friction_change_lead_time_seconds",
        help="Wall time from a change's first commit to the first successful deploy "
        "to production that contains it.",
    ),
    _spans(
        name="friction_deploy_recovery_seconds",
        help="Wall time from a failed deploy to the next successful one of its service "
        "there, or to its rollback; external causes left out.",
    ),
    _spans(
        name="friction_flow_time_seconds",
        help="Wall time from an item's first start to first done.",
    ),
)
