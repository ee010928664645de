"""Later samples add; nothing that was written down before ever moves."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from monitor.directory import growing
from monitor.directory.growing import NOTHING, grown
from monitor.directory.proposal_rows import packed, unpacked
from monitor.directory.proposing import Proposal, ProposedLine, ProposedTeam, propose
from monitor.directory.provisional import directory_of
from monitor.directory.sightings import Seen
from monitor.domain.facts import Fact, Kind
from monitor.domain.teams import always
from tests.unit.directory.sighted import claims, fact, seen

CREATED, OPENED = Kind.TICKET_CREATED, Kind.CHANGE_OPENED
ASKED = Kind.CHANGE_REVIEW_REQUESTED


def sample(*facts: Fact) -> Proposal:
    """What a sample of these facts proposes."""
    return propose(seen(facts))


def test_a_later_sample_adds_what_only_it_has() -> None:
    before = sample(fact(CREATED, "CHK-1"))
    both = grown(before, sample(fact(CREATED, "CHK-1"), fact(CREATED, "PAY-1")))
    assert claims(both) == {"chk": ["project CHK"], "pay": ["project PAY"]}
    # What a line rests on stays as it was told first.
    again = grown(both, sample(fact(CREATED, "CHK-1"), fact(CREATED, "CHK-2")))
    assert again.teams == both.teams


def test_nothing_moves_to_where_newer_records_would_put_it() -> None:
    before = sample(fact(OPENED, "c1", {"repo": "acme/shop"}))
    later = sample(
        fact(CREATED, "CHK-1"),
        fact(OPENED, "c2", {"repo": "acme/shop", "tickets": ["CHK-1"]}),
    )
    assert claims(later)["chk"] == ["project CHK", "repo acme/shop"]
    found = directory_of(grown(before, later))
    assert found.repository("acme/shop") == always("acme")


def test_a_team_keeps_its_name_when_newer_records_call_it_otherwise() -> None:
    before = sample(fact(CREATED, "CHK-1", {"team": "checkout"}))
    later = sample(
        fact(CREATED, "CHK-2"),
        fact(OPENED, "c", {"repo": "acme/shop", "tickets": ["CHK-2"]}),
    )
    assert claims(later) == {"chk": ["project CHK", "repo acme/shop"]}
    assert claims(grown(before, later)) == {
        "checkout": ["project CHK", "repo acme/shop"]
    }


def test_two_groups_of_one_name_stay_two_teams() -> None:
    before = sample(fact(ASKED, "c1", {"group": "@acme/web"}))
    later = sample(fact(ASKED, "c2", {"group": "@beta/web"}))
    both = grown(before, later)
    assert claims(both) == {"web": ["group @acme/web"], "beta-web": ["group @beta/web"]}
    assert grown(both, later).teams == both.teams
    # As the rule has called it since it came.
    assert directory_of(before).group("@beta/web") == always("beta-web")


def test_no_more_is_kept_than_a_proposal_may_have(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setattr(growing, "MOST_TEAMS", 2)
    monkeypatch.setattr(growing, "MOST_LINES", 3)
    before = sample(fact(CREATED, "A1-1"))
    later = sample(*(fact(CREATED, f"{key}-1") for key in ("B1", "C1")))
    assert claims(grown(before, later)) == {"a1": ["project A1"], "b1": ["project B1"]}
    repos = [fact(OPENED, f"c{n}", {"repo": f"acme/r{n}"}) for n in range(5)]
    assert len(claims(grown(before, sample(*repos)))["acme"]) == 2
    monkeypatch.setattr(growing, "MOST_TEAMS", 3)
    repos[3:] = [fact(OPENED, f"d{n}", {"repo": f"beta/r{n}"}) for n in range(3)]
    found = claims(grown(before, sample(*repos)))
    assert sum(len(lines) for lines in found.values()) == 3


def test_what_is_stored_is_what_was_proposed() -> None:
    before = sample(
        fact(CREATED, "CHK-1", {"team": "checkout"}),
        fact(ASKED, "c", {"group": "@acme/wëb", "repo": "acme/shop"}),
    )
    assert unpacked(packed(before)).teams == before.teams
    assert unpacked(packed(NOTHING)) == NOTHING


words = st.sampled_from(["a", "b", "c", "d"])
lines = st.lists(
    st.builds(
        ProposedLine,
        st.builds(Seen, st.sampled_from(["repo", "group", "project"]), words),
        st.integers(1, 9),
        st.just("why"),
    ),
    max_size=4,
)


@st.composite
def proposals(draw: st.DrawFn) -> Proposal:
    """Any teams, each reference one team's."""
    taken: set[Seen] = set()
    teams: list[ProposedTeam] = []
    for name in draw(st.lists(words, unique=True)):
        own = {x.seen: x for x in draw(lines) if x.seen not in taken}
        taken.update(own)
        teams.append(ProposedTeam(name, 1, 0, 0, tuple(own.values())))
    return Proposal(tuple(teams), ())


def owners(proposal: Proposal) -> dict[Seen, str]:
    """Whose each reference is; each must be written down once."""
    pairs = [(x.seen, team.id) for team in proposal.teams for x in team.lines]
    assert len(dict(pairs)) == len(pairs)
    return dict(pairs)


@given(proposals(), proposals())
def test_growing_only_adds_and_adds_the_same_but_once(
    before: Proposal, later: Proposal
) -> None:
    both = grown(before, later)
    assert owners(before).items() <= owners(both).items()
    assert owners(both).keys() == owners(before).keys() | owners(later).keys()
    ids = [team.id for team in both.teams]
    assert ids[: len(before.teams)] == [team.id for team in before.teams]
    assert len(set(ids)) == len(ids)
    assert grown(both, later) == both
    assert grown(NOTHING, later) == later
