"""What ``friction decode`` prints of an outcome."""

from __future__ import annotations

import json

from monitor.decode.describe import describe
from monitor.domain.facts import Kind
from monitor.domain.making import make_fact
from monitor.domain.outcomes import Decoded
from tests.unit.decode.records import native, of


def first_fact(decoded: Decoded) -> dict[str, object]:
    facts = describe(decoded)["facts"]
    assert isinstance(facts, list)
    return dict(facts[0])


def test_fact_is_shown_with_its_time_and_fields() -> None:
    shown = first_fact(of(native(on_team="platform", revision=2)))

    assert len(str(shown.pop("identity"))) == 16
    assert shown == {
        "kind": "ticket.blocked",
        "time": "2026-03-02T10:00:00Z",
        "entity": "CHK-1",
        "source": "tracker.example",
        "revision": 2,
        "on_team": "platform",
    }


def test_person_is_shown_as_a_person_only() -> None:
    fact = make_fact(
        Kind.CHANGE_OPENED, 1, "e", "s", {"repo": "a/b"}, {"author": "github:octocat"}
    )

    text = json.dumps(describe(Decoded(facts=(fact,))))

    assert "octocat" not in text
    assert '"author": {"person": true}' in text
    assert '"time": "1970-01-01T00:00:00.001Z"' in text


def test_rejection_is_shown_with_every_reason() -> None:
    shown = describe(of(native(id=None, time=5)))

    assert shown == {
        "rejected": [
            {
                "code": "missing_field",
                "where": "id",
                "text": "every event needs this field",
            },
            {
                "code": "bad_time",
                "where": "time",
                "text": "is not text; write it as RFC 3339, such as"
                " 2026-03-02T10:00:00Z",
            },
        ]
    }


def test_ignored_record_is_shown_with_why() -> None:
    assert describe(Decoded(ignored="a ping")) == {"ignored": "a ping"}


def test_batch_may_show_facts_and_reasons() -> None:
    shown = describe(of([native(), native(id=None)]))

    assert list(shown) == ["facts", "rejected"]
