"""A fact tells the record that it was read from, in a few letters."""

from __future__ import annotations

from monitor.domain.provenance import record_named, record_word, tag_of

PARTITIONS = [("friction.ci", 0), ("friction.ci", 1), ("friction.tickets", 0)]


def test_the_word_leads_back_to_the_record() -> None:
    for topic, number in PARTITIONS:
        word = record_word(topic, number, 1_234_567)
        assert record_named(word, PARTITIONS) == f"{topic}/{number}/1234567"


def test_the_word_is_short_and_its_letters_are_those_of_one_partition() -> None:
    words = {record_word(topic, number, 7) for topic, number in PARTITIONS}
    assert {len(word) for word in words} == {5}
    assert len(words) == 3


def test_a_record_of_a_partition_nobody_knows_any_more_keeps_its_offset() -> None:
    assert record_named(record_word("gone", 3, 9), PARTITIONS) == "?/?/9"


def test_a_fact_from_before_words_were_kept_names_no_record() -> None:
    assert record_named("", PARTITIONS) == ""
    assert record_named("tracker.example", PARTITIONS) == ""


def test_partitions_that_share_their_letters_are_both_named() -> None:
    """Once in sixteen million; none is guessed."""
    seen: dict[str, int] = {}
    for number in range(100_000):
        tag = tag_of("t", number)
        if tag in seen:
            break
        seen[tag] = number
    else:
        raise AssertionError
    both = [("t", seen[tag]), ("t", number)]
    named = record_named(f"{tag}5", both)
    assert named == " or ".join(sorted(f"t/{one}/5" for _, one in both))
