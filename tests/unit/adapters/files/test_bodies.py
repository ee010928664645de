"""Bodies that are printed over several lines, beside JSON Lines."""

from __future__ import annotations

import json
from collections.abc import Iterator

import pytest
from hypothesis import given
from hypothesis import strategies as st

from monitor.adapters.files.bodies import bodies_of

BODY = {"a": {"b": [1, {"c": None}], "d": []}, "e": "} \n ]"}
VALUES = st.recursive(
    st.none() | st.integers() | st.sampled_from(["", "{", "}\n", " ]"]),
    lambda inner: (
        st.lists(inner, max_size=3)
        | st.dictionaries(st.sampled_from("a{}"), inner, max_size=3)
    ),
    max_leaves=8,
)


def lines_of(text: str) -> list[bytes]:
    return text.encode().splitlines(keepends=True)


@pytest.mark.parametrize("indent", [1, 2, 4, "\t"])
@pytest.mark.parametrize("mark", ["", "\ufeff"])
@pytest.mark.parametrize("end", ["\n", "\r\n"])
def test_a_printed_body_is_one(indent: int | str, mark: str, end: str) -> None:
    text = mark + json.dumps(BODY, indent=indent).replace("\n", end)
    ((number, body),) = bodies_of(lines_of(text))
    assert number == 0
    assert json.loads(body.decode("utf-8-sig")) == BODY


def test_a_body_may_begin_and_end_beside_its_values() -> None:
    text = '{"a": 1,\n\n  "b": {\n    "c": 2}}\n'
    ((_, body),) = bodies_of(lines_of(text))
    assert json.loads(body) == {"a": 1, "b": {"c": 2}}


def test_printed_bodies_and_lines_come_in_order_with_their_first_lines() -> None:
    text = '{\n  "a": 1\n}\n{\n  "b": 2\n}\n\n{"c": 3}\n[\n  4\n]\n'
    found = [(number, json.loads(body)) for number, body in bodies_of(lines_of(text))]
    assert found == [(0, {"a": 1}), (3, {"b": 2}), (7, {"c": 3}), (8, [4])]


def test_of_files_one_after_the_other_the_last_line_may_go_on() -> None:
    text = '{\n  "a": 1\n}{\n  "b": 2\n} [\n  3\n]'
    found = [(number, json.loads(body)) for number, body in bodies_of(lines_of(text))]
    assert found == [(0, {"a": 1}), (2, {"b": 2}), (4, [3])]


@pytest.mark.parametrize(
    "text",
    [
        '{"a":\n{"b": 1}\n',
        "{\n}x\n",
        '{\n  "a": 1,\n}\n{"b": 1}\n',
        '{\n  "a": 1\n{"b": 1}\n',
        "[\n  1\n",
        "{\n",
        " 1\n  2\n}\n",
        'no json\n  {"b": 1}\n',
    ],
)
def test_what_is_together_no_json_is_a_body_a_line(text: str) -> None:
    expected = [(n, line.rstrip()) for n, line in enumerate(lines_of(text))]
    assert list(bodies_of(lines_of(text))) == expected


@given(st.lists(VALUES))
def test_lines_of_json_are_a_body_each(values: list[object]) -> None:
    lines = [json.dumps(value).encode() for value in values]
    assert list(bodies_of(line + b"\n" for line in lines)) == list(enumerate(lines))


@given(st.lists(VALUES.filter(bool).filter(lambda one: isinstance(one, dict | list))))
def test_printed_one_after_the_other_all_are_there(values: list[object]) -> None:
    text = "".join(json.dumps(value, indent=2) + "\n" for value in values)
    assert [json.loads(body) for _, body in bodies_of(lines_of(text))] == values


def test_no_line_is_awaited_beyond_what_is_whole() -> None:
    def arriving() -> Iterator[bytes]:
        yield b'{"a": 1}\n'
        yield b"{\n"
        yield b'  "b": 2\n'
        yield b"}\n"
        pytest.fail("asked for more than the two bodies that are whole")

    found = bodies_of(arriving())
    assert [next(found)[0], next(found)[0]] == [0, 1]
