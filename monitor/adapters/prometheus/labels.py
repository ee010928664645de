"""The labels of the catalogue, each with its bound.

No label ever holds a ticket, change, run, commit, service instance or person.
"""

from __future__ import annotations

from typing import Final, get_args

from monitor.adapters.prometheus.metric import Label
from monitor.domain.facts import WORK_CLASSES
from monitor.domain.outcomes import ReasonCode
from monitor.domain.signal_rules import SIGNALS
from monitor.domain.timeline import Component
from monitor.indicators.signals.staffing import PATTERNS
from monitor.indicators.totals.verdict import Word

# A team has this many named counterparts of its own; the others share `other`.
COUNTERPARTS: Final = 15

WINDOWS: Final = ("3d", "7d", "14d", "28d")
PHASES: Final = ("acute", "chronic", "response")
RESULTS: Final = ("fact", "duplicate", "rejected", "ignored")
_CLASSES: Final = (*WORK_CLASSES, "rework", "unclassified")
_REASONS: Final = (*(code.value for code in ReasonCode), "other")

# Wall seconds: 5 and 15 minutes, 1, 4 and 12 hours; 1, 2, 4, 7, 14, 28 and 90 days.
SPANS_SECONDS: Final = (
    *("300", "900", "3600", "14400", "43200", "86400", "172800", "345600"),
    *("604800", "1209600", "2419200", "7776000"),
)
# Counters of occurrences that may owe some after a correction.
OCCURRENCES: Final = (
    "friction_waits_total",
    "friction_handoffs_total",
    "friction_pingpongs_total",
    "friction_negative_lengths_total",
    "friction_deploys_total",
    "friction_unplanned_deploys_total",
    "friction_items_done_total",
    "friction_requests_opened_total",
    "friction_requests_closed_total",
)

WINDOW: Final = Label(
    "window", len(WINDOWS), "Trailing window in event time, days of 86,400 s.", WINDOWS
)
MONTH: Final = Label("window", 1, "The longest window alone.", WINDOWS[-1:])
LIMIT: Final = Label(
    "limit", 2, "End of the 95 % confidence interval.", ("lower", "upper")
)
VERDICT: Final = Label(
    "verdict",
    len(get_args(Word)),
    "Whether coordination exceeds feature cost; the first that holds.",
    get_args(Word),
)
TEAM: Final = Label(
    "team", "teams", "Team charged; `domain:<name>` for teams of fewer than 3 people."
)
ON_TEAM: Final = Label(
    "on_team",
    COUNTERPARTS + 3,
    f"Team waited for: at most {COUNTERPARTS} by name per team; `other` for those "
    "beyond; `external` (not the organisation) and `unknown` (nobody could be named).",
)
COMPONENT: Final = Label(
    "component",
    len(Component),
    "Reason of the wait.",
    tuple(component.value for component in Component),
)
PHASE: Final = Label("phase", len(PHASES), "Part of a wait, by what it costs.", PHASES)
WORK_CLASS: Final = Label(
    "work_class", len(_CLASSES), "Class of active time.", _CLASSES
)
FAILURE_KIND: Final = Label("kind", 2, "What failed.", ("ci", "deploy"))
SIGNAL: Final = Label(
    "signal",
    len(SIGNALS),
    "Sign of a platform that nobody looks after.",
    tuple(signal.value for signal in SIGNALS),
)
PATTERN: Final = Label(
    "pattern", len(PATTERNS), "How many Platform PMs are usual, by what.", PATTERNS
)
BOUND: Final = Label(
    "bound", 3, "End of the cost model's range.", ("lower", "central", "upper")
)
SOURCE: Final = Label(
    "source",
    16,
    "Provider a record was recognised as, never an instance of it; `unknown` where it "
    "is none; `any` of duplicates, which are not told apart.",
)
RECORD_KIND: Final = Label(
    "kind",
    128,
    "Of a fact its kind, else the kind of record in its provider's words; `unknown` "
    "where none is told, `any` of duplicates.",
)
RESULT: Final = Label("result", len(RESULTS), "What became of it.", RESULTS)
REASON: Final = Label(
    "reason",
    len(_REASONS),
    "Why a record was rejected; a record can have several.",
    _REASONS,
)
TOPIC: Final = Label("topic", "topics", "Configured Kafka topic.")
PARTITION: Final = Label("partition", "partitions", "Partition of the topic.")
DOMAIN: Final = Label("domain", 1, "Domain of the team; one per team.")
TEAM_KIND: Final = Label(
    "kind",
    1,
    "Kind of the team; one per team.",
    ("stream", "platform", "enabling", "subsystem"),
)
VERSION: Final = Label("version", 1, "Version; one at a time.")
HASH: Final = Label(
    "hash",
    1,
    "Twelve hexadecimal digits of the teams file; of provisional teams, after "
    "`provisional-`.",
)
OUTCOME: Final = Label("outcome", 2, "How a deploy ended.", ("success", "failure"))
CAUSE: Final = Label(
    "cause",
    4,
    "Why a deploy failed, seen by the owner of its service; `none` of a success.",
    ("none", "own", "other_team", "external"),
)
STATE: Final = Label("state", 2, "What became of requests.", ("opened", "closed"))
MEASURE: Final = Label(
    "measure", 3, "What was timed.", ("lead_time", "recovery", "flow_time")
)
AT_MOST: Final = Label(
    "at_most",
    len(SPANS_SECONDS) + 1,
    "Counts spans of at most so many seconds, as `le` does for histograms.",
    (*SPANS_SECONDS, "+Inf"),
)
COUNTER: Final = Label(
    "counter", len(OCCURRENCES), "Counter the debt belongs to.", OCCURRENCES
)
OVERFLOWED: Final = Label("metric", 16, "Metric with a label value beyond its bound.")
