"""Few counterparts, no team of two, and every sum as it was before."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Mapping, Sequence
from fractions import Fraction

import pytest
from hypothesis import given
from hypothesis import strategies as st

from monitor.adapters.prometheus.carrying import renamed_to
from monitor.adapters.prometheus.catalogue import CATALOGUE
from monitor.adapters.prometheus.folding import Folded, fold, renamed
from monitor.adapters.prometheus.labels import COUNTERPARTS
from monitor.adapters.prometheus.naming import (
    Naming,
    Seats,
    headcount_at,
    merged_names,
    seated,
    team_info,
)
from monitor.domain.snapshot import Family, HistogramSample, Sample
from monitor.domain.teams import RESERVED, Team
from monitor.pipeline.named import Named
from tests.harness.driving import directory_of

WAIT = "friction_wait_seconds_total"
WINDOW = "friction_window_wait_seconds"
OLDEST = "friction_oldest_open_wait_timestamp_seconds"
DEBT = "friction_correction_debt_seconds"
HISTOGRAM = "friction_wait_duration_seconds"
NOON = 1_772_452_800_000  # Monday 2 March 2026, 12:00 UTC

# `duo` and `pair` are of two people, `solo` of one without a domain.
TEAMS = directory_of(
    """
version: 1
organisation: {name: Acme}
teams:
  - {id: big, domain: shop, headcount: 6}
  - {id: duo, domain: pay, headcount: 2}
  - {id: pair, domain: pay, kind: platform, headcount: 2}
  - {id: solo, kind: platform, headcount: 1}
  - {id: three, domain: pay, headcount: 3}
  - {id: silent, domain: pay}
"""
).teams
MERGED = {"duo": "domain:pay", "pair": "domain:pay", "solo": "domain:none"}


def waits(pairs: Mapping[tuple[str, str], float]) -> Family:
    return Family(
        WAIT,
        [
            ((team, on_team, "review_wait", "acute"), value)
            for (team, on_team), value in pairs.items()
        ],
    )


def folded(
    *families: Family,
    merged: Mapping[str, str] | None = None,
    seats: Seats | None = None,
) -> Folded:
    return fold(families, CATALOGUE, merged or {}, seats or {})


def samples(found: Folded, name: str = WAIT) -> dict[tuple[str, ...], float]:
    (family,) = (one for one in found.families if one.name == name)
    assert len(dict(family.samples)) == len(family.samples), "labels met twice"
    return dict(family.samples)


def pairs(found: Folded) -> dict[tuple[str, ...], float]:
    return {labels[:2]: value for labels, value in samples(found).items()}


def many(number: int) -> dict[tuple[str, str], float]:
    """Counterparts of one team: the first waited for most."""
    return {("big", f"c{n:02}"): float(100 - n) for n in range(number)}


def test_fifteen_counterparts_keep_their_names() -> None:
    found = folded(waits(many(COUNTERPARTS)))
    assert pairs(found) == many(15)
    assert found.folded == 0


def test_those_beyond_fifteen_share_other_and_the_longest_waits_keep_names() -> None:
    found = folded(waits(many(18)))
    assert found.folded == 3
    shown = pairs(found)
    assert shown.pop(("big", "other")) == 85 + 84 + 83
    assert shown == many(15)
    assert found.seats == {"big": {f"c{n:02}" for n in range(15)}}


def test_equal_waits_are_seated_by_name() -> None:
    same = dict.fromkeys(reversed(many(17)), 1.0)
    assert ("big", "c15") not in pairs(folded(waits(same)))
    assert ("big", "c00") in pairs(folded(waits(same)))


def test_a_pair_once_shown_keeps_its_name_when_others_wait_longer() -> None:
    first = folded(waits(many(15)))
    now = {**many(15), ("big", "new"): 1e6}
    found = folded(waits(now), seats=first.seats)
    assert pairs(found) == {**many(15), ("big", "other"): 1e6}
    assert found.seats == first.seats


def test_a_pair_keeps_its_seat_while_it_shows_nothing() -> None:
    seats = folded(waits(many(15))).seats
    found = folded(waits({("big", "new"): 1.0}), seats=seats)
    assert pairs(found) == {("big", "other"): 1.0}


def test_reserved_counterparts_need_no_seat() -> None:
    reserved = {("big", name): 1.0 for name in ("unknown", "external")}
    found = folded(waits({**many(16), **reserved}))
    shown = pairs(found)
    assert shown[("big", "unknown")] == shown[("big", "external")] == 1
    assert shown[("big", "other")] == 85
    assert len(shown) == COUNTERPARTS + len(RESERVED)


def test_every_family_of_a_pair_is_shown_under_the_same_name() -> None:
    window = Family(WINDOW, [(("7d", "big", "c17", "review_wait", "acute"), 5.0)])
    handoffs = Family("friction_handoffs_total", [(("big", "c17"), 2.0)])
    found = folded(waits(many(18)), window, handoffs)
    assert set(samples(found, WINDOW)) == {
        ("7d", "big", "other", "review_wait", "acute")
    }
    assert samples(found, "friction_handoffs_total") == {("big", "other"): 2}


def test_the_oldest_of_those_folded_is_shown() -> None:
    oldest = Family(
        OLDEST,
        [(("big", "c16"), 30.0), (("big", "c17"), 20.0), (("big", "c00"), 10.0)],
    )
    found = folded(waits(many(18)), oldest)
    assert samples(found, OLDEST) == {("big", "other"): 20, ("big", "c00"): 10}


def test_a_label_that_does_not_apply_stays_empty() -> None:
    active = ("duo", "", "", "", "feature", "")
    wait = ("big", "c17", "review_wait", "acute", "", "")
    found = folded(
        waits(many(18)), Family(DEBT, [(active, 1.0), (wait, 2.0)]), merged=MERGED
    )
    assert samples(found, DEBT) == {
        ("domain:pay", "", "", "", "feature", ""): 1,
        ("big", "other", "review_wait", "acute", "", ""): 2,
    }


def test_small_teams_are_shown_as_their_domain() -> None:
    assert merged_names(TEAMS.values(), NOON) == MERGED


def test_small_teams_of_a_domain_become_one() -> None:
    found = folded(
        waits({("duo", "big"): 1.0, ("pair", "big"): 2.0, ("big", "duo"): 4.0}),
        merged=MERGED,
    )
    assert pairs(found) == {("domain:pay", "big"): 3, ("big", "domain:pay"): 4}


def test_waits_between_small_teams_of_a_domain_are_not_lost() -> None:
    found = folded(waits({("duo", "pair"): 1.0}), merged=MERGED)
    assert pairs(found) == {("domain:pay", "domain:pay"): 1}


def test_small_teams_of_a_domain_take_one_seat() -> None:
    found = folded(
        waits({**many(14), ("big", "duo"): 1.0, ("big", "pair"): 1.0}), merged=MERGED
    )
    assert found.folded == 0
    assert pairs(found)[("big", "domain:pay")] == 2


def test_histograms_of_small_teams_add_up() -> None:
    one = HistogramSample(("duo", "reopen"), (0, 1, 1, 1, 1, 1, 1, 1), 400.0, 1)
    two = HistogramSample(("pair", "reopen"), (1, 1, 1, 1, 1, 1, 1, 1), 9.0, 2)
    big = HistogramSample(("big", "reopen"), (0,) * 8, 5.0, 1)
    found = folded(Family(HISTOGRAM, (), (one, two, big)), merged=MERGED)
    assert set(found.families[0].histograms) == {
        HistogramSample(("domain:pay", "reopen"), (1, 2, 2, 2, 2, 2, 2, 2), 409.0, 3),
        big,
    }


def test_a_domain_that_is_also_the_name_of_a_team_is_shown_once() -> None:
    found = folded(waits({("duo", "x"): 1.0, ("domain:pay", "x"): 2.0}), merged=MERGED)
    assert pairs(found) == {("domain:pay", "x"): 3}


def test_sizes_and_windows_of_small_teams_add_up() -> None:
    size = Family("friction_team_size", [(("duo",), 2.0), (("pair",), 2.0)])
    active = Family(
        "friction_window_active_seconds",
        [(("7d", "duo", "feature"), 1.0), (("7d", "pair", "feature"), 2.0)],
    )
    found = folded(size, active, merged=MERGED)
    assert samples(found, "friction_team_size") == {("domain:pay",): 4}
    assert samples(found, "friction_window_active_seconds") == {
        ("7d", "domain:pay", "feature"): 3
    }


def test_families_without_teams_are_left_alone() -> None:
    weights = Family("friction_phase_weight", [(("acute", "lower"), 1.0)])
    assert weights in folded(weights, waits(many(18)), merged=MERGED).families


def test_a_headcount_is_that_of_the_instant() -> None:
    (team,) = directory_of(
        """
version: 1
organisation: {name: Acme}
teams:
  - id: big
    headcount: [{from: 2026-01-01, value: 2}, {from: 2026-03-01, value: 5}]
"""
    ).teams.values()
    assert headcount_at(team, NOON) == 5
    assert headcount_at(team, NOON - 30 * 86_400_000) == 2
    assert merged_names([team], NOON) == {}
    assert merged_names([team], NOON - 30 * 86_400_000) == {"big": "domain:none"}
    # Before the first dated value there is nobody: fewer than three.
    assert headcount_at(team, NOON - 365 * 86_400_000) == 0
    assert merged_names([team], NOON - 365 * 86_400_000) == {"big": "domain:none"}


def test_information_names_each_team_as_shown() -> None:
    assert dict(team_info(TEAMS.values(), MERGED)) == {
        ("big", "shop", "stream"): 1,
        # One of the two is a stream team, so its feature cost is the organisation's.
        ("domain:pay", "pay", "stream"): 1,
        ("domain:none", "", "platform"): 1,
        ("three", "pay", "stream"): 1,
        ("silent", "pay", "stream"): 1,
    }


def test_a_family_that_names_its_team_elsewhere_is_refused() -> None:
    metric = CATALOGUE[WAIT]
    scattered = type(metric)(
        name="friction_scattered",
        type="gauge",
        unit="",
        labels=(metric.labels[0], metric.labels[2], metric.labels[1]),
        help="The team waited for is not next to the team.",
        group=metric.group,
    )
    with pytest.raises(ValueError, match="on_team must follow team"):
        renamed(Family(scattered.name), scattered, Naming())


_TEAM = st.sampled_from([f"t{n}" for n in range(6)] + ["duo", "pair", "unknown"])
_ON = st.sampled_from([f"c{n:02}" for n in range(30)] + ["duo", "pair", "external"])
_AMOUNTS = st.dictionaries(
    st.tuples(_TEAM, _ON), st.integers(1, 1_000).map(float), max_size=80
)


def by_team(found: Sequence[Sample], merged: Mapping[str, str]) -> dict[str, float]:
    sums: defaultdict[str, float] = defaultdict(float)
    for labels, value in found:
        sums[merged.get(labels[0], labels[0])] += value
    return dict(sums)


@given(st.lists(_AMOUNTS, max_size=3), st.booleans())
def test_sums_stay_names_stay_and_bounds_hold(
    history: list[dict[tuple[str, str], float]], small: bool
) -> None:
    merged = MERGED if small else {}
    seats: Seats = {}
    before: set[tuple[str, ...]] = set()
    for amounts in history:
        family = waits(amounts)
        found = folded(family, merged=merged, seats=seats)
        shown = found.families[0].samples
        assert by_team(shown, {}) == by_team(family.samples, merged)
        named = {labels[:2] for labels in dict(shown)}
        for team, on_team in before:
            seated_now = found.seats.get(team, frozenset())
            assert on_team in seated_now or on_team in RESERVED
        for team in {pair[0] for pair in named}:
            own = {pair[1] for pair in named if pair[0] == team} - RESERVED
            assert len(own) <= COUNTERPARTS
        seats, before = found.seats, before | named


def test_seats_are_left_as_they_are_when_nobody_wants_one() -> None:
    seats: Seats = {"big": frozenset({"c00"})}
    assert seated(seats, {("big", "c00"): 1.0, ("big", "unknown"): 2.0}) == (seats, 0)


def test_no_small_team_is_named_anywhere() -> None:
    found = folded(
        waits({("duo", "solo"): 1.0, ("solo", "pair"): 1.0, ("big", "duo"): 1.0}),
        merged=MERGED,
    )
    names = {name for labels in samples(found) for name in labels[:2]}
    assert names.isdisjoint(MERGED)
    small: list[Team] = [TEAMS[name] for name in MERGED]
    told = {labels[0] for labels, _ in team_info(small, MERGED)}
    assert told.isdisjoint(MERGED)


def test_a_sum_does_not_depend_on_the_order_in_which_a_process_met_its_parts() -> None:
    """0.1 + 0.2 + 0.3 is more than 0.3 + 0.2 + 0.1: it would fall with a restart."""
    tenths = {("big", "duo"): 0.1, ("big", "pair"): 0.2, ("duo", "big"): 0.3}
    merged = {**MERGED, "big": "domain:pay"}
    one, other = dict(tenths), dict(reversed(tenths.items()))
    assert pairs(folded(waits(one), merged=merged)) == {
        ("domain:pay", "domain:pay"): 0.6
    }
    assert folded(waits(one), merged=merged) == folded(waits(other), merged=merged)


def labels_of(name: str, **told: str) -> tuple[str, ...]:
    return tuple(told.get(label, "x") for label in CATALOGUE[name].label_names)


def test_a_family_without_rows_shows_what_it_carries() -> None:
    labels = labels_of(WAIT, team="domain:x", on_team="c")
    named = Named({}, {WAIT: {labels: (Fraction(5),)}})
    folded = fold([], CATALOGUE, {}, {"domain:x": frozenset({"c"})}, named)
    found = {one.name: list(one.samples) for one in folded.families}
    assert found == {WAIT: [(labels, 5.0)]}


def test_what_nobody_saw_under_a_name_stays_with_no_name() -> None:
    """A pair is first met in the scrape in which its team changes its name."""
    families = [Family(WAIT, [(labels_of(WAIT, team="a", on_team="c"), 5.0)])]
    before, now = Named({"a": "domain:x"}), {"a": frozenset({"c"})}
    unseen = renamed_to({}, before, families, CATALOGUE, ({}, now))
    assert unseen == Named({})
    seen = {"domain:x": frozenset({"c"})}
    carried = renamed_to({}, before, families, CATALOGUE, (seen, now)).carried
    assert sum(len(rows) for rows in carried.values()) == 2
