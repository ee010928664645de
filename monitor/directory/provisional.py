"""Teams for want of a file: those written down from a sample, then those by rule."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import Final

from monitor.directory import ruling
from monitor.directory.claims import Claim, account_of
from monitor.directory.file_directory import FileDirectory, usual_organisation
from monitor.directory.proposal_text import proposal_text
from monitor.directory.proposing import Proposal
from monitor.directory.ruling import Written
from monitor.directory.teams_file import hash_of, parsed
from monitor.directory.yaml_tree import Tree, read_tree
from monitor.domain.teams import UNKNOWN, Organisation, Schedule, Team, always
from monitor.errors import SchemaError

# Another number makes stored histories be attributed anew: the rules have changed.
RULES: Final = 2


class ProvisionalDirectory(FileDirectory):
    """The directory of a proposal, and of what is in none by the rules of `ruling`.

    A team that only a rule names is not among ``teams``: nobody knows it before an
    event names it.
    """

    __slots__ = ("_written",)

    def __init__(
        self,
        *,
        hash: str,  # noqa: A002  the protocol's word
        organisation: Organisation,
        teams: Mapping[str, Team],
        claims: Iterable[Claim],
        roles: Mapping[str, str],
    ) -> None:
        """Take the proposal's claims, as of a file."""
        known = tuple(claims)
        super().__init__(
            hash=hash,
            organisation=organisation,
            teams=teams,
            claims=known,
            roles=roles,
            provisional=True,
        )
        self._written = written_in(teams, known)

    def team(self, name: str) -> Team | None:
        """A listed team, or one that a rule may have named: a stream."""
        if name in self._teams or ruling.named_team(name) != name:
            return self._teams.get(name)
        calendar = self.organisation.calendar
        return Team(name, "stream", True, "", None, calendar)

    def named(self, name: str) -> str:
        """The team an event states: it is one, whatever its name."""
        listed = self.listed(name)
        if listed != UNKNOWN:
            return listed
        return ruling.named_team(name) or UNKNOWN

    def _owner(
        self, service: str | None, repo: str | None, project: str | None
    ) -> Schedule | None:
        """What is written down of any of them comes before any rule."""
        found = self.service(service) if service is not None else None
        if found is None and repo is not None:
            found = super().repository(repo)
        if found is None and project is not None:
            found = super().project(project)
        if found is None and repo is not None:
            found = self.repository(repo)
        if found is None and project is not None:
            found = self.project(project)
        return found

    def repository(self, repo: str) -> Schedule | None:
        """The owner of a repository; by rule the organisation it belongs to."""
        found = super().repository(repo)
        return found or _by_rule(ruling.team_of_repository(repo, self._written))

    def project(self, project: str) -> Schedule | None:
        """The owner of a tracker project; by rule a team of its name."""
        found = super().project(project)
        return found or _by_rule(ruling.team_of_project(project))

    def group(self, group: str) -> Schedule | None:
        """The team behind a group; by rule a team of its name."""
        found = super().group(group)
        return found or _by_rule(ruling.team_of_group(group, self._written))

    def pool(self, labels: tuple[str, ...], *, hosted: bool = False) -> Schedule | None:
        """The owner of a runner pool; by rule, unless a vendor has it, its name."""
        found = super().pool(labels)
        if found is None and not hosted:
            found = _by_rule(ruling.team_of_pool(labels))
        return found


def _by_rule(team: str | None) -> Schedule | None:
    return None if team is None else always(team)


def directory_of(proposal: Proposal) -> ProvisionalDirectory:
    """The directory of a proposal; of an empty one, that of the rules alone.

    Raises SchemaError where the proposal is no sound teams file.
    """
    text = _text(proposal)
    hashed = hash_of(f"rules {RULES}\n{text}")
    if not proposal.teams:
        organisation = usual_organisation()
        return ProvisionalDirectory(
            hash=hashed, organisation=organisation, teams={}, claims=(), roles={}
        )
    found = parsed(text, ProvisionalDirectory, hashed)
    if isinstance(found, tuple):
        raise SchemaError(f"the provisional teams are wrong: {found[0]}")
    return found


def lines_of(proposal: Proposal) -> Tree:
    """What is written down, as the teams file that it would be."""
    return read_tree(_text(proposal))


def _text(proposal: Proposal) -> str:
    return proposal_text(Proposal(proposal.teams, ()), ())


def written_in(teams: Iterable[str], claims: Iterable[Claim]) -> Written:
    """What the rules take from these teams and claims."""
    accounts: set[str] = set()
    asked: dict[str, str] = {}
    for claim in claims:
        if claim.subject in ("repo", "group") and ":" not in claim.reference:
            accounts.add(account_of(claim.reference))
        if claim.subject == "group":
            asked.setdefault(claim.team, claim.reference)
    return Written(frozenset(teams), frozenset(accounts - {""}), asked)
