"""True readings of what happened or was open, held to numbers worked out by hand."""

from __future__ import annotations

from fractions import Fraction

from monitor.simulate.promises import Promise
from monitor.simulate.truth.true_judging import TrueReading
from monitor.simulate.truth.true_readings import difference, finished
from tests.unit.simulate.truth.true_worlds import STREAMS, Told

NOTHING = TrueReading(None, None)


# Signal 1: the same in different ways.


def test_three_ways_of_four_teams() -> None:
    """Shares 1/2, 1/4, 1/4: 8/3 ways in effect, and (8/3 - 1) / 3."""
    ways = {"a": {"shared"}, "b": {"shared"}, "c": {"own"}, "d": {"other"}}
    assert difference(ways) == Fraction(5, 9)


def test_a_team_with_two_ways_is_split() -> None:
    """Shares 1/2, 1/6, 1/3: 1 / (1/4 + 1/36 + 1/9) = 18/7, and (18/7 - 1) / 2."""
    ways = {"a": {"x", "z"}, "b": {"y", "x"}, "c": {"x"}}
    assert difference({"a": {"x"}, "b": {"x", "y"}, "c": {"z"}}) == Fraction(11, 14)
    # 2/3, 1/6, 1/6 is a half: (2 - 1) / 2.
    assert difference(ways) == Fraction(1, 2)


def uses(told: Told, what: str, *ways: str, day: float = 0, until: float = 0) -> None:
    for team, way in zip(STREAMS, ways, strict=False):
        told.note("uses", day, team, what=what, detail=way, until=until)


def test_ways_are_read_of_stream_teams_over_90_days() -> None:
    told = Told()
    uses(told, "ci", "shared", "shared", "own", "other", until=0.5)
    uses(told, "deploy", "one", "one", "one", until=2)
    uses(told, "scan", "one", "other", until=2)
    told.note("uses", 0, "platform", what="ci", detail="its own", until=1)
    told.note("uses", 0, "platform", what="scan", detail="its own", until=1)
    # The mean of 5/9 and, all being alike, 0; two teams are no capability.
    assert told.ratio("different_ways", 0) == Fraction(5, 18)
    assert told.reading("different_ways", 89) == TrueReading(Fraction(5, 18), "below")
    # Day 0 is out of the window: deploying, told last as day 2 began, is still in it.
    assert told.reading("different_ways", 90) == TrueReading(Fraction(0), "below")
    assert told.reading("different_ways", 91) == TrueReading(Fraction(0), "below")
    assert told.reading("different_ways", 92) == NOTHING


def test_components_that_three_teams_ask_for() -> None:
    told = Told()
    assert told.reading("different_ways", 5) == NOTHING
    for what in ("cache", "queue", "search"):
        for day, team in enumerate(("basket", "checkout", "platform")):
            told.note("asked", day, team, what=what)
    told.note("asked", 0, "basket", what="alone")
    told.note("asked", 1, "basket", what="alone")
    told.note("asked", 2, "search", what="alone")
    assert told.reading("different_ways", -1) == NOTHING
    assert told.reading("different_ways", 1) == TrueReading(None, "below")
    assert told.reading("different_ways", 2) == TrueReading(None, "above")
    assert told.reading("different_ways", 89) == TrueReading(None, "above")
    assert told.reading("different_ways", 90) == TrueReading(None, "below")


# Signal 3: hard interfaces.


def test_what_three_consumers_of_one_provider_had_at_least() -> None:
    told = Told()
    assert told.reading("hard_interfaces", 0) == NOTHING
    for team, count in (("basket", 5), ("checkout", 3), ("security", 1)):
        for _ in range(count):
            told.note("how_to", 0, team, "platform")
    told.note("trouble", 1, "security", "platform", what="reopen")
    for _ in range(40):
        told.note("trouble", 0, "basket", "search", what="incident")
        told.note("trouble", 0, "payments", "search", what="incident")
    readings = [told.reading("hard_interfaces", day) for day in (0, 1, 27, 28, 29)]
    assert readings == [
        TrueReading(Fraction(1), "below"),
        TrueReading(Fraction(2), "above"),
        TrueReading(Fraction(2), "above"),
        TrueReading(Fraction(0), "below"),
        TrueReading(Fraction(0), "below"),
    ]


def test_cost_that_was_promised_not_to_be() -> None:
    """Of all that names the provider, whoever waits; 4 hours of it at least."""
    promise = Promise("platform", ("checkout", "security"), None, None)
    told = Told(promises=(promise,))
    told.waited(0, 14_399)
    told.waited(0, 33_600, team="basket")
    told.waited(0, 99_999, "search")
    assert told.reading("hard_interfaces", 0) == NOTHING
    told.waited(1, 1, team="security")
    # 14,400 of 48,000 is 0.3 exactly.
    assert told.reading("hard_interfaces", 1) == TrueReading(None, "above")
    told.waited(2, 1, team="basket")
    assert told.reading("hard_interfaces", 2) == TrueReading(None, "between")
    # 14,400 of 60,000 is 80 % of it, and of more it is less.
    told.waited(3, 11_999, team="basket")
    assert told.reading("hard_interfaces", 3) == TrueReading(None, "between")
    told.waited(4, 1, team="basket")
    assert told.reading("hard_interfaces", 4) == TrueReading(None, "below")
    # On day 28 what accrued on day 0 is out of the window.
    assert told.reading("hard_interfaces", 28) == NOTHING


# Signal 4: leaders decide.


def test_leaders_share_of_twenty_decisions() -> None:
    told = Told()
    words = ("approved", "Rejected", "unblock", "prioritise", "accepted")
    for number, role in enumerate(["manager", "Director ", "architect", "staff"] * 2):
        told.note("decided", 0, "platform", what=words[number % 5], detail=role)
    for number in range(11):
        told.note("decided", 1, "platform", what=words[number % 5])
    told.note("decided", 1, "platform", what="estimated", detail="manager")
    assert told.reading("leaders_decide", 1) == NOTHING
    told.note("decided", 2, "platform", what="approved", detail="developer")
    # 8 of 20 are 80 % of a half.
    assert told.reading("leaders_decide", 2) == TrueReading(Fraction(2, 5), "between")
    assert told.reading("leaders_decide", 83) == TrueReading(Fraction(2, 5), "between")
    assert told.reading("leaders_decide", 84) == NOTHING
    for _ in range(4):
        told.note("decided", 3, "platform", what="approved", detail="staff")
    # 12 of 24.
    assert told.reading("leaders_decide", 3) == TrueReading(Fraction(1, 2), "above")


def test_without_any_role_nobody_is_known_to_decide() -> None:
    told = Told()
    for _ in range(30):
        told.note("decided", 0, "platform", what="approved")
    assert told.reading("leaders_decide", 0) == NOTHING


# Signal 5: platform work is put off.


def triaged(
    told: Told, what: str, count: int, first: float, until: float | None = None
) -> None:
    how = "" if until is None else "done"
    for _ in range(count):
        told.note("triaged", first, "search", what=what, detail=how, until=until)


def test_postponements_per_open_item_month() -> None:
    """3 in 10 items x 12 days = 4 months, against 2 in 10 x 24 days = 8: 3/4 to 1/4."""
    told = Told()
    triaged(told, "platform", 10, 0, 12)
    triaged(told, "feature", 9, 0, 24)
    for _ in range(3):
        told.note("postponed", 5, "search", what="platform")
    assert told.reading("platform_postponed", 23) == NOTHING
    triaged(told, "feature", 1, 0, 24)
    assert told.ratio("platform_postponed", 23) is not None
    for _ in range(2):
        told.note("postponed", 6, "search", what="feature")
    assert told.reading("platform_postponed", 23) == TrueReading(Fraction(3), "above")
    # After ten days all are open still, and were for as long.
    assert told.ratio("platform_postponed", 9) == Fraction(3, 2)


def test_only_what_lies_in_the_window_counts() -> None:
    """On day 84 one day of each item has left the window, and what was put off then.

    What is open still counts up to the window's end: 10 x 11 days against 10 x 84.
    """
    told = Told()
    triaged(told, "platform", 10, 0, 12)
    triaged(told, "feature", 10, 0)
    told.note("postponed", 0, "search", what="platform")
    told.note("postponed", 1, "search", what="platform")
    told.note("postponed", 2, "search", what="feature")
    assert told.ratio("platform_postponed", 83) == Fraction(2 * 84, 12)
    assert told.ratio("platform_postponed", 84) == Fraction(84, 11)


def test_features_never_put_off_count_as_if_one_had_been() -> None:
    told = Told()
    triaged(told, "platform", 10, 0)
    triaged(told, "feature", 20, 0)
    assert told.ratio("platform_postponed", 2) == 0
    told.note("postponed", 1, "search", what="platform")
    assert told.ratio("platform_postponed", 2) == 2


def test_the_share_finished_of_five_items_some_of_them_open() -> None:
    """Done after 7 and 20 days, open at 10 and 40: 4/5 are left, then 2/3 of these."""
    ages = [(7, True), (10, False), (20, True), (40, False), (40, True)]
    assert finished(ages) == Fraction(7, 15)
    # What is censored as others are done was still there: 3/4, then a half.
    ages = [(7, True), (7, False), (28, True), (29, True)]
    assert finished(ages) == Fraction(5, 8)
    assert finished([(0, True), (28, False)]) == Fraction(1, 2)


def test_a_smaller_share_of_platform_items_is_finished() -> None:
    """All were triaged on day 0 and are read on day 27, after 28 days.

    Of features three in ten are done by then, after 27.5 days; of platform items none.
    """
    told = Told()
    triaged(told, "feature", 3, 0, 27.5)
    triaged(told, "feature", 7, 0)
    triaged(told, "platform", 10, 0)
    for _ in range(2):
        told.note("triaged", 0, "search", what="platform", detail="cancelled", until=9)
    assert told.reading("platform_postponed", 26) == TrueReading(Fraction(0), "below")
    assert told.reading("platform_postponed", 27) == TrueReading(Fraction(0), "above")
    # One is done of the 11 that were not cancelled before: 3/10 - 1/11 = 23/110.
    told.note("triaged", 0, "search", what="platform", detail="done", until=27)
    expected = TrueReading(Fraction(0), "between")
    assert told.reading("platform_postponed", 27) == expected


def test_the_29th_day_begun_is_too_late() -> None:
    told = Told()
    triaged(told, "feature", 10, 0, 28.5)
    triaged(told, "platform", 10, 0)
    assert told.reading("platform_postponed", 40) == TrueReading(Fraction(0), "below")


def test_no_share_is_finished_of_fewer_than_ten() -> None:
    """The tenth feature is an old one: it counts for the index alone."""
    told = Told()
    triaged(told, "feature", 1, -1)
    triaged(told, "feature", 9, 0, 1)
    triaged(told, "platform", 10, 0)
    assert told.reading("platform_postponed", 82) == TrueReading(Fraction(0), "above")
    assert told.reading("platform_postponed", 83) == TrueReading(Fraction(0), "below")


# Signal 7: findings that come back.


def found(told: Told, what: str, *findings: str, until: float | None = None) -> None:
    for team, finding in zip(STREAMS, findings, strict=False):
        told.note("found", 0, team, what=what, detail=finding, until=until)


def test_classes_in_three_teams_with_two_findings() -> None:
    told = Told()
    assert told.reading("systemic_findings", 0) == NOTHING
    found(told, "cwe-1", "a", "a", "b")
    found(told, "cwe-2", "c", "d")
    found(told, "cwe-3", "famous", "famous", "famous", "famous")
    # 3 of 9: the second class is in two teams, of the third there is one finding.
    assert told.reading("systemic_findings", 0) == TrueReading(Fraction(1, 3), "below")
    told.note("found", 1, "security", what="CWE-2", detail="c")
    told.note("found", 1, "basket", what="cwe-2", detail="c")
    told.note("found", 1, "basket", what="cwe-4", detail="e")
    # 6 of 11: opened again it is the same one. Two classes are under 80 % of three.
    assert told.reading("systemic_findings", 1) == TrueReading(Fraction(6, 11), "below")
    told.note("found", 2, "search", what="cwe-4", detail="e")
    told.note("found", 2, "platform", what="cwe-4", detail="f")
    assert told.reading("systemic_findings", 2) == TrueReading(Fraction(9, 13), "above")


def test_findings_count_while_they_are_open_in_90_days() -> None:
    told = Told()
    found(told, "cwe-1", "a", "a", "b", until=10)
    told.note("found", 50, "search", what="cwe-9", detail="z")
    assert told.ratio("systemic_findings", 49) == 1
    assert told.ratio("systemic_findings", 98) == Fraction(3, 4)
    assert told.ratio("systemic_findings", 99) == 0
