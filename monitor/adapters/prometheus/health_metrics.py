"""Whether the numbers can be trusted: the info and health families of the catalogue."""

from __future__ import annotations

from functools import partial
from typing import Final

from monitor.adapters.prometheus import labels as by
from monitor.adapters.prometheus.metric import Group, Metric

WORK_BUCKETS: Final = (0.001, 0.005, 0.025, 0.1, 0.25, 0.5, 1.0, 2.5, 10.0)

_info = partial(Metric, type="info", unit="", group=Group.INFO)
_gauge = partial(Metric, type="gauge", unit="", group=Group.HEALTH)
_time = partial(Metric, type="gauge", unit="seconds", group=Group.HEALTH)
_count = partial(Metric, type="counter", unit="", group=Group.HEALTH)
_work = partial(
    Metric,
    type="histogram",
    unit="seconds",
    labels=(),
    group=Group.HEALTH,
    buckets=WORK_BUCKETS,
)

INFO: Final = (
    _info(
        name="friction_team_info",
        labels=(by.TEAM, by.DOMAIN, by.TEAM_KIND),
        help="Domain and kind of each team.",
    ),
    _info(
        name="friction_costing_model_info",
        labels=(by.VERSION,),
        help="Version of the cost model: 1 with its default values, with others 1- and "
        "eight hexadecimal digits. Another one prices time otherwise.",
    ),
    _info(
        name="friction_directory_info",
        labels=(by.HASH,),
        help="Which teams file, or which provisional teams, are in force.",
    ),
    Metric(
        name="friction_directory_provisional",
        type="gauge",
        unit="",
        labels=(),
        help="1 while teams are made from the data, for want of a teams file.",
        group=Group.INFO,
    ),
    _info(
        name="friction_build_info",
        labels=(by.VERSION,),
        help="Version of this program.",
    ),
)

# What a health family waits for that is not there from the start. MeasurementStalled
# tells by the absence of one that the broker was never reached.
LATER: Final = {
    "friction_evaluated_at_timestamp_seconds": "caught up",
    "friction_refreshed_at_timestamp_seconds": "caught up and refreshed once",
    "friction_watermark_timestamp_seconds": "a first event of the source was read, by "
    "this process or by the one whose state it goes on with",
    "friction_poll_timestamp_seconds": "the broker answered",
    "friction_commit_timestamp_seconds": "a first commit",
    "friction_consumer_lag_records": "the broker told where the partitions end",
    "friction_folded_counterparts": "caught up",
}

FRESHNESS: Final = (
    _gauge(
        name="friction_ready",
        labels=(),
        help="1 when caught up, so that the business families are shown.",
    ),
    _time(
        name="friction_evaluated_at_timestamp_seconds",
        labels=(),
        help="The instant the business families are true for, in Unix time; those that "
        "are refreshed now and then have their own.",
    ),
    _time(
        name="friction_refreshed_at_timestamp_seconds",
        labels=(),
        help="The instant for which the families are true that are refreshed now and "
        "then, in Unix time: they need single items, not only sums.",
    ),
    _time(
        name="friction_watermark_timestamp_seconds",
        labels=(by.SOURCE,),
        help="Newest event time seen from the source, in Unix time.",
    ),
    _time(
        name="friction_poll_timestamp_seconds",
        labels=(),
        help="When the broker last answered, and anything could be read, in Unix time.",
    ),
    _time(
        name="friction_commit_timestamp_seconds",
        labels=(),
        help="When progress in the topics was last committed, or, while catching up, "
        "in evaluating what they held, in Unix time.",
    ),
    _gauge(
        name="friction_consumer_lag_records",
        labels=(by.TOPIC, by.PARTITION),
        help="Records in the partition that are not yet committed here, by what the "
        "broker told last of its end.",
    ),
)

INTAKE: Final = (
    _count(
        name="friction_events_total",
        labels=(by.SOURCE, by.RECORD_KIND, by.RESULT),
        help="Facts made, duplicates dropped, and records rejected or ignored; "
        "duplicates under source and kind any, there from the start.",
    ),
    _count(
        name="friction_late_dropped_total",
        labels=(),
        help="Facts that came after their item was sealed, and sealed items whose "
        "blocker was heard of only then: both dropped.",
    ),
    _count(
        name="friction_rejected_total",
        labels=(by.SOURCE, by.REASON),
        help="Reasons for which records were rejected.",
    ),
    _count(
        name="friction_rejected_records_total",
        labels=(by.SOURCE,),
        help="Records that were rejected, each once; there from the start for every "
        "source this version knows.",
    ),
    _count(
        name="friction_unknown_fields_total",
        labels=(by.SOURCE,),
        help="Fields of native events that this version does not know, and places "
        "where CDEvents break their format and are read all the same.",
    ),
    _gauge(
        name="friction_dead_letters",
        labels=(),
        help="Rejected records kept in the state: the newest, as many as configured.",
    ),
    _gauge(
        name="friction_unknown_references",
        labels=(),
        help="References in facts that no rule of the teams file resolves.",
    ),
    _gauge(
        name="friction_folded_counterparts",
        labels=(),
        help="Pairs of teams shown under on_team other, because the team already "
        f"has {by.COUNTERPARTS} counterparts by name.",
    ),
    _count(
        name="friction_label_overflow_total",
        labels=(by.OVERFLOWED,),
        help="Updates of health metrics whose label value was shown as other, to "
        "keep the label's bound; there from the start for each of them.",
    ),
    _count(
        name="friction_unrepresentable_samples_total",
        labels=(),
        help="Samples left out of an exposition because they were no finite number.",
    ),
)

WORK: Final = (
    _work(
        name="friction_poll_seconds",
        help="Duration of one poll of the broker.",
    ),
    _work(
        name="friction_batch_seconds",
        help="Duration of working one batch, from records to totals.",
    ),
    _work(
        name="friction_commit_seconds",
        help="Duration of one durable commit.",
    ),
    _work(
        name="friction_scrape_seconds",
        help="Duration of making one exposition, compression included.",
    ),
    _work(
        name="friction_refresh_seconds",
        help="Duration of one refresh of the families that need single items, with "
        "the pauses it makes for others.",
    ),
    _count(
        name="friction_refresh_failures_total",
        labels=(),
        help="Refreshes that could not read the store, each tried again.",
    ),
    _count(
        name="friction_source_failures_total",
        labels=(),
        help="Failed attempts to reach or read the broker, each tried again.",
    ),
    _count(
        name="friction_offset_publish_failures_total",
        labels=(),
        help="Failed attempts to publish offsets to the consumer group; "
        "the stored offsets are not affected.",
    ),
    _count(
        name="friction_dead_letter_publish_failures_total",
        labels=(),
        help="Failed attempts to publish rejected records to the dead-letter topic, "
        "each tried again.",
    ),
    _count(
        name="friction_dead_letters_given_up_total",
        labels=(),
        help="Rejected records of more than 900 kB, or that the dead-letter topic does "
        "not take: published never, kept as all others.",
    ),
)

# Made by the client library's process collector.
PROCESS: Final = (
    _gauge(
        name="process_virtual_memory_bytes",
        unit="bytes",
        labels=(),
        help="Virtual memory size in bytes.",
    ),
    _gauge(
        name="process_resident_memory_bytes",
        unit="bytes",
        labels=(),
        help="Resident memory size in bytes.",
    ),
    _time(
        name="process_start_time_seconds",
        labels=(),
        help="Start time of the process since unix epoch in seconds.",
    ),
    _count(
        name="process_cpu_seconds_total",
        unit="seconds",
        labels=(),
        help="Total user and system CPU time spent in seconds.",
    ),
    _gauge(
        name="process_open_fds",
        labels=(),
        help="Number of open file descriptors.",
    ),
    _gauge(
        name="process_max_fds",
        labels=(),
        help="Maximum number of open file descriptors.",
    ),
)
