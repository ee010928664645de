"""Counts and durations of the service, with every label within its bound."""

from __future__ import annotations

import threading
from typing import Final, get_args

from hypothesis import given
from hypothesis import strategies as st

from monitor.adapters.prometheus.catalogue import CATALOGUE
from monitor.adapters.prometheus.meters import CountName, Meters, WorkName
from monitor.adapters.prometheus.metric import Size, label_sets
from monitor.bootstrap_service import meters_for
from monitor.config.sections import Config
from monitor.domain.outcomes import ReasonCode
from monitor.domain.snapshot import Family, HistogramSample
from tests.harness.driving import directory_of
from tests.unit.pipeline.running import TEAMS

SIZE = Size(teams=3)
EVENTS: Final = "friction_events_total"
OVERFLOW = "friction_label_overflow_total"


REJECTED: Final = "friction_rejected_total"


def meters() -> Meters:
    return Meters(CATALOGUE, SIZE)


def family(of: Meters, name: str) -> Family:
    return next(one for one in of.families() if one.name == name)


def counts(of: Meters, name: str) -> dict[tuple[str, ...], float]:
    return dict(family(of, name).samples)


def risen(of: Meters, name: str) -> dict[tuple[str, ...], float]:
    return {labels: count for labels, count in counts(of, name).items() if count}


def test_counts_add_up() -> None:
    counted = meters()
    counted.count(EVENTS, "github", "change.opened", "fact")
    counted.count(EVENTS, "github", "change.opened", "fact", amount=4)
    counted.count(EVENTS, "native", "change.opened", "fact")
    assert risen(counted, EVENTS) == {
        ("github", "change.opened", "fact"): 5,
        ("native", "change.opened", "fact"): 1,
    }
    assert risen(counted, OVERFLOW) == {}


def test_what_has_no_labels_is_there_from_the_start() -> None:
    fresh = meters()
    for name in get_args(CountName):
        if not CATALOGUE[name].labels:
            assert counts(fresh, name) == {(): 0}
    for work in get_args(WorkName):
        (sample,) = family(fresh, work).histograms
        assert sample == HistogramSample((), (0,) * 9, 0.0, 0)


def test_what_is_known_of_every_source_is_there_from_the_start() -> None:
    """Growth is told from one scrape to the next: a first rejection would be none."""
    fresh = Meters(CATALOGUE, SIZE, sources=("github", "unknown"))
    assert counts(fresh, "friction_rejected_records_total") == {
        ("github",): 0,
        ("unknown",): 0,
    }
    reasons = {*ReasonCode, "other"}
    assert counts(fresh, REJECTED) == {
        (source, reason): 0 for source in ("github", "unknown") for reason in reasons
    }
    assert counts(fresh, EVENTS) == {("any", "any", "duplicate"): 0}


def test_what_is_known_of_no_source_is_there_from_the_start() -> None:
    """Whatever has labels can overflow, but for what counts that."""
    fresh = meters()
    labelled = {name for name in get_args(CountName) if CATALOGUE[name].labels}
    assert counts(fresh, OVERFLOW) == {(name,): 0 for name in labelled - {OVERFLOW}}
    assert counts(fresh, EVENTS) == {("any", "any", "duplicate"): 0}
    assert counts(fresh, REJECTED) == {}


def test_the_service_knows_every_source_there_is_a_decoder_for() -> None:
    """And that of records which none recognised."""
    shown = counts(meters_for(directory_of(TEAMS), Config()), REJECTED)
    sources = {"native", "cdevents", "github", "jira", "unknown"}
    assert {source for source, _ in shown} == sources


def test_a_source_told_of_later_brings_all_its_reasons() -> None:
    counted = meters()
    counted.count(REJECTED, "gitlab", "not_json")
    reasons = dict.fromkeys((("gitlab", code) for code in (*ReasonCode, "other")), 0)
    assert counts(counted, REJECTED) == {**reasons, ("gitlab", "not_json"): 1}


def test_a_kind_is_there_with_all_that_may_become_of_it() -> None:
    """Duplicates are told of no kind: none of them is no count of none."""
    counted = meters()
    counted.count(EVENTS, "github", "push", "fact")
    counted.count(EVENTS, "any", "any", "duplicate", amount=3)
    assert counts(counted, EVENTS) == {
        ("github", "push", "fact"): 1,
        ("github", "push", "rejected"): 0,
        ("github", "push", "ignored"): 0,
        ("any", "any", "duplicate"): 3,
    }


def test_sources_known_from_the_start_keep_their_names_beyond_the_bound() -> None:
    counted = Meters(CATALOGUE, SIZE, sources=("github", "jira"))
    for number in range(40):
        counted.count("friction_rejected_records_total", f"provider-{number}")
    counted.count("friction_rejected_records_total", "jira")
    shown = counts(counted, "friction_rejected_records_total")
    assert len(shown) == 16
    assert shown[("jira",)] == 1


def test_durations_fall_into_their_buckets() -> None:
    timed = meters()
    # The bounds are 0.001, 0.005, 0.025, 0.1, 0.25, 0.5, 1, 2.5 and 10 seconds.
    for seconds in (0.0, 0.001, 0.0011, 0.25, 11.0):
        timed.took("friction_poll_seconds", seconds)
    (sample,) = family(timed, "friction_poll_seconds").histograms
    assert sample.buckets == (2, 3, 3, 3, 4, 4, 4, 4, 4)
    assert sample.observations == 5
    assert abs(sample.total - 11.2521) < 1e-12


def test_a_value_outside_a_closed_set_is_other() -> None:
    counted = meters()
    counted.count("friction_rejected_total", "github", "bad mood")
    counted.count("friction_rejected_total", "github", "not_json")
    assert risen(counted, REJECTED) == {
        ("github", "other"): 1,
        ("github", "not_json"): 1,
    }
    assert risen(counted, OVERFLOW) == {("friction_rejected_total",): 1}


def test_beyond_its_bound_a_label_is_other_and_those_known_keep_their_name() -> None:
    counted = meters()
    for number in range(40):
        counted.count("friction_unknown_fields_total", f"provider-{number}")
    counted.count("friction_unknown_fields_total", "provider-0")
    shown = counts(counted, "friction_unknown_fields_total")
    # Sixteen values at most: fifteen by name, and `other`.
    assert len(shown) == 16
    assert shown[("provider-0",)] == 2
    assert shown[("provider-14",)] == 1
    assert shown[("other",)] == 25
    assert risen(counted, OVERFLOW) == {("friction_unknown_fields_total",): 25}


def test_a_value_too_long_to_be_a_name_is_other() -> None:
    counted = meters()
    counted.count("friction_unknown_fields_total", "x" * 101)
    counted.count("friction_unknown_fields_total", "x" * 100)
    assert counts(counted, "friction_unknown_fields_total") == {
        ("other",): 1,
        ("x" * 100,): 1,
    }


@given(
    st.lists(
        st.tuples(
            st.text(max_size=3) | st.just("other"),
            st.text(max_size=3) | st.just("other"),
            st.sampled_from(["fact", "rejected", "ignored", "duplicate"]),
        ),
        max_size=300,
    )
)
def test_hostile_values_lose_no_count_and_pass_no_bound(
    values: list[tuple[str, str, str]],
) -> None:
    counted = meters()
    for labels in values:
        counted.count(EVENTS, *labels)
    shown = counts(counted, EVENTS)
    assert sum(shown.values()) == len(values)
    assert len(shown) <= label_sets(CATALOGUE[EVENTS], SIZE)
    for index, label in enumerate(CATALOGUE[EVENTS].labels):
        assert len({key[index] for key in shown}) <= label.most(SIZE)


def test_families_taken_earlier_do_not_change() -> None:
    counted = meters()
    counted.count(EVENTS, "github", "change.opened", "fact")
    before = family(counted, EVENTS)
    counted.count(EVENTS, "github", "change.opened", "fact")
    assert dict(before.samples)["github", "change.opened", "fact"] == 1


def test_no_count_is_lost_between_threads() -> None:
    counted = meters()
    together = threading.Barrier(5, timeout=10)

    def work() -> None:
        together.wait()
        for number in range(2_000):
            counted.count(EVENTS, "github", f"kind-{number % 7}", "fact")
            counted.took("friction_batch_seconds", 0.5)

    threads = [threading.Thread(target=work) for _ in range(4)]
    for thread in threads:
        thread.start()
    together.wait()
    last = 0.0
    while any(thread.is_alive() for thread in threads):
        now = sum(counts(counted, EVENTS).values())
        assert now >= last
        last = now
    for thread in threads:
        thread.join(10)
    assert sum(counts(counted, EVENTS).values()) == 8_000
    (sample,) = family(counted, "friction_batch_seconds").histograms
    assert (sample.observations, sample.total) == (8_000, 4_000.0)
