"""Which runs are of one pipeline where repositories have ids, and other names later."""

from __future__ import annotations

import pytest

from monitor.domain.facts import Fact, Fields, Kind
from monitor.domain.making import make_fact
from monitor.indicators.waits.pipelines import lanes_of, of_their_pipelines


def ran(entity: str, repo: str | None, id_: int | None = None, name: str = "") -> Fact:
    """A failed run of a pipeline that begins with the name of its repository."""
    fields: Fields = {"outcome": "failure", "pipeline": f"{repo}/ci/unit"}
    if name:
        fields["pipeline"] = name
    if repo is not None:
        fields["repo"] = repo
    if id_ is not None:
        fields["repo_id"] = f"github.com:{id_}"
    return make_fact(Kind.RUN_FINISHED, int(entity), entity, "github.com", fields)


OLD = ran("1", "acme/shop", 11)
RENAMED = ran("2", "acme/store", 11)
REUSED = ran("3", "acme/shop", 44)
NAMED = ran("4", "acme/store")
UNTOLD = ran("5", None, name="acme/store/ci/unit")
OTHER = ran("6", "acme/store", 11, name="acme/store/ci/lint")


@pytest.mark.parametrize(
    ("runs", "lanes"),
    [
        ([OLD, RENAMED], ["12"]),
        ([OLD, REUSED], ["1", "3"]),
        ([OLD, RENAMED, REUSED], ["12", "3"]),
        ([OLD, RENAMED, NAMED], ["124"]),
        ([OLD, RENAMED, UNTOLD], ["125"]),
        ([OLD, OTHER], ["1", "6"]),
        # Who stored it before ids were kept meant what had the name.
        ([ran("1", "acme/shop"), ran("2", "acme/shop", 11)], ["12"]),
    ],
)
def test_names_of_one_repository_are_one(runs: list[Fact], lanes: list[str]) -> None:
    found = ["".join(run.entity for run in lane.runs) for lane in lanes_of(runs)]
    assert sorted(found) == lanes


def test_what_is_told_later_of_a_pipeline_is_found_under_its_other_name() -> None:
    later = [RENAMED, REUSED, UNTOLD, OTHER]
    assert list(of_their_pipelines([OLD], later)) == [RENAMED, UNTOLD]
