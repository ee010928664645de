"""Validators made from descriptions: what is not named costs nothing."""

from __future__ import annotations

import json
from typing import Required, TypedDict

import pytest
from pydantic_core import ValidationError

from monitor.decode.lean import lean_validator, mistakes_in


class Part(TypedDict, total=False):
    name: str | None
    at: int | str | None


class Whole(TypedDict, total=False):
    number: Required[int]
    draft: bool | None
    labels: list[str] | None
    part: Part | None
    either: Part | str | None
    key: Required[str | int]


VALIDATOR = lean_validator(Whole)


def mistakes(body: object) -> list[tuple[str, str]]:
    with pytest.raises(ValidationError) as caught:
        VALIDATOR.validate_json(json.dumps(body))
    return [
        (".".join(map(str, one["loc"])), one["type"]) for one in caught.value.errors()
    ]


def test_only_what_is_named_comes_out() -> None:
    body = {"number": 7, "key": 1, "other": [1], "part": {"name": "x", "more": {}}}
    assert VALIDATOR.validate_json(json.dumps(body)) == {
        "number": 7,
        "key": 1,
        "part": {"name": "x"},
    }


def test_what_is_named_may_be_null_or_absent_unless_it_is_required() -> None:
    nothing = {"draft": None, "labels": None, "part": None, "either": None}
    body = {"number": 7, "key": "7", **nothing}
    assert VALIDATOR.validate_json(json.dumps(body)) == body
    assert mistakes({"key": 7}) == [("number", "missing")]
    assert mistakes({"number": None, "key": 7}) == [("number", "int_type")]


@pytest.mark.parametrize(
    ("field", "value", "where", "mistake"),
    [
        ("number", True, "number", "int_type"),
        ("number", "7", "number", "int_type"),
        ("draft", 1, "draft", "bool_type"),
        ("labels", {"a": 1}, "labels", "list_type"),
        ("labels", ["a", 2], "labels.1", "string_type"),
        ("part", [], "part", "dict_type"),
        ("part", {"name": 5}, "part.name", "string_type"),
    ],
)
def test_types_are_those_of_the_json(
    field: str, value: object, where: str, mistake: str
) -> None:
    assert mistakes({"number": 7, "key": 1, field: value}) == [(where, mistake)]


def reasons(body: object) -> list[tuple[str, str]]:
    text = json.dumps(body).encode()
    with pytest.raises(ValidationError) as caught:
        VALIDATOR.validate_json(text)
    return [(one.where, one.text) for one in mistakes_in(caught.value, text)]


def test_a_value_of_none_of_several_types_is_one_mistake_at_its_own_place() -> None:
    wrong = {"number": 7, "key": 1.5, "part": {"at": 1.5}, "either": 1}
    assert reasons(wrong) == [
        ("part.at", "must be a whole number or text"),
        ("either", "must be an object or text"),
        ("key", "must be text or a whole number"),
    ]


def test_of_an_object_among_several_types_the_mistakes_in_it_are_told() -> None:
    wrong = {"number": 7, "key": 1, "either": {"name": 5, "at": True}}
    assert reasons(wrong) == [
        ("either.name", "must be text"),
        ("either.at", "must be a whole number or text"),
    ]


def test_of_several_types_null_is_none_unless_it_is_named() -> None:
    assert reasons({"number": 7, "key": None}) == [
        ("key", "must be text or a whole number")
    ]
