"""What every board must meet, one function a rule: complaints, or nothing.

The first eleven are those rules of Grafana's dashboard linter that fit, by its names.
Left out: template-job, template-instance, target-job and target-instance, because
the metrics are per team and replicas are reduced by `max` before anything else;
target-logql and target-logql-auto, because there are no logs. Its rule
target-rate-interval asks for `$__rate_interval` everywhere; `$__range` is allowed
here too, where "in this range" is the question.
"""

import re
from collections.abc import Callable, Iterator
from itertools import combinations
from typing import Any

import promql_parser

from monitor.adapters.prometheus.catalogue import METRICS
from tests.harness.board_links import leads_down, links_name_what_is_there
from tests.harness.board_panels import (
    ALL,
    defaults,
    overrides,
    panels,
    properties,
    targets,
)
from tests.harness.promql_names import problems

Board = dict[str, Any]
Complaints = Iterator[str]

_TEMPLATED = {"type": "prometheus", "uid": "${datasource}"}
_MONTH = 30 * 86_400
# As Grafana names them; `h` would be shown as days of 24 hours.
_UNITS = {"none", "short", "s", "percentunit", "suffix:h", "cps"}
_COUNTERS = [metric.name for metric in METRICS if metric.type == "counter"]
_RANGES = {"$__rate_interval", "$__range"}
_GRAFANAS_OWN = {"__rate_interval", "__range", "__all", "__data", "__field"}


def template_datasource(board: Board) -> Complaints:
    """Exactly one variable chooses the data source, and it is named so."""
    chosen = [v["name"] for v in _variables(board) if v["type"] == "datasource"]
    if chosen != ["datasource"]:
        yield f"data source variables: {chosen}"


def template_label_promql(board: Board) -> Complaints:
    """A variable's values are labels of a selector that can be parsed."""
    for variable in _queried(board):
        text = variable["query"]["query"]
        asked = re.fullmatch(r"label_values\((.*), (\w+)\)", text)
        if not asked:
            yield f"{variable['name']}: {text}"
            continue
        selector = f"sum by ({asked[2]}) ({asked[1]})"
        yield from (f"{variable['name']}: {wrong}" for wrong in problems(selector, ()))


def template_on_time_change_reload(board: Board) -> Complaints:
    """Values follow the time range: teams of last year are not those of today."""
    for variable in _queried(board):
        if variable["refresh"] != 2:
            yield f"{variable['name']}: refresh {variable['refresh']}"


def panel_datasource(board: Board) -> Complaints:
    """Panels and targets ask the chosen data source."""
    for panel in _asking(board):
        for part in (panel, *panel["targets"]):
            if part.get("datasource") != _TEMPLATED:
                yield f"{panel['id']}: {part.get('datasource')}"


def panel_title_description(board: Board) -> Complaints:
    """A title, and a definition in sentences."""
    for panel in panels(board):
        text = panel.get("description", "")
        if not panel.get("title") or len(text) < 40 or not text.endswith("."):
            yield f"{panel['id']}: {panel.get('title')!r}, {text!r}"


def panel_units(board: Board) -> Complaints:
    """A unit that Grafana knows, for the panel and for each column."""
    for panel in _asking(board):
        found = [defaults(panel).get("unit")]
        found += [p["value"] for p in properties(panel) if p["id"] == "unit"]
        yield from (f"{panel['id']}: {unit}" for unit in found if unit not in _UNITS)


def panel_no_targets(board: Board) -> Complaints:
    """Only text asks nothing, and refs within a panel differ."""
    for panel in panels(board):
        refs = [target["refId"] for target in panel.get("targets", ())]
        if not refs and panel["type"] != "text":
            yield f"{panel['id']}: no targets"
        if len(set(refs)) < len(refs):
            yield f"{panel['id']}: {refs}"


def target_promql(board: Board) -> Complaints:
    """Every expression can be parsed, once its variables are replaced."""
    for target in targets(board):
        try:
            promql_parser.parse(target.expanded(ALL, _MONTH))
        except ValueError as error:
            yield f"{target}: {error}"


def target_counter_agg(board: Board) -> Complaints:
    """A counter is read by its growth, and replicas are reduced by max first."""
    names = "|".join(_COUNTERS)
    bare = re.compile(rf"\b(?:{names})\b(?:\{{[^}}]*\}})?(?!\[|[\w{{])")
    for target in targets(board):
        if bare.search(target.expr):
            yield f"{target}: {target.expr}"
        growths = re.findall(rf"(?:rate|increase)\((?:{names})\b", target.expr)
        reduced = re.findall(r"max by \([\w, ]+\) \((?:rate|increase)\(", target.expr)
        if len(growths) != len(reduced):
            yield f"{target} counts replicas twice: {target.expr}"


def target_rate_interval(board: Board) -> Complaints:
    """Growth is over the step, or over the whole range where that is asked."""
    for target in targets(board):
        for length in re.findall(r"\[([^\]]*)\]", target.expr):
            if length not in _RANGES:
                yield f"{target}: [{length}]"


def uneditable(board: Board) -> Complaints:
    """What is generated is not edited in the browser."""
    if board["editable"]:
        yield "editable"


def stable_ids(board: Board) -> Complaints:
    """Every panel and row has an id of its own, the hundreds by row."""
    ids = [panel["id"] for panel in board["panels"]]
    if len(set(ids)) < len(ids) or 0 in ids or None in ids:
        yield f"ids: {ids}"
    row = 0
    for panel in board["panels"]:
        row = panel["id"] if panel["type"] == "row" else row
        if not row <= panel["id"] < row + 100:
            yield f"{panel['id']} is in row {row}"


def no_overlap(board: Board) -> Complaints:
    """No panel covers another, and none is wider than the board."""
    for panel in board["panels"]:
        if panel["gridPos"]["x"] + panel["gridPos"]["w"] > 24:
            yield f"{panel['id']} leaves the board"
    for one, other in combinations(board["panels"], 2):
        if _cover(one["gridPos"], other["gridPos"]):
            yield f"{one['id']} covers {other['id']}"


def says_why_empty(board: Board) -> Complaints:
    """Where there is no value the panel says why, and it is not 0."""
    for panel in _asking(board):
        told = defaults(panel).get("noValue", "")
        if len(told.split()) < 3 or told[0].isdigit():
            yield f"{panel['id']}: {told!r}"


def variables_exist(board: Board) -> Complaints:
    """What is replaced is a variable of the board, or one of Grafana's own."""
    named = {variable["name"] for variable in _variables(board)} | _GRAFANAS_OWN
    used = set(re.findall(r"\$\{?(\w+)", str(board)))
    yield from sorted(used - named)


def lines_show_names(board: Board) -> Complaints:
    """Graphs have a legend, and a tooltip that shows all lines."""
    for panel in panels(board):
        if panel["type"] in {"timeseries", "state-timeline"}:
            options = panel["options"]
            if not options["legend"]["showLegend"]:
                yield f"{panel['id']}: no legend"
            if options["tooltip"]["mode"] != "multi":
                yield f"{panel['id']}: tooltip {options['tooltip']['mode']}"


def shares_are_bounded(board: Board) -> Complaints:
    """A panel of shares says from where to where."""
    for panel in _asking(board):
        shown = defaults(panel)
        bounds = (shown.get("min"), shown.get("max"))
        if shown["unit"] == "percentunit" and bounds != (0, 1):
            yield f"{panel['id']}: {bounds}"


def no_red_and_green(board: Board) -> Complaints:
    """Colours can be told apart by people who do not tell red from green."""
    yield from re.findall(r"'[\w-]*(?:red|green|RdYlGr|GrYlRd)'", str(board))


def columns_exist(board: Board) -> Complaints:
    """What a table sorts by and how a column looks names a column there is."""
    for panel in panels(board):
        if panel["type"] != "table":
            continue
        *_, organised = panel["transformations"]
        headings = set(organised["options"]["renameByName"].values())
        named = {part["matcher"]["options"] for part in overrides(panel)}
        named |= {part["displayName"] for part in panel["options"]["sortBy"]}
        if named - headings:
            yield f"{panel['id']}: no column {sorted(named - headings)}"


RULES: tuple[Callable[[Board], Complaints], ...] = (
    template_datasource,
    template_label_promql,
    template_on_time_change_reload,
    panel_datasource,
    panel_title_description,
    panel_units,
    panel_no_targets,
    target_promql,
    target_counter_agg,
    target_rate_interval,
    uneditable,
    stable_ids,
    no_overlap,
    says_why_empty,
    leads_down,
    links_name_what_is_there,
    variables_exist,
    lines_show_names,
    shares_are_bounded,
    no_red_and_green,
    columns_exist,
)


def _variables(board: Board) -> list[dict[str, Any]]:
    listed: list[dict[str, Any]] = board["templating"]["list"]
    return listed


def _queried(board: Board) -> list[dict[str, Any]]:
    return [v for v in _variables(board) if v["type"] == "query"]


def _asking(board: Board) -> list[dict[str, Any]]:
    return [panel for panel in panels(board) if panel["type"] != "text"]


def _cover(one: dict[str, int], other: dict[str, int]) -> bool:
    apart = (
        one["x"] + one["w"] <= other["x"]
        or other["x"] + other["w"] <= one["x"]
        or one["y"] + one["h"] <= other["y"]
        or other["y"] + other["h"] <= one["y"]
    )
    return not apart
