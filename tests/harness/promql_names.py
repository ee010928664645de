"""Whether an expression names only what there is: metrics, labels and their values.

For rules and boards alike. Variables of a board must be replaced by values first.
"""

import re
from collections.abc import Collection, Iterator
from dataclasses import replace

import promql_parser
from promql_parser import Expr, Matcher, MatchOp, VectorSelector

from monitor.adapters.prometheus import labels as by
from monitor.adapters.prometheus.catalogue import CATALOGUE, METRICS
from monitor.adapters.prometheus.metric import Label, Metric

# Prometheus adds these to whatever it scrapes.
_OF_A_TARGET: dict[str, tuple[str, ...]] = {"job": (), "instance": ()}
# What Prometheus itself says of a target and of alerts.
_OF_PROMETHEUS: dict[str, dict[str, tuple[str, ...]]] = {
    "up": _OF_A_TARGET,
    "scrape_duration_seconds": _OF_A_TARGET,
    "scrape_samples_scraped": _OF_A_TARGET,
    "ALERTS": {
        "alertname": (),
        "alertstate": ("pending", "firing"),
        "severity": ("page", "ticket"),
        "audience": ("sre", "platform-pm"),
        "team": (),
        "on_team": (),
    },
}
# A level, as recorded names begin with it: each word stands for a label.
_LEVELS = {
    "window": by.WINDOW,
    "on_team": by.ON_TEAM,
    "team": by.TEAM,
    "component": by.COMPONENT,
    "phase": by.PHASE,
    "class": by.WORK_CLASS,
    "outcome": by.OUTCOME,
    "cause": by.CAUSE,
    "measure": by.MEASURE,
    "le": replace(by.AT_MOST, name="le"),
}
_LEVEL_WORD = re.compile("|".join(_LEVELS))
_LEVEL = re.compile(rf"(?:{_LEVEL_WORD.pattern})(?:_(?:{_LEVEL_WORD.pattern}))*")
_PARTS_OF_A_HISTOGRAM = ("_bucket", "_count", "_sum")
# Values as a pattern may list them: nothing but words and bars.
_LISTED = re.compile(r"[\w.:+-]+(\|[\w.:+-]+)*")

# Label names with their values; none listed: any value.
_Labels = dict[str, tuple[str, ...]]


def problems(expression: str, recorded: Collection[str]) -> list[str]:
    """Return what the expression names that is not there; nothing when all is.

    ``recorded`` are the names of the recording rules. Checked are the name of every
    selector, its labels, the values of closed sets, and the labels of ``by`` and
    ``on``, which must be those of some selector in the expression.

    >>> problems('sum(friction_window_items{window="1d"})', ())
    ["friction_window_items: window has no value '1d'"]
    """
    try:
        tree = promql_parser.parse(expression)
    except ValueError as error:
        return [f"cannot be parsed: {error}"]
    found: list[str] = []
    known: set[str] = set()
    for selector in selectors(tree):
        name = _name_of(selector)
        labels = _labels_of(name, recorded)
        if labels is None:
            found.append(f"{name or selector}: no metric and no recorded rule")
            continue
        known |= labels.keys()
        found += [
            f"{name}: {wrong}"
            for matcher in _matchers(selector)
            if (wrong := _wrong(matcher, labels))
        ]
    grouped = sorted(_grouping_labels(tree) - known - _made_labels(tree))
    return found + [f"no selector has the label {label}" for label in grouped]


def selectors(tree: Expr) -> Iterator[VectorSelector]:
    """Every selector of an expression, whatever it is wrapped in."""
    for node in _nodes(tree):
        if isinstance(node, VectorSelector):
            yield node


def labels_of_level(recorded: str) -> tuple[Label, ...]:
    """The labels that a recorded name says it keeps; none when it says no level.

    >>> [label.name for label in labels_of_level("window_team_class:x:max")]
    ['window', 'team', 'work_class']
    """
    level, colon, _ = recorded.partition(":")
    if not colon or not _LEVEL.fullmatch(level):
        return ()
    return tuple(_LEVELS[word] for word in _LEVEL_WORD.findall(level))


def _nodes(tree: Expr) -> list[Expr]:
    found: list[Expr] = []

    def visit(node: Expr) -> bool:
        found.append(node)
        return True

    promql_parser.walk(tree, visit)
    return found


def _name_of(selector: VectorSelector) -> str:
    if selector.name:
        return selector.name
    named = [m for m in selector.matchers.matchers if m.name == "__name__"]
    exact = [m.value for m in named if m.op == MatchOp.Equal]
    return exact[0] if len(named) == len(exact) == 1 else ""


def _matchers(selector: VectorSelector) -> list[Matcher]:
    groups = [selector.matchers.matchers, *selector.matchers.or_matchers]
    return [m for group in groups for m in group if m.name != "__name__"]


def _labels_of(name: str, recorded: Collection[str]) -> _Labels | None:
    """The labels a series of this name can have; None when there is no such name."""
    if name in _OF_PROMETHEUS:
        return dict(_OF_PROMETHEUS[name])
    if name in recorded:
        return {label.name: label.values for label in labels_of_level(name)}
    metric = CATALOGUE.get(name)
    if metric is not None and metric.type != "histogram":
        return _of_metric(metric)
    for histogram in METRICS:
        parts = {f"{histogram.name}{part}" for part in _PARTS_OF_A_HISTOGRAM}
        if histogram.type == "histogram" and name in parts:
            bounds = (*map(repr, histogram.buckets), "+Inf")
            more = {"le": bounds} if name.endswith("_bucket") else {}
            return {**_of_metric(histogram), **more}
    return None


def _of_metric(metric: Metric) -> _Labels:
    return {
        **{label.name: label.values for label in metric.labels},
        **_OF_A_TARGET,
    }


def _wrong(matcher: Matcher, labels: _Labels) -> str:
    """What is wrong with a matcher, or nothing."""
    if matcher.name not in labels:
        return f"has no label {matcher.name}"
    values = labels[matcher.name]
    if not values:
        return ""
    named = [matcher.value]
    if matcher.op == MatchOp.Re or matcher.op == MatchOp.NotRe:  # noqa: PLR1714 - no hash
        if not _LISTED.fullmatch(matcher.value.strip("()")):
            hits = [v for v in values if re.fullmatch(matcher.value, v)]
            return "" if hits else f"{matcher.name} has no value like {matcher.value!r}"
        named = matcher.value.strip("()").split("|")
    lost = [value for value in named if value not in values]
    return f"{matcher.name} has no value {lost[0]!r}" if lost else ""


def _grouping_labels(tree: Expr) -> set[str]:
    """The labels of every ``by``, ``without``, ``on``, ``ignoring`` and ``group_``."""
    found: set[str] = set()
    for node in _nodes(tree):
        if isinstance(node, promql_parser.AggregateExpr) and node.modifier:
            found.update(node.modifier.labels)
        if isinstance(node, promql_parser.BinaryExpr) and node.modifier:
            if node.modifier.matching:
                found.update(node.modifier.matching.labels)
            found.update(node.modifier.group_labels or ())
    return found


def _made_labels(tree: Expr) -> set[str]:
    """The labels that the expression makes itself."""
    makers = {"label_replace", "label_join"}
    return {
        str(node.args[1].val)
        for node in _nodes(tree)
        if isinstance(node, promql_parser.Call) and node.func.name in makers
    }
