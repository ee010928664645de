"""Patterns of a teams file: what they match, and that many of them stay cheap."""

from __future__ import annotations

from fnmatch import fnmatchcase
from functools import _lru_cache_wrapper
from re import Pattern

import pytest
from hypothesis import given
from hypothesis import strategies as st

from monitor.directory.patterns import glob, path_glob, path_key


@given(st.text("ab*?./", max_size=12), st.text("ab./", max_size=16))
def test_a_glob_matches_what_the_shell_says(pattern: str, name: str) -> None:
    """Of stars and question marks the shell's rules are ours, slashes included."""
    assert (glob(pattern).fullmatch(name) is not None) is fnmatchcase(name, pattern)


def test_many_stars_are_no_trap() -> None:
    """Tried in every way, forty letters would take this pattern hours."""
    assert glob("*a" * 20 + "b").fullmatch("a" * 40) is None
    assert glob("*a" * 20 + "b").fullmatch("a" * 40 + "b") is not None


def matches(pattern: str, path: str) -> bool:
    """What path patterns mean, tried in every way."""
    if pattern.startswith("/**/"):
        after = [at for at, one in enumerate(path) if one == "/"]
        is_here = path.startswith("/")
        return is_here and any(matches(pattern[4:], path[at + 1 :]) for at in after)
    if pattern.startswith("**"):
        return any(matches(pattern[2:], path[at:]) for at in range(len(path) + 1))
    if pattern.startswith("*"):
        name = path.partition("/")[0]
        return any(matches(pattern[1:], path[at:]) for at in range(len(name) + 1))
    if not pattern or not path:
        return pattern == path
    is_alike = path[0] != "/" if pattern[0] == "?" else pattern[0] == path[0]
    return is_alike and matches(pattern[1:], path[1:])


@given(
    st.lists(st.sampled_from(["a", "b", "/", "*", "?", "**", "/**/"]), max_size=8),
    st.text("ab/", max_size=10),
)
def test_a_path_pattern_matches_what_its_parts_mean(
    parts: list[str], path: str
) -> None:
    key = path_key("".join(parts))
    whole = f"/{path}"
    rooted = key if key.startswith("/") else f"/**/{key}"
    slashes = [at for at, one in enumerate(whole) if one == "/"]
    candidates = [whole]
    if rooted.endswith("/"):
        candidates = [whole[: at + 1] for at in slashes]
    elif not {"*", "?"} & set(rooted.rpartition("/")[2]):
        candidates += [whole[:at] for at in slashes]
    expected = any(matches(rooted, one) for one in candidates)
    assert (path_glob(key).fullmatch(whole) is not None) is expected


@pytest.mark.parametrize(
    ("pattern", "path"),
    [
        ("*-test-*x", "/" + "-test-" * 300_000),
        ("/**/a/**/a/**/b", "/a" * 20_000),
        ("/a*a**a*a**b", "/" + "a" * 200_000),
    ],
)
@pytest.mark.timeout(60)
def test_no_path_takes_for_ever(pattern: str, path: str) -> None:
    """Tried in every way, they take minutes at the least."""
    assert path_glob(path_key(pattern)).fullmatch(path) is None


@pytest.mark.parametrize(
    ("compiled", "patterns"),
    [
        (glob, [f"acme/asked-{number}-*" for number in range(5_000)]),
        (path_glob, [f"/asked-{number}/**" for number in range(5_000)]),
    ],
)
@pytest.mark.slow
def test_each_pattern_is_compiled_once_however_many_there_are(
    compiled: _lru_cache_wrapper[Pattern[str]], patterns: list[str]
) -> None:
    before = compiled.cache_info().misses
    for _ in range(3):
        for pattern in patterns:
            compiled(pattern)
    assert compiled.cache_info().misses == before + len(patterns)
