"""Which repositories are one: by id where both tell one, else by name."""

from __future__ import annotations

import pytest

from monitor.domain.repositories import Repository, apart, id_in, repository_of_word

SHOP = Repository("acme/shop", "github.com:11")
STORE = Repository("acme/store", "github.com:11")
NEW_SHOP = Repository("acme/shop", "github.com:44")
NAMED = Repository("acme/shop")


@pytest.mark.parametrize(
    ("one", "other", "same"),
    [
        (SHOP, STORE, True),
        (SHOP, NEW_SHOP, False),
        (SHOP, NAMED, True),
        (STORE, NAMED, False),
        (NAMED, NAMED, True),
    ],
)
def test_ids_count_where_both_tell_one(
    one: Repository, other: Repository, same: bool
) -> None:
    assert one.is_same(other) is same
    assert other.is_same(one) is same


@pytest.mark.parametrize(
    ("entity", "id_"),
    [
        ("github.com:11#7", "github.com:11"),
        ("ghe.example:8443:11#7", "ghe.example:8443:11"),
        ("github.com:11@topic", "github.com:11"),
        # A CDEvent's source is an address, and what is behind it may be a port.
        ("http://ci.example:8080#12", ""),
        ("http://ci.example:8080#https://api.github.com/repos/acme/shop/pulls/7", ""),
    ],
)
def test_an_id_is_that_of_a_host_and_no_port(entity: str, id_: str) -> None:
    assert id_in(entity) == id_


def test_a_name_is_that_of_the_least_id_told_under_it() -> None:
    assert apart([NEW_SHOP, NAMED, STORE, SHOP, Repository("acme/pay")]) == {
        SHOP: "github.com:11",
        STORE: "github.com:11",
        NEW_SHOP: "github.com:44",
        NAMED: "github.com:11",
        Repository("acme/pay"): "acme/pay",
    }


@pytest.mark.parametrize("one", [SHOP, NAMED, Repository("a@b", "ghe.example:1")])
def test_a_word_stands_for_name_and_id(one: Repository) -> None:
    assert repository_of_word(one.word) == one


@pytest.mark.parametrize(
    ("key", "id_"),
    [
        ("github.com:11#7", "github.com:11"),
        ("github.com:11@topic", "github.com:11"),
        ("acme/shop#7", ""),
        ("gitlab.example/acme/shop!7", ""),
        ("CHK-1", ""),
        ("github.com:job/5", ""),
    ],
)
def test_keys_of_changes_and_pushes_tell_the_id(key: str, id_: str) -> None:
    assert id_in(key) == id_
