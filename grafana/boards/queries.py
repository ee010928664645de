"""Questions to Prometheus, in the three shapes that panels take."""

from __future__ import annotations

from grafana_foundation_sdk.builders.prometheus import Dataquery
from grafana_foundation_sdk.models.common import DataSourceRef
from grafana_foundation_sdk.models.prometheus import PromQueryFormat, QueryEditorMode

DATASOURCE = DataSourceRef(type_val="prometheus", uid="${datasource}")


def over_time(ref: str, expr: str, legend: str) -> Dataquery:
    """A line for each series over the board's range."""
    return _query(ref, expr, PromQueryFormat.TIME_SERIES).range().legend_format(legend)


def now(ref: str, expr: str, legend: str) -> Dataquery:
    """A value for each series at the end of the board's range."""
    shaped = _query(ref, expr, PromQueryFormat.TIME_SERIES)
    return shaped.instant().legend_format(legend)


def rows(ref: str, expr: str) -> Dataquery:
    """A row for each series at the end of the board's range, a column for each label.

    The expression must leave no metric name, or the rows of several queries do not
    join.
    """
    return _query(ref, expr, PromQueryFormat.TABLE).instant()


def _query(ref: str, expr: str, shape: PromQueryFormat) -> Dataquery:
    made = Dataquery().ref_id(ref).expr(expr).format(shape)
    return made.datasource(DATASOURCE).editor_mode(QueryEditorMode.CODE)
