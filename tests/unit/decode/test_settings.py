"""The tables of words: classes, labels, statuses."""

from __future__ import annotations

import pytest

from monitor.decode.settings import LabelMeaning, LabelRules, WorkClassTable


def test_words_of_the_class_table_are_found_in_any_case() -> None:
    table = WorkClassTable()

    assert table.of_type("Bug") == "defect"
    assert table.of_type(" Story ") == "feature"
    assert table.of_prefix("Refactor") == "debt"
    assert table.of_prefix("docs") is None


def test_first_label_in_alphabetical_order_decides() -> None:
    table = WorkClassTable()

    assert table.of_labels(["type: security", "kind/bug"]) == "defect"
    assert table.of_labels(["unknown", "Enhancement"]) == "feature"
    assert table.of_labels([]) is None


def test_a_label_that_names_whom_it_waits_for_has_no_class() -> None:
    table = WorkClassTable()

    assert table.of_labels(["blocked-by:security", "refactor"]) == "debt"
    assert table.of_labels(["waiting for support"]) is None


@pytest.mark.parametrize(
    ("name", "meaning"),
    [
        ("Blocked", LabelMeaning("blocked")),
        ("blocked-by:platform", LabelMeaning("blocked", "platform")),
        ("Waiting for data", LabelMeaning("blocked", "data")),
        ("In Progress", LabelMeaning("started")),
        ("Backlog", LabelMeaning("parked")),
        ("Done", LabelMeaning("done")),
        ("blocked-by:", None),
        ("help wanted", None),
    ],
)
def test_label_means_what_the_rules_say(
    name: str, meaning: LabelMeaning | None
) -> None:
    assert LabelRules().meaning(name) == meaning
