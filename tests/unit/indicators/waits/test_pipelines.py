"""Which runs are of one pipeline where repositories have ids, and other names later."""

from __future__ import annotations

import pytest

from monitor.domain.facts import Fact, Fields, Kind
from monitor.domain.making import make_fact
from monitor.indicators.waits.pipelines import lanes_of, of_their_pipelines


def ran(
    entity: str,
    repo: str | None,
    id_: int | None = None,
    name: str = "",
    branch: str = "",
) -> Fact:
    """A failed run of a pipeline that begins with the name of its repository."""
    fields: Fields = {"outcome": "failure", "pipeline": f"{repo}/ci/unit"}
    if name:
        fields["pipeline"] = name
    if branch:
        fields["branch"] = branch
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


SHOP, STORE = "acme/shop", "acme/store"
REVIEW, REVIEW_OF_STORE = (f"{repo}/ci/review dev-a-patch" for repo in (SHOP, STORE))
HIDDEN = ran("1", SHOP, name=REVIEW, branch="dev-a-patch")
BY_ID = ran("1", SHOP, 11, REVIEW, "dev-a-patch")


def without_pipeline(entity: str) -> Fact:
    fields: Fields = {"outcome": "failure", "repo": SHOP}
    return make_fact(Kind.RUN_FINISHED, int(entity), entity, "github.com", fields)


def stored_before(run: Fact, entity: str) -> Fact:
    """As facts were kept that have the shown name only."""
    fields: Fields = {**run.fields}
    fields.pop("pipeline_told")
    return run._replace(entity=entity, time=int(entity), fields=fields)


@pytest.mark.parametrize(
    ("runs", "lanes"),
    [
        ([HIDDEN, ran("2", SHOP, name=REVIEW)], ["12"]),
        ([HIDDEN, ran("2", None, name=REVIEW)], ["12"]),
        ([HIDDEN, ran("2", SHOP, name=REVIEW, branch="topic")], ["12"]),
        ([HIDDEN, ran("2", SHOP, name=REVIEW, branch="a-patch")], ["12"]),
        ([HIDDEN, ran("2", SHOP, name=f"{REVIEW}2")], ["1", "2"]),
        ([HIDDEN, ran("2", SHOP, name="")], ["1", "2"]),
        ([BY_ID, ran("2", SHOP, 11, REVIEW)], ["12"]),
        ([BY_ID, ran("2", STORE, 11, REVIEW_OF_STORE)], ["12"]),
        ([BY_ID, ran("2", STORE, 11, REVIEW_OF_STORE, "dev-a-patch")], ["12"]),
        # A run without a pipeline is its own (design 11.17).
        ([HIDDEN, without_pipeline("2")], ["1", "2"]),
        ([HIDDEN, stored_before(HIDDEN, "2")], ["12"]),
        (
            [HIDDEN, stored_before(HIDDEN, "2"), ran("3", SHOP, name=REVIEW)],
            ["123"],
        ),
        # Nothing tells what stands behind the word.
        ([stored_before(HIDDEN, "2"), ran("3", SHOP, name=REVIEW)], ["2", "3"]),
    ],
)
def test_a_pipeline_is_the_same_whoever_told_the_branch_in_its_name(
    runs: list[Fact], lanes: list[str]
) -> None:
    found = ["".join(run.entity for run in lane.runs) for lane in lanes_of(runs)]
    assert sorted(found) == lanes
