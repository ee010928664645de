"""What recent batches deferred is not stored again; what they held is a cache."""

from __future__ import annotations

from monitor.pipeline.recent import Recent


def test_what_a_recent_batch_deferred_is_not_deferred_again() -> None:
    recent = Recent()
    assert recent.newly_deferred(["b", "a"]) == ["b", "a"]
    assert recent.newly_deferred(["a", "c", "b"]) == ["c"]


def test_after_some_batches_it_is() -> None:
    recent = Recent()
    recent.newly_deferred(["a"])
    for number in range(4):
        recent.newly_deferred([str(number)])
    assert recent.newly_deferred(["a", "3"]) == ["a"]


def test_when_items_are_evaluated_all_is_forgotten() -> None:
    recent = Recent()
    recent.newly_deferred(["a"])
    recent.clear()
    assert recent.newly_deferred(["a"]) == ["a"]
