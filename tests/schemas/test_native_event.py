"""The published schema of native events, its samples, and the decoder: they agree."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import jsonschema
import pytest

from monitor.decode.decode import decode
from monitor.decode.native.schema import native_event_schema
from monitor.decode.settings import DecodeSettings, TopicHint
from monitor.domain.facts import Kind
from monitor.domain.outcomes import Decoded, Record

SCHEMAS = Path(__file__).resolve().parents[2] / "schemas"
VALID = sorted((SCHEMAS / "valid" / "native-event").glob("*.json"))
INVALID = sorted((SCHEMAS / "invalid" / "native-event").glob("*.json"))
# What the decoder says of each invalid sample: one mistake each.
REASONS = {
    "attempt-a-fraction": ("wrong_type", "attempt"),
    "automation-in-quotes": ("wrong_type", "automation"),
    "blocker-missing": ("missing_field", "blocker"),
    "cause-an-object": ("wrong_type", "cause_team"),
    "class-of-a-finding-null": ("missing_field", "class"),
    "decision-of-an-approval-unknown": ("bad_value", "decision"),
    "entity-empty": ("bad_value", "entity"),
    "id-missing": ("missing_field", "id"),
    "incident-of-nobody": ("missing_field", "team"),
    "items-a-text": ("wrong_type", "items"),
    "kind-missing": ("missing_field", "kind"),
    "kind-unknown": ("unknown_kind", "kind"),
    "outcome-missing": ("missing_field", "outcome"),
    "outcome-unknown": ("bad_value", "outcome"),
    "postponed-somehow": ("bad_value", "how"),
    "receiver-missing": ("missing_field", "to_team"),
    "revision-negative": ("bad_value", "revision"),
    "schema-of-another-version": ("bad_value", "schema"),
    "source-a-number": ("wrong_type", "source"),
    "time-a-number": ("bad_time", "time"),
    "work-class-unknown": ("bad_value", "work_class"),
}


def published() -> dict[str, Any]:
    text = (SCHEMAS / "native-event.schema.json").read_text()
    schema: dict[str, Any] = json.loads(text)
    return schema


def ends_of(path: Path) -> Decoded:
    record = Record("t", 0, 0, None, None, (), path.read_bytes())
    return decode(record, TopicHint(provider="native"), DecodeSettings())


def test_published_schema_is_the_one_the_model_generates() -> None:
    """To change it: edit native_model.py and write the generated schema again."""
    assert published() == native_event_schema()


def test_published_schema_is_a_valid_schema() -> None:
    jsonschema.Draft202012Validator.check_schema(published())


def test_every_kind_has_a_valid_sample() -> None:
    kinds = {json.loads(path.read_text())["kind"] for path in VALID}

    assert kinds == {str(kind) for kind in Kind}


def test_every_invalid_sample_has_its_reason() -> None:
    assert {path.stem for path in INVALID} == REASONS.keys()


@pytest.mark.parametrize("path", VALID, ids=lambda path: path.stem)
def test_valid_sample_is_valid_by_the_schema_and_becomes_a_fact(path: Path) -> None:
    event = json.loads(path.read_text())

    jsonschema.Draft202012Validator(published()).validate(event)
    decoded = ends_of(path)

    assert decoded.reasons == ()
    (fact,) = decoded.facts
    assert (fact.kind, fact.entity) == (event["kind"], event["entity"])


@pytest.mark.parametrize("path", INVALID, ids=lambda path: path.stem)
def test_invalid_sample_is_refused_by_the_schema_and_by_decoding(path: Path) -> None:
    event = json.loads(path.read_text())

    assert not jsonschema.Draft202012Validator(published()).is_valid(event)
    decoded = ends_of(path)

    assert decoded.facts == ()
    assert [(str(it.code), it.where) for it in decoded.reasons] == [REASONS[path.stem]]
