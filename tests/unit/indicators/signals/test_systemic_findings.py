"""Signal 7: on, off again, and off for one famous flaw."""

from __future__ import annotations

from fractions import Fraction
from typing import Any

from monitor.domain.marks import Sort
from monitor.domain.signal_rules import Signal
from monitor.domain.working_time import FOREVER
from tests.unit.indicators.signals.story import STREAMS, Story, exempt, instant

SIGNAL = Signal.SYSTEMIC_FINDINGS


def found(
    story: Story, entity: str, team: str, class_: str, closed: int | None
) -> None:
    said: dict[str, Any] = {"team": team, "class": class_}
    story.tell("finding.opened", 0, "10:00", entity, **said)
    if closed is not None:
        story.tell("finding.closed", closed, "10:00", entity)


def three_classes(**more: object) -> Story:
    """Three classes in three teams each, closed on day 5, and one in one team."""
    story = Story(**more)  # type: ignore[arg-type]
    for class_ in ("CWE-79", "CWE-89", "control-ac-2"):
        for team in STREAMS[:3]:
            found(story, f"{class_}/{team}", team, class_, 5)
    found(story, "lone", "search", "budget-lcp", None)
    return story


def test_classes_that_return_turn_it_on_until_they_are_old() -> None:
    """Closed on day 5, they are in the 90 days up to day 94."""
    story = three_classes()
    assert story.reading(SIGNAL, 0).ratio == Fraction(9, 10)
    assert story.reading(SIGNAL, 95).ratio == 0
    assert story.on_days(SIGNAL, 120) == list(range(13, 95 + 13))
    standing = story.standing(SIGNAL, 50)
    assert standing.since == instant(14)
    whats = [one.what for one in standing.reading.evidence]
    assert whats == ["class control-ac-2", "class cwe-79", "class cwe-89"]
    assert standing.reading.evidence[1].teams == STREAMS[:3]
    assert len(standing.reading.evidence[1].items) == 3


def test_one_famous_flaw_in_every_team_is_no_class() -> None:
    """Three flaws, each in four teams: many findings, but each class has one."""
    story = Story()
    for number, class_ in enumerate(("CWE-1", "CWE-2", "CWE-3")):
        for team in STREAMS:
            entity = f"CVE-2026-000{number}@{team}"
            found(story, entity, team, class_, None)
    assert story.reading(SIGNAL, 0).ratio == 0
    assert story.on_days(SIGNAL, 40) == []


def test_two_such_flaws_of_one_class_are() -> None:
    story = Story()
    for team, flaw in zip(STREAMS[:3], ("1111", "1111", "2222"), strict=True):
        labels = ["CWE-79", f"CVE-2026-{flaw}"]
        said = {"team": team, "class": "CWE-79", "labels": labels}
        story.tell("finding.opened", 0, "10:00", f"scan-{team}", **said)
    assert story.reading(SIGNAL, 0).parts[1].value == 1


def test_two_classes_are_too_few() -> None:
    story = three_classes(exemptions=(exempt(SIGNAL, 0, 200, subject="cwe-89"),))
    reading = story.reading(SIGNAL, 0)
    assert reading.ratio == Fraction(6, 7)
    assert reading.parts[1].value == 2
    assert story.on_days(SIGNAL, 60) == []


def test_few_of_many_findings_are_too_few() -> None:
    """9 of 31 are 0.29, though three classes return."""
    story = three_classes()
    for number in range(21):
        found(story, f"more-{number}", "search", f"own-{number}", None)
    reading = story.reading(SIGNAL, 0)
    assert reading.ratio == Fraction(9, 31)
    assert reading.parts[1].value == 3
    assert story.on_days(SIGNAL, 60) == []


def test_no_findings_at_all_are_no_ratio() -> None:
    story = Story()
    story.worked("basket", 0, "09:00", "10:00")
    assert story.reading(SIGNAL, 5).ratio is None


def test_a_finding_of_two_teams_is_closed_for_one_or_for_both() -> None:
    story = Story()
    for day, team in ((0, "basket"), (1, "search")):
        said = {"team": team, "class": "CWE-79"}
        story.tell("finding.opened", day, "10:00", "F-1", **said)
    story.tell("finding.closed", 2, "10:00", "F-1", team="basket")
    spans = [(mark.team, mark.start, mark.end) for mark in story.marks()]
    assert spans == [
        ("basket", instant(0, "10:00"), instant(2, "10:00")),
        ("search", instant(1, "10:00"), FOREVER),
    ]


def test_a_flaw_that_teams_have_at_one_instant_is_open_in_each_of_them() -> None:
    """Two flaws of a class, each in three teams: six findings, all of one class."""
    story = Story()
    for entity in ("CVE-2026-1111", "CVE-2026-2222"):
        for team in STREAMS[:3]:
            found(story, entity, team, "CWE-79", None)
    for team in STREAMS[1:3]:
        story.tell("finding.closed", 4, "10:00", "CVE-2026-1111", team=team)
    reading = story.reading(SIGNAL, 0)
    assert reading.ratio == 1
    assert reading.parts[1].value == 1
    ends = {mark.team: mark.end for mark in story.marks() if "1111" in mark.detail}
    assert ends == {
        "basket": FOREVER,
        "checkout": instant(4, "10:00"),
        "payments": instant(4, "10:00"),
    }


def test_what_two_facts_say_alike_counts_once() -> None:
    """As of two sources, or of one that is read again and known by other words now."""
    story = Story()
    for source in ("scanner.example", "other.example"):
        said = {"team": "basket", "source": source}
        story.tell("finding.opened", 0, "10:00", "F-1", **said, **{"class": "CWE-79"})
        story.tell("finding.closed", 2, "10:00", "F-1", **said)
    (mark,) = story.marks()
    assert (mark.start, mark.end) == (instant(0, "10:00"), instant(2, "10:00"))


def test_labelled_tickets_are_findings_too() -> None:
    story = Story()
    key = story.ticket("basket")
    labels = ["CWE-79", "control: ac-2", "GHSA-abcd-1234-wxyz"]
    story.tell("ticket.created", 0, "09:00", key, labels=labels)
    story.tell("ticket.done", 3, "09:00", key)
    marks = [mark for mark in story.marks() if mark.sort is Sort.FINDING]
    assert [(mark.word, mark.detail, mark.end) for mark in marks] == [
        ("control: ac-2", "ghsa-abcd-1234-wxyz", instant(3, "09:00")),
        ("cwe-79", "ghsa-abcd-1234-wxyz", instant(3, "09:00")),
    ]


def test_what_a_scanner_opens_again_every_day_is_one_finding() -> None:
    story = three_classes()
    for day in range(30):
        found(story, "flapping", "search", "CWE-9", None)
        story.tell(
            "finding.opened", day, "09:00", "flaps", team="search", **{"class": "CWE-8"}
        )
        story.tell("finding.closed", day, "18:00", "flaps")
    # Nine of three classes, and three that are alone.
    assert story.reading(SIGNAL, 30).ratio == Fraction(9, 12)


def test_findings_of_nobody_known_are_of_no_team() -> None:
    story = Story()
    for class_ in ("CWE-1", "CWE-2", "CWE-3"):
        for team in ("basket", "external", "no-such-team"):
            found(story, f"{class_}/{team}", team, class_, None)
    assert story.reading(SIGNAL, 0).parts[1].value == 0
