"""Validators made from descriptions: what is not named costs nothing."""

from __future__ import annotations

import json
from typing import Required, TypedDict

import pytest
from pydantic_core import ValidationError

from monitor.decode.lean import lean_validator


class Part(TypedDict, total=False):
    name: str | None
    at: int | str | None


class Whole(TypedDict, total=False):
    number: Required[int]
    draft: bool | None
    labels: list[str] | None
    part: Part | None
    either: Part | str | None


VALIDATOR = lean_validator(Whole)


def mistakes(body: object) -> list[tuple[str, str]]:
    with pytest.raises(ValidationError) as caught:
        VALIDATOR.validate_json(json.dumps(body))
    return [
        (".".join(map(str, one["loc"])), one["type"]) for one in caught.value.errors()
    ]


def test_only_what_is_named_comes_out() -> None:
    body = {"number": 7, "other": [1], "part": {"name": "x", "more": {}}}
    assert VALIDATOR.validate_json(json.dumps(body)) == {
        "number": 7,
        "part": {"name": "x"},
    }


def test_what_is_named_may_be_null_or_absent_unless_it_is_required() -> None:
    body = {"number": 7, "draft": None, "labels": None, "part": None, "either": None}
    assert VALIDATOR.validate_json(json.dumps(body)) == body
    assert mistakes({}) == [("number", "missing")]
    assert mistakes({"number": None}) == [("number", "int_type")]


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
    assert mistakes({"number": 7, field: value}) == [(where, mistake)]


def test_of_several_types_each_says_what_it_misses() -> None:
    wrong = mistakes({"number": 7, "part": {"at": 1.5}, "either": 1})
    assert [where for where, _ in wrong] == [
        "part.at.int",
        "part.at.str",
        "either.Part",
        "either.str",
    ]
