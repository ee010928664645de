"""How far can this measurement be trusted?"""

from __future__ import annotations

from typing import Final

from grafana_foundation_sdk.models.dashboard import ValueMap, ValueMappingResult

from grafana.boards.promql import ACTIVE, CHOSEN, MONTH, WAITS, select, share
from grafana.boards.queries import now, over_time
from grafana.boards.style import (
    BLUE,
    COUNT,
    ORANGE,
    SECONDS,
    SHARE,
    WHOLE,
    About,
    Panel,
    lines_panel,
    mark_at,
    stat_panel,
)
from grafana.boards.tables import Column, table_panel

TITLE: Final = "How far can this be trusted?"

_SECTION: Final = "trust"
_SILENT: Final = "no data: is the monitor scraped?"
# What is not shown before all records are read.
_NO_NUMBERS: Final = "no numbers: catching up, or not scraped?"
_PER_SECOND: Final = "cps"
# The monitor evaluates every few seconds; this long means that it has stopped.
_OLD_SECONDS: Final = 900
_MOST_UNKNOWN: Final = 0.3


def panels() -> list[Panel]:
    """The row's panels: age, backlog, what is unowned, rejected, and in force."""
    return [
        _age(),
        _lag(),
        _unknown(),
        _unclassified(),
        _rejected(),
        _unresolved(),
        _intake(),
        _sources(),
        _reasons(),
        _directory(),
        _build(),
    ]


def _small(panel_id: int, title: str, definition: str, empty: str = _SILENT) -> About:
    return About(panel_id, title, definition, 4, 5, _SECTION, empty)


def _age() -> Panel:
    about = _small(
        501,
        "Age of the numbers",
        "Seconds since the instant that all numbers of waiting are true for. Large:"
        " the monitor is catching up, stopped, or not scraped. None: it has shown no"
        " number yet in the range chosen above.",
        _NO_NUMBERS,
    )
    # While it catches up there are no numbers, and no instant that they are true for.
    instant = select("friction_evaluated_at_timestamp_seconds")
    last = f"max(last_over_time({instant}[$__range]))"
    age = now("A", f"time() - {last}", "age")
    return stat_panel(about, SECONDS, age).thresholds(mark_at(_OLD_SECONDS))


def _lag() -> Panel:
    about = _small(
        502,
        "Records not yet read",
        "Records in all partitions that are not yet committed by the monitor.",
    )
    lag = select("friction_consumer_lag_records")
    unread = f"sum(max by (topic, partition) ({lag}))"
    return stat_panel(about, COUNT, now("A", unread, "records"))


def _unknown() -> Panel:
    about = _small(
        503,
        "Waits on unknown, 28 days",
        "Part of the waiting of the chosen teams for which nobody could be named. It"
        " counts in the upper bound only. Above 30 % no verdict is given.",
        _NO_NUMBERS,
    )
    waits = select(WAITS, window=MONTH, team=CHOSEN)
    unowned = select(WAITS, window=MONTH, team=CHOSEN, on_team="unknown")
    part = now("A", share(unowned, waits), "unknown")
    panel = stat_panel(about, SHARE, part).min(0).max(1).decimals(1)
    return panel.thresholds(mark_at(_MOST_UNKNOWN))


def _unclassified() -> Panel:
    about = _small(
        504,
        "Unclassified work, 28 days",
        "Part of the active time of the chosen teams whose class nobody stated. It is"
        " booked as feature work unless configured otherwise: the more of it, the lower"
        " the ratio.",
        _NO_NUMBERS,
    )
    name = "friction_window_unclassified_seconds"
    unstated = f"max by (team) ({select(name, window=MONTH, team=CHOSEN)})"
    active = select(ACTIVE, window=MONTH, team=CHOSEN)
    part = now("A", share(unstated, active), "unclassified")
    panel = stat_panel(about, SHARE, part).min(0).max(1).decimals(1)
    return panel.thresholds(mark_at(_MOST_UNKNOWN))


def _rejected() -> Panel:
    about = _small(
        505,
        "Records rejected in this range",
        "Records that could not be used, over the range chosen above. Each is a dead"
        " letter with its reasons.",
    )
    # Of no kind of record, and there from the start: growth misses a first count.
    rejected = select("friction_rejected_records_total")
    # Replicas read the same records, so max comes first.
    growth = f"sum(max by (source) (increase({rejected}[$__range])))"
    count = now("A", growth, "records")
    return stat_panel(about, WHOLE, count).decimals(0)


def _unresolved() -> Panel:
    about = _small(
        506,
        "References nobody owns",
        "Repositories, services, projects and the like in events that no rule of the"
        " teams file resolves. `friction teams gaps` tells the hours that each hides.",
    )
    references = select("friction_unknown_references")
    return stat_panel(about, COUNT, now("A", f"max({references})", "references"))


def _intake() -> Panel:
    about = About(
        507,
        "Events read",
        "Facts made, duplicates dropped, records ignored and rejected, each second.",
        12,
        7,
        _SECTION,
        _SILENT,
    )
    events = select("friction_events_total")
    rate = f"rate({events}[$__rate_interval])"
    rate = f"sum by (result) (max by (source, kind, result) ({rate}))"
    return lines_panel(about, _PER_SECOND, over_time("A", rate, "{{result}}"))


def _sources() -> Panel:
    about = About(
        508,
        "Newest event by source",
        "How long ago the newest event of each source happened. A source that fell"
        " silent makes waits look shorter or longer than they are.",
        6,
        7,
        _SECTION,
        "no events read yet",
    )
    newest = select("friction_watermark_timestamp_seconds")
    age = f"time() - max by (source) ({newest})"
    column = Column("Ago", age, SECONDS)
    return table_panel(about, {"source": "Source"}, (column,), "Source")


def _reasons() -> Panel:
    about = About(
        509,
        "Reasons for rejecting, in this range",
        "Reasons for which records were rejected, over the range chosen above; one"
        " record can have several.",
        6,
        7,
        _SECTION,
        "none rejected, or no data",
    )
    reasons = select("friction_rejected_total")
    growth = f"max by (source, reason) (increase({reasons}[$__range]))"
    column = Column("Times", f"{growth} > 0", WHOLE, 0)
    labels = {"source": "Source", "reason": "Reason"}
    return table_panel(about, labels, (column,), "Times", descending=True)


def _directory() -> Panel:
    about = About(
        510,
        "Who owns what, by",
        "Whether teams come from a teams file, or are provisional: made from the"
        " data, so that who owns what is a guess. Beside it the hash of the file in"
        " force: a new one attributes all history anew.",
        12,
        5,
        _SECTION,
        "no teams file, or no data",
    )
    provisional = select("friction_directory_provisional")
    told = {"0": _told("a teams file", BLUE), "1": _told("provisional teams", ORANGE)}
    return stat_panel(
        about, COUNT, now("A", f"max({provisional})", "ownership")
    ).mappings([ValueMap(options=told)])


def _build() -> Panel:
    about = About(
        511,
        "In force",
        "The program's version, the cost model's version (1 with its default values,"
        " another whenever time is priced otherwise), and the hash of the teams file."
        " A change of any of them can change every number.",
        12,
        5,
        _SECTION,
        _SILENT,
    )
    build = f"max by (version) ({select('friction_build_info')})"
    model = f"max by (version) ({select('friction_costing_model_info')})"
    file = f"max by (hash) ({select('friction_directory_info')})"
    return stat_panel(
        about,
        COUNT,
        now("A", build, "program {{version}}"),
        now("B", model, "cost model {{version}}"),
        now("C", file, "teams file {{hash}}"),
        by_name=True,
    )


def _told(text: str, colour: str) -> ValueMappingResult:
    return ValueMappingResult(text=text, color=colour)
