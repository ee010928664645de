"""Samples of the text format, read ten thousand times in a run of the tests."""

import re

Labels = tuple[tuple[str, str], ...]
Numbers = dict[tuple[str, Labels], float]

_LABEL = re.compile(r'(\w+)="((?:[^"\\]|\\.)*)"')
_SAMPLE = re.compile(
    r'([a-zA-Z_:][\w:]*)(?:\{((?:\w+="(?:[^"\\]|\\.)*",?)*)\})? (\S+)',
)
_ESCAPED = re.compile(r"\\(.)")


def parsed(text: str) -> Numbers:
    """The samples of a text exposition without timestamps.

    A quarter of the time that the parser of prometheus-client takes, which judges what
    is written (``tests/unit/prometheus``) and to which this one is held
    (``tests/unit/harness/test_exposition.py``).

    Raises:
        ValueError: a line is no sample.
    """
    numbers: Numbers = {}
    for line in text.split("\n"):
        if line and not line.startswith("#"):
            sample = _SAMPLE.fullmatch(line)
            if sample is None:
                raise ValueError(f"no sample: {line!r}")
            name, labels, value = sample.groups()
            numbers[name, _labels(labels or "")] = float(value)
    return numbers


def _labels(text: str) -> Labels:
    found = _LABEL.findall(text)
    if "\\" in text:
        found = [(name, _ESCAPED.sub(_unescaped, value)) for name, value in found]
    return tuple(sorted(found))


def _unescaped(match: re.Match[str]) -> str:
    return "\n" if match[1] == "n" else match[1]
