"""Every board meets every rule, and every rule finds what it is for."""

import copy
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from tests.harness import board_lint
from tests.harness.board_panels import FOLDER, panels, read

BOARDS = sorted(FOLDER.glob("*.json"))
Board = dict[str, Any]


@pytest.mark.parametrize("path", BOARDS, ids=lambda path: path.stem)
@pytest.mark.parametrize("rule", board_lint.RULES, ids=lambda rule: rule.__name__)
def test_a_board_meets_the_rule(rule: Callable[[Board], Any], path: Path) -> None:
    assert list(rule(read(path))) == []


def _first(board: Board, kind: str) -> dict[str, Any]:
    return next(panel for panel in panels(board) if panel["type"] == kind)


def _variable(board: Board, name: str) -> dict[str, Any]:
    found: dict[str, Any] = next(
        v for v in board["templating"]["list"] if v["name"] == name
    )
    return found


def _defaults(board: Board, kind: str) -> dict[str, Any]:
    found: dict[str, Any] = _first(board, kind)["fieldConfig"]["defaults"]
    return found


def _ask(board: Board, expr: str) -> None:
    _first(board, "stat")["targets"][0]["expr"] = expr


def _misname_the_source(board: Board) -> None:
    _variable(board, "datasource")["name"] = "source"


def _misspell_the_values(board: Board) -> None:
    _variable(board, "team")["query"]["query"] = "label_values(friction_teams, team)"


def _load_values_once(board: Board) -> None:
    _variable(board, "team")["refresh"] = 1


def _name_one_source(board: Board) -> None:
    _first(board, "stat")["targets"][0]["datasource"]["uid"] = "prometheus"


def _define_nothing(board: Board) -> None:
    _first(board, "table")["description"] = "Teams"


def _show_days_of_24_hours(board: Board) -> None:
    _defaults(board, "timeseries")["unit"] = "h"


def _ask_nothing(board: Board) -> None:
    _first(board, "stat")["targets"] = []


def _forget_a_parenthesis(board: Board) -> None:
    _ask(board, "sum(friction_ready")


def _read_a_counter_as_it_is(board: Board) -> None:
    _ask(board, 'sum(friction_events_total{result="fact"})')


def _fix_the_interval(board: Board) -> None:
    _ask(board, "sum(rate(friction_events_total[5m]))")


def _open_for_editing(board: Board) -> None:
    board["editable"] = True


def _repeat_an_id(board: Board) -> None:
    panels(board)[2]["id"] = panels(board)[1]["id"]


def _move_over_a_neighbour(board: Board) -> None:
    panels(board)[2]["gridPos"]["x"] -= 1


def _show_zero_for_nothing(board: Board) -> None:
    _defaults(board, "stat")["noValue"] = "0"


def _lead_nowhere(board: Board) -> None:
    _defaults(board, "stat")["links"][0]["url"] = "${monitor:raw}/#nowhere"


def _name_a_column_that_is_not_there(board: Board) -> None:
    table = _first(board, "table")
    asked = table["fieldConfig"]["overrides"][0]["properties"][0]["value"][0]
    asked["url"] = asked["url"].replace("Team", "Squad")


def _rename_what_links_use(board: Board) -> None:
    _variable(board, "monitor")["name"] = "page"


def _hide_the_legend(board: Board) -> None:
    _first(board, "timeseries")["options"]["legend"]["showLegend"] = False


def _show_a_share_without_end(board: Board) -> None:
    _defaults(board, "stat")["unit"] = "percentunit"


def _paint_it_red(board: Board) -> None:
    _defaults(board, "stat")["thresholds"]["steps"][0]["color"] = "dark-red"


def _sort_by_nothing(board: Board) -> None:
    _first(board, "table")["options"]["sortBy"][0]["displayName"] = "Reason"


FAULTS = (
    _misname_the_source,
    _misspell_the_values,
    _load_values_once,
    _name_one_source,
    _define_nothing,
    _show_days_of_24_hours,
    _ask_nothing,
    _forget_a_parenthesis,
    _read_a_counter_as_it_is,
    _fix_the_interval,
    _open_for_editing,
    _repeat_an_id,
    _move_over_a_neighbour,
    _show_zero_for_nothing,
    _lead_nowhere,
    _name_a_column_that_is_not_there,
    _rename_what_links_use,
    _hide_the_legend,
    _show_a_share_without_end,
    _paint_it_red,
    _sort_by_nothing,
)


@pytest.mark.parametrize(
    ("rule", "fault"),
    list(zip(board_lint.RULES, FAULTS, strict=True)),
    ids=[rule.__name__ for rule in board_lint.RULES],
)
def test_the_rule_finds_its_fault(
    rule: Callable[[Board], Any], fault: Callable[[Board], None]
) -> None:
    board = copy.deepcopy(read())
    fault(board)

    assert len(list(rule(board))) > 0


def test_a_sum_over_replicas_is_found() -> None:
    board = read()
    _ask(board, "sum(rate(friction_events_total[$__rate_interval]))")

    (told,) = board_lint.target_counter_agg(board)

    assert "counts replicas twice" in told


def test_states_without_a_legend_are_found() -> None:
    board = read()
    _first(board, "state-timeline")["options"]["legend"]["showLegend"] = False

    assert list(board_lint.lines_show_names(board)) == ["701: no legend"]
