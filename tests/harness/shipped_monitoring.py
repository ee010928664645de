"""The shipped configurations, put to work on one machine and in seconds.

What a test cannot use as it is, addresses and lengths of time, is replaced in a copy;
everything else stays, and that is asserted.
"""

import re
from collections.abc import Mapping
from pathlib import Path

import yaml

from tests.harness.rule_files import ALERTMANAGER, PROMETHEUS, RULE_FILES

# Lengths of time in the rules: how long until an alert fires, how long it is kept, and
# how far those that take days look back, `[1h:5m]`.
_RULE_TIMES = re.compile(
    r"(?<=\bfor: )\w+$|(?<=\bkeep_firing_for: )\w+$|(?<=\)\[)\w+:\w+(?=\])",
    re.MULTILINE,
)
_ROUTE_TIMES = re.compile(
    r"(?<=\bgroup_wait: )\w+$|(?<=\bgroup_interval: )\w+$", re.MULTILINE
)
_INTERVALS = re.compile(
    r"(?<=\bscrape_interval: )\w+$|(?<=\bscrape_timeout: )\w+$"
    r"|(?<=\bevaluation_interval: )\w+$",
    re.MULTILINE,
)


def prometheus_configuration(
    folder: Path,
    targets: Mapping[str, str],
    rule_times: Mapping[str, str],
    interval: str = "1s",
) -> str:
    """Copy the rules into the folder, and return a configuration that reads them.

    ``targets`` gives new addresses by those of the shipped file; ``rule_times``
    gives new lengths of time by old ones.
    """
    rules = folder / "rules"
    rules.mkdir(parents=True)
    for file in RULE_FILES:
        (rules / file.name).write_text(
            _replaced(file.read_text(), _RULE_TIMES, rule_times)
        )
    text = (PROMETHEUS / "prometheus.yml").read_text()
    times = dict.fromkeys(_INTERVALS.findall(text), interval)
    return _addressed(_replaced(text, _INTERVALS, times), targets)


def alertmanager_configuration(addresses: Mapping[str, str]) -> str:
    """Return a configuration that sends to these addresses, and sends at once."""
    text = ALERTMANAGER.read_text()
    times = dict.fromkeys(_ROUTE_TIMES.findall(text), "1s")
    return _addressed(_replaced(text, _ROUTE_TIMES, times), addresses)


def _addressed(text: str, addresses: Mapping[str, str]) -> str:
    for old, new in addresses.items():
        assert text.count(f'"{old}"') == 1, old
        text = text.replace(f'"{old}"', f'"{new}"')
    return text


def _replaced(text: str, times: re.Pattern[str], by: Mapping[str, str]) -> str:
    """The text with these lengths of time replaced, and nothing else.

    Raises:
        KeyError: a length of time that ``by`` does not name.
    """
    shortened = times.sub(lambda found: by[found[0]], text)
    assert times.sub("", shortened) == times.sub("", text)
    assert _shape(yaml.safe_load(shortened)) == _shape(yaml.safe_load(text))
    return shortened


def _shape(tree: object) -> object:
    """A document without what may be replaced."""
    if isinstance(tree, dict):
        return {
            key: _shape(value)
            for key, value in tree.items()
            if not str(key).endswith(("for", "_interval", "_timeout", "_wait"))
        }
    if isinstance(tree, list):
        return [_shape(value) for value in tree]
    return re.sub(r"\)\[\w+:\w+\]", ")[]", tree) if isinstance(tree, str) else tree
