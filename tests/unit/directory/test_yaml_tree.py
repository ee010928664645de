import pytest
from hypothesis import given
from hypothesis import strategies as st

from monitor.directory.file_directory import FileDirectory
from monitor.directory.teams_file import parse
from monitor.directory.yaml_text import scalar
from monitor.directory.yaml_tree import read_tree


def test_the_line_of_every_value_is_known() -> None:
    tree = read_tree("a: 1\nb:\n  - x\n  - {c: y}\n")
    assert tree.value == {"a": 1, "b": ["x", {"c": "y"}]}
    assert tree.lines == {
        (): 1,
        ("a",): 1,
        ("b",): 2,
        ("b", 0): 3,
        ("b", 1): 4,
        ("b", 1, "c"): 4,
    }


@pytest.mark.parametrize(
    ("text", "value"),
    [
        ("17:00", "17:00"),
        ("no", "no"),
        ("on", "on"),
        ("2026-01-01", "2026-01-01"),
        ("0x10", "0x10"),
        ("1_000", "1_000"),
        ("true", True),
        ("~", None),
        ("", None),
        ("-12", -12),
        ("1.5", 1.5),
        (".5", 0.5),
        ("'1'", "1"),
        ('"true"', "true"),
    ],
)
def test_scalars_follow_the_core_rules_of_yaml_1_2(text: str, value: object) -> None:
    assert read_tree(f"key: {text}").value == {"key": value}


@pytest.mark.parametrize(
    ("text", "line", "what"),
    [
        ("a: 1\nb: 2\na: 3", 3, "the key is written twice (first in line 1)"),
        ("a: &x 1", 1, "an anchor (&x) is not supported: write the value out"),
        ("a: &x 1\nb: *x", 2, "an alias (*name) is not supported: write the value out"),
        (
            "a: !!python/object:os.system x",
            1,
            (
                "a tag (tag:yaml.org,2002:python/object:os.system) is not supported: "
                "write the plain value"
            ),
        ),
        (
            "? [a, b]\n: 1",
            1,
            "a key should be plain text, not a list or a mapping",
        ),
    ],
)
def test_what_yaml_allows_and_a_teams_file_does_not(
    text: str, line: int, what: str
) -> None:
    found = [(mistake.line, mistake.text) for mistake in read_tree(text).mistakes]
    assert (line, what) in found


@pytest.mark.parametrize(
    ("text", "line"),
    [
        ("a: [1, 2", 1),
        ("a: 1\n\tb: 2", 2),
        ("a: 1\nb: x: y", 2),
        ("a: 1\nb: \x01", 2),
        ("a: 1\n\ud800", 2),
        ("a:\n  " + "[" * 10_000, 2),
        ("a:\n  " + "[" * 30 + "]" * 30, 2),
    ],
)
def test_what_is_not_yaml_is_one_mistake_with_its_line(text: str, line: int) -> None:
    tree = read_tree(text)
    assert not tree.complete
    assert [mistake.line for mistake in tree.mistakes] == [line]


def test_repetition_cannot_exhaust_memory() -> None:
    laughs = "a: &a [x, x]\nb: &b [*a, *a]\nc: [*b, *b]\n"
    assert isinstance(parse(laughs), tuple)


@given(st.text())
def test_no_text_makes_the_reader_raise(text: str) -> None:
    found = parse(text)
    assert isinstance(found, tuple | FileDirectory)


_PIECES = st.sampled_from(
    [
        "version: 1",
        "organisation:",
        "  calendar: {zone: UTC}",
        "teams:",
        "  - id: a",
        "    owns:",
        "      - repo: a/*",
        "      - {service: x",
        "from: 2026-01-01",
        "members: [github:a]",
        "headcount: .nan",
        *("}", "[", "]", "&a", "*a", "? ", ": ", "- ", "---", "...", "\t", "#"),
        *("'", '"', "!!str", "~", "null"),
    ]
)


@given(st.lists(st.tuples(_PIECES, st.sampled_from(["\n", " ", "\n  ", ""]))))
def test_nothing_like_a_teams_file_makes_the_reader_raise(
    pieces: list[tuple[str, str]],
) -> None:
    text = "".join(piece + gap for piece, gap in pieces)
    found = parse(text)
    if isinstance(found, tuple):
        assert found
        assert all(1 <= one.line <= text.count("\n") + 1 for one in found)


@given(st.text())
def test_text_is_written_in_characters_that_can_be_seen_and_read_back(
    text: str,
) -> None:
    written = scalar(text)
    assert written.isprintable()
    assert read_tree(f"a: {written}\n").value == {"a": text}
