"""The check of names in expressions finds what is wrong, and only that."""

import pytest

from tests.harness.promql_names import labels_of_level, problems

RECORDED = {
    "window_team:friction_feature_cost_seconds:sum",
    "window_team_on_team_component_phase:friction_wait_seconds:max",
    "window_team_class:friction_active_seconds:max",
}


@pytest.mark.parametrize(
    "expression",
    [
        'max by (window, team) (friction_window_capacity_seconds{window=~"3d|28d"})',
        'sum(window_team:friction_feature_cost_seconds:sum{window="7d"} offset 7d) > 1',
        'rate(friction_wait_duration_seconds_bucket{le="300.0"}[5m])',
        "max_over_time((sum by (team) (friction_window_items) > 1)[1h:1m])",
        'up{job="friction", instance!="x"} == 0',
        'friction_window_wait_seconds{component=~"ci_.*", team=~".+"}',
        'window_team_class:friction_active_seconds:max{work_class!~"(feature|debt)"}',
        'sum by (of) (label_replace(friction_ready, "of", "$1", "job", "(.*)"))',
        '{__name__="friction_ready"} * on () group_left () vector(1) + time()',
        'friction_window_items unless on (team) friction_team_info{kind="stream"}',
    ],
)
def test_names_that_are_there_are_no_problem(expression: str) -> None:
    assert problems(expression, RECORDED) == []


@pytest.mark.parametrize(
    ("expression", "problem"),
    [
        ("friction_wait_hours", "friction_wait_hours: no metric and no recorded rule"),
        (
            "rate(friction_wait_hours_total[5m])",
            "friction_wait_hours_total: no metric and no recorded rule",
        ),
        (
            "max_over_time(friction_wait_hours[1h:1m])",
            "friction_wait_hours: no metric and no recorded rule",
        ),
        (
            "friction_wait_duration_seconds",
            "friction_wait_duration_seconds: no metric and no recorded rule",
        ),
        ('{team="a"}', '{team="a"}: no metric and no recorded rule'),
        (
            "team:friction_cost_seconds:sum",
            "team:friction_cost_seconds:sum: no metric and no recorded rule",
        ),
        ('friction_ready{team="a"}', "friction_ready: has no label team"),
        (
            'window_team:friction_feature_cost_seconds:sum{on_team="a"}',
            "window_team:friction_feature_cost_seconds:sum: has no label on_team",
        ),
        (
            'window_team:friction_feature_cost_seconds:sum{job="friction"}',
            "window_team:friction_feature_cost_seconds:sum: has no label job",
        ),
        (
            'friction_window_items{window="1d"}',
            "friction_window_items: window has no value '1d'",
        ),
        (
            'friction_window_items{window!~"3d|5d"}',
            "friction_window_items: window has no value '5d'",
        ),
        (
            'friction_open_waits{component=~"ticket_w.*"}',
            "friction_open_waits: component has no value like 'ticket_w.*'",
        ),
        (
            'friction_poll_seconds_bucket{le="3"}',
            "friction_poll_seconds_bucket: le has no value '3'",
        ),
        ("sum by (tem) (friction_open_waits)", "no selector has the label tem"),
        (
            "friction_ready * on (jobs) friction_ready",
            "no selector has the label jobs",
        ),
        ('ALERTS{alertstate="red"}', "ALERTS: alertstate has no value 'red'"),
    ],
)
def test_a_name_that_is_not_there_is_told(expression: str, problem: str) -> None:
    assert problems(expression, RECORDED) == [problem]


def test_what_is_no_expression_is_told() -> None:
    (problem,) = problems("sum(", RECORDED)
    assert problem.startswith("cannot be parsed:")


def test_a_level_says_which_labels_are_kept() -> None:
    def names(recorded: str) -> list[str]:
        return [label.name for label in labels_of_level(recorded)]

    assert names("window_team_on_team_component_phase:friction_wait_seconds:max") == [
        "window",
        "team",
        "on_team",
        "component",
        "phase",
    ]
    assert names("window:friction_coordination_per_feature:ratio") == ["window"]
    assert names("windows_team:x:y") == []
