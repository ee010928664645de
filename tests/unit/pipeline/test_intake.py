"""Records to facts without people; rejections to their place."""

from __future__ import annotations

import dataclasses
import hashlib
import json
from collections import Counter
from collections.abc import Mapping, Sequence

import pytest

from monitor.adapters.state.memory import MemoryState
from monitor.decode.settings import DecodeSettings
from monitor.directory.attribute import attribute
from monitor.domain.facts import Fact, Kind
from monitor.domain.making import make_fact
from monitor.domain.outcomes import Decoded, Record
from monitor.domain.references import references_of
from monitor.pipeline.batch import no_hint
from monitor.pipeline.decoding import Decoding
from monitor.pipeline.intake import Intake, Taking, TopicInvalid
from monitor.pipeline.ports import MAX_PUBLISHED_BYTES, Changes, DeadLetter
from monitor.pipeline.watching import Counted, Timed, Watch
from tests.harness.driving import directory_of
from tests.unit.pipeline.running import MONDAY, TEAMS, event, record

DIRECTORY = directory_of(TEAMS)
GOOD = json.dumps(event("ticket.created", 0, team="checkout")).encode()
BAD = b'{"no": "event"}'


class Heard:
    """Remembers what became of each record."""

    def __init__(self) -> None:
        self.decoded_records: list[Decoded] = []
        self.facts: list[tuple[str, dict[Kind, int], int]] = []

    def decoded(self, decoded: Decoded) -> None:
        self.decoded_records.append(decoded)

    def became_facts(
        self, source: str, kinds: Mapping[Kind, int], unknown_fields: int
    ) -> None:
        self.facts.append((source, dict(kinds), unknown_fields))


def intake(stop_after: int = 3, *, publish_bodies: bool = False) -> Intake:
    decoding = Decoding(DIRECTORY, DecodeSettings(), no_hint)
    return Intake(Taking(decoding, stop_after, publish_bodies), Heard())


def taken(
    taking: Intake, records: Sequence[Record]
) -> tuple[list[Fact], list[DeadLetter]]:
    found = taking.take(records)
    return found.facts, found.letters


def test_a_rejected_record_is_a_pointer_with_reasons_and_no_content() -> None:
    facts, letters = taken(intake(), [record(BAD, "tickets", 41)])
    assert facts == []
    (letter,) = letters
    assert (letter.topic, letter.partition, letter.offset) == ("tickets", 0, 41)
    assert letter.sha256 == hashlib.sha256(BAD).hexdigest()
    assert letter.reasons
    assert letter.body is None


def test_every_reason_is_kept() -> None:
    wrong = {**event("ticket.created", 0), "time": "soon", "entity": "", "id": 7}
    _, (letter,) = taken(intake(), [record(json.dumps(wrong).encode())])
    places = {reason.partition(":")[0] for reason in letter.reasons}
    assert places == {"time", "entity", "id"}


def test_good_records_beside_bad_ones_are_facts() -> None:
    facts, letters = taken(intake(), [record(BAD), record(GOOD), record(b"\xff")])
    assert [fact.entity for fact in facts] == ["T-1"]
    assert len(letters) == 2


def test_records_without_a_value_say_nothing_of_their_topic() -> None:
    deleted = [record(None)] * 9
    facts, letters = taken(intake(stop_after=3), deleted)
    assert (facts, len(letters)) == ([], 9)
    # Neither against it nor for it: what was counted before goes on.
    broken = [record(BAD), record(BAD), *deleted, record(BAD)]
    with pytest.raises(TopicInvalid):
        taken(intake(stop_after=3), broken)


def test_whoever_stops_names_the_setting_that_says_after_how_many() -> None:
    with pytest.raises(TopicInvalid, match=r"dead_letters\.stop_after_invalid = 3\b"):
        taken(intake(stop_after=3), [record(BAD)] * 3)


def test_the_count_of_rejected_records_survives_a_restart() -> None:
    state = MemoryState()
    before = intake(stop_after=3)
    taken(before, [record(GOOD), record(BAD), record(BAD)])
    before.collect(changes := Changes())
    state.commit(changes)

    after = intake(stop_after=3)
    after.load(state)
    with pytest.raises(TopicInvalid, match="the last 3 records were all rejected"):
        taken(after, [record(BAD)])


def test_a_good_record_ends_the_stored_count_too() -> None:
    state = MemoryState()
    before = intake(stop_after=3)
    for records in ([record(BAD), record(BAD)], [record(GOOD)]):
        taken(before, records)
        before.collect(changes := Changes())
        state.commit(changes)
    after = intake(stop_after=3)
    after.load(state)
    taken(after, [record(BAD), record(BAD)])  # one short of three


def test_a_good_record_taken_by_the_assistant_ends_the_count_too() -> None:
    ours, assistants = intake(stop_after=3), intake(stop_after=3)
    taken(ours, [record(BAD), record(BAD)])
    ours.adopt(assistants.taking.take([record(GOOD)]))
    taken(ours, [record(BAD), record(BAD)])  # one short of three


def test_whoever_stops_says_how_to_have_rejected_records_again() -> None:
    with pytest.raises(TopicInvalid) as stopped:
        taken(intake(stop_after=3), [record(BAD)] * 3)
    assert "stored as rejected before" in str(stopped.value)
    assert "move the state file away" in str(stopped.value)


def test_a_body_is_kept_only_where_publishing_is_asked_for() -> None:
    _, (letter,) = taken(intake(publish_bodies=True), [record(BAD)])
    assert letter.body == BAD


def test_a_body_too_large_to_publish_is_not_kept() -> None:
    large = b"x" * (MAX_PUBLISHED_BYTES + 1)
    _, (letter,) = taken(intake(publish_bodies=True), [record(large)])
    assert letter.body is None


def test_a_tombstone_has_the_digest_of_nothing() -> None:
    _, (letter,) = taken(intake(), [record(None)])
    assert letter.sha256 == hashlib.sha256(b"").hexdigest()


def test_nothing_but_bad_records_stop_the_program_with_the_newest_reason() -> None:
    with pytest.raises(TopicInvalid, match=r"topic t: the last 3 records were all"):
        taken(intake(stop_after=3), [record(BAD)] * 3)


def test_bad_records_are_counted_over_batches() -> None:
    taking = intake(stop_after=3)
    taken(taking, [record(BAD)] * 2)
    with pytest.raises(TopicInvalid):
        taken(taking, [record(BAD)])


def test_one_good_record_starts_the_count_anew() -> None:
    taking = intake(stop_after=3)
    records = [record(BAD), record(BAD), record(GOOD), record(BAD), record(BAD)]
    _, letters = taken(taking, records)
    assert len(letters) == 4


def test_one_good_event_of_a_rejected_batch_starts_the_count_anew() -> None:
    partly = record(b"[" + GOOD + b"," + BAD + b"]")
    _, letters = taken(
        intake(), [record(BAD), record(BAD), partly, record(BAD), record(BAD)]
    )
    assert len(letters) == 5
    with pytest.raises(TopicInvalid):
        taken(intake(), [partly, record(BAD), record(BAD), record(BAD)])


def test_topics_are_judged_apart() -> None:
    taking = intake(stop_after=3)
    _, letters = taken(taking, [record(BAD, topic) for topic in "abab"])
    assert len(letters) == 4


def test_what_is_ignored_is_no_bad_record() -> None:
    ping = record(b'{"zen": "x", "hook_id": 1, "hook": {}}')
    ping = ping._replace(headers=(("X-GitHub-Event", b"ping"),))
    taking = intake(stop_after=2)
    _, letters = taken(taking, [record(BAD), ping, record(BAD)])
    assert len(letters) == 2


def test_facts_are_told_once_for_many_records() -> None:
    heard = Heard()
    taking = dataclasses.replace(intake(), observer=heard)
    started = {**event("ticket.started", 1), "mood": "good", "nothing": None}
    taken(taking, [record(GOOD), record(json.dumps(started).encode()), record(GOOD)])
    kinds = {Kind.TICKET_CREATED: 2, Kind.TICKET_STARTED: 1}
    assert heard.facts == [("native", kinds, 1)]
    assert heard.decoded_records == []


def test_of_a_batch_with_mistakes_facts_and_reasons_are_told_apart() -> None:
    heard = Heard()
    taking = dataclasses.replace(intake(), observer=heard)
    taken(taking, [record(b"[" + GOOD + b"," + BAD + b"]")])
    (rejected,) = heard.decoded_records
    assert (rejected.facts, len(rejected.reasons)) == ((), 1)
    assert heard.facts == [("native", {Kind.TICKET_CREATED: 1}, 0)]


def test_what_was_read_is_told_when_the_topic_is_given_up() -> None:
    heard = Heard()
    taking = dataclasses.replace(intake(stop_after=1), observer=heard)
    with pytest.raises(TopicInvalid):
        taken(taking, [record(GOOD), record(BAD)])
    assert heard.facts[0] == ("native", {Kind.TICKET_CREATED: 1}, 0)
    assert len(heard.decoded_records) == 1


def test_a_meter_hears_how_many_facts_and_unknown_fields_there_were() -> None:
    counts: Counter[tuple[str, ...]] = Counter()

    class Counting:
        def count(self, name: Counted, *labels: str, amount: float = 1) -> None:
            counts[name, *labels] += int(amount)

        def took(self, name: Timed, seconds: float) -> None: ...

    taking = dataclasses.replace(intake(), observer=Watch(Counting(), lambda: 0))
    odd = json.dumps({**event("ticket.created", 1), "mood": "good"}).encode()
    taken(taking, [record(GOOD), record(odd)])
    assert counts == {
        ("friction_events_total", "native", "ticket.created", "fact"): 2,
        ("friction_unknown_fields_total", "native"): 1,
    }


def test_the_watermark_is_the_newest_event_time_of_a_provider() -> None:
    taking = intake()
    bodies = [event("ticket.created", hours, f"T-{hours}") for hours in (2, 5, 1)]
    taken(taking, [record(json.dumps(body).encode()) for body in bodies])
    assert taking.watermarks == {"native": MONDAY + 5 * 3_600_000}


PERSONS = directory_of(
    """
version: 1
organisation: {name: Acme, roles: {manager: ["github:boss"]}}
teams:
  - id: checkout
    members: ["jira:ada"]
"""
)


def test_a_person_whom_a_native_event_names_goes_no_further() -> None:
    taking = Taking(Decoding(PERSONS, DecodeSettings(), no_hint), 3)
    said = {"team": "Ada", "on_team": "@boss", "repo": "acme/shop"}
    body = json.dumps(event("ticket.blocked", 0, **said)).encode()
    taken = taking.take([record(body), record(body)])
    for fact in taken.facts:
        assert fact.fields["team"] == "checkout"
        assert fact.fields["on_team"] == "unknown"
        assert "boss" not in str(fact)
        assert "ada" not in str(fact).lower()
    assert taken.unknown == {"repo:acme/shop"}


def test_a_label_that_names_nobody_known_is_a_gap_without_its_text() -> None:
    said = make_fact(
        Kind.TICKET_BLOCKED, 1, "T-1", "github.com", {}, {"named": "ada lovelace"}
    )
    facts = [attribute(said, PERSONS), attribute(said, DIRECTORY)]
    named = (one for fact in facts for one in references_of(fact, PERSONS))
    found = {one.reference for one in named if one.is_gap(1)}
    (name,) = found
    assert name.startswith("blocked-on:")
    assert "ada" not in name.removeprefix("blocked-on:")


def test_an_unknown_team_is_kept_by_name_among_the_gaps() -> None:
    taking = intake()
    stranger = event("ticket.created", 0, team="who-is-that")
    taken(taking, [record(json.dumps(stranger).encode())])
    assert "team:who-is-that" in taking.unknown
