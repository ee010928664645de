"""Persons of a team that the file has no more count as whoever is in no team."""

from __future__ import annotations

from typing import Any

from tests.unit.pipeline.running import HOUR, MONDAY, Process, rfc3339

HEAD = "version: 1\norganisation: {name: Acme}\nteams:\n"
WEB = '  - {id: web, owns: [{repo: acme/web}, {group: "@acme/web"}]}\n'
SHOP = '  - {id: shop, members: ["github:bob"]}\n'
SEARCH = '  - {id: search, members: ["github:ada"]}\n'
NUMBERS = ("active_seconds", "wait_seconds", "items")


def pull(action: str, hours: float, **more: Any) -> dict[str, Any]:
    """A pull request of bob's in acme/web, which is opened at ten."""
    now, merged = rfc3339(MONDAY + round(hours * HOUR)), more.pop("merged", None)
    shown = {
        "number": 7,
        "title": "feat: x",
        "state": "open",
        "user": {"login": "bob"},
        "created_at": rfc3339(MONDAY + HOUR),
        "updated_at": now,
        "closed_at": merged,
        "merged_at": merged,
        "head": {"ref": "x", "sha": "a" * 40, "repo": {"id": 5}},
        "base": {"ref": "main", "repo": {"id": 5}},
    }
    repository = {"id": 5, "full_name": "acme/web"}
    sender = {"login": "bob"}
    return {
        "action": action,
        "repository": repository,
        "sender": sender,
        "pull_request": shown,
        **more,
    }


def asked(**whom: Any) -> dict[str, Any]:
    return pull("review_requested", 2, organization={"login": "acme"}, **whom)


OPENED = pull("opened", 1)
OF_WEB = asked(requested_team={"slug": "web", "name": "web"})
OF_ADA = asked(requested_reviewer={"login": "ada"})
SAID = {"submitted_at": rfc3339(MONDAY + 3 * HOUR), "state": "approved"}
BY_ADA = pull("submitted", 3, review={"id": 1, "user": {"login": "ada"}, **SAID})
MERGED = pull("closed", 6, merged=rfc3339(MONDAY + 6 * HOUR))


def read(process: Process, *bodies: dict[str, Any]) -> dict[str, Any]:
    """What the last week shows once these were read, too."""
    process.clock.ms = MONDAY + 10 * HOUR
    process.caught_up()
    process.send(*bodies)
    process.runner.turn()
    return shown(process)


def shown(process: Process) -> dict[str, Any]:
    families = (f"friction_window_{name}" for name in NUMBERS)
    found = (process.shown(family).items() for family in families)
    return {
        " ".join(map(str, labels[1:])): amount
        for samples in found
        for labels, amount in samples
        if labels[0] == "7d" and amount
    }


def with_another_file(
    before: str, after: str, *bodies: dict[str, Any]
) -> dict[str, Any]:
    """The numbers after a start with the other file, which a replay comes to, too."""
    process = Process(teams=before)
    read(process, *bodies)
    process.start(teams=after)
    found = read(process)
    assert found == read(Process(topics=process.topics, teams=after))
    return found


def test_an_author_of_a_team_that_is_gone_leaves_it_to_the_repositorys_owner() -> None:
    found = with_another_file(HEAD + WEB + SHOP, HEAD + WEB, OPENED, MERGED)
    assert found == {"web feature": 5 * 3_600.0, "web": 1.0}


def test_a_review_by_nobodys_member_any_more_is_the_repositorys_owners() -> None:
    """Web is waited for from eleven to twelve, as a reviewer of no team reviews."""
    bodies = OPENED, OF_WEB, BY_ADA, MERGED
    found = with_another_file(HEAD + WEB + SHOP + SEARCH, HEAD + WEB + SHOP, *bodies)
    assert found == {
        "shop feature": 4 * 3_600.0,
        "shop web review_wait acute": 900.0,
        "shop web review_wait chronic": 2_700.0,
        "shop": 1.0,
    }


def test_who_was_asked_of_a_team_that_is_gone_is_the_repositorys_owner() -> None:
    """Asked at eleven, merged at 15:00: nobody answered."""
    bodies = OPENED, OF_ADA, MERGED
    found = with_another_file(HEAD + WEB + SHOP + SEARCH, HEAD + WEB + SHOP, *bodies)
    assert found == {
        "shop feature": 3_600.0,
        "shop web review_wait acute": 900.0,
        "shop web review_wait chronic": 4 * 3_600.0 - 900.0,
        "shop": 1.0,
    }


def test_what_a_team_was_taken_out_of_is_its_again_once_it_is_back() -> None:
    bodies = OPENED, OF_ADA, BY_ADA, MERGED
    whole = HEAD + WEB + SHOP + SEARCH
    process = Process(teams=whole)
    before = read(process, *bodies)
    process.start(teams=HEAD + WEB)
    assert read(process) != before
    process.start(teams=whole)
    assert read(process) == before
