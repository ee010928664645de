"""Patterns of a teams file: what they match, and that many of them stay cheap."""

from __future__ import annotations

from fnmatch import fnmatchcase
from functools import _lru_cache_wrapper
from re import Pattern

import pytest
from hypothesis import given
from hypothesis import strategies as st

from monitor.directory.patterns import glob, path_glob


@given(st.text("ab*?./", max_size=12), st.text("ab./", max_size=16))
def test_a_glob_matches_what_the_shell_says(pattern: str, name: str) -> None:
    """Of stars and question marks the shell's rules are ours, slashes included."""
    assert (glob(pattern).fullmatch(name) is not None) is fnmatchcase(name, pattern)


def test_many_stars_are_no_trap() -> None:
    """Tried in every way, forty letters would take this pattern hours."""
    assert glob("*a" * 20 + "b").fullmatch("a" * 40) is None
    assert glob("*a" * 20 + "b").fullmatch("a" * 40 + "b") is not None


@pytest.mark.parametrize(
    ("compiled", "patterns"),
    [
        (glob, [f"acme/asked-{number}-*" for number in range(5_000)]),
        (path_glob, [f"/asked-{number}/**" for number in range(5_000)]),
    ],
)
def test_each_pattern_is_compiled_once_however_many_there_are(
    compiled: _lru_cache_wrapper[Pattern[str]], patterns: list[str]
) -> None:
    before = compiled.cache_info().misses
    for _ in range(3):
        for pattern in patterns:
            compiled(pattern)
    assert compiled.cache_info().misses == before + len(patterns)
