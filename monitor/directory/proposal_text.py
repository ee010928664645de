"""A proposal as the text of a ``teams.yaml``, with what it rests on beside each line.

No person is in it, not even counted by name, and nothing that data cannot tell is set:
headcounts, calendars and domains stand as commented examples.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator

from monitor.directory.ids import claimed_repository, project_word
from monitor.directory.proposing import Proposal, ProposedLine, ProposedTeam, plural
from monitor.directory.yaml_text import scalar

_HEAD = """\
# Provisional teams, written by `friction init` from a sample of records. Every line
# is a proposal: beside it stands what speaks for it. Edit it, then:
#   friction check --teams teams.yaml
# Every key is explained in docs/directory.md.
#
# What the sample cannot tell, and stands here as an example where it matters:
#   persons      nobody is named: add `members` to give reviews and changes to teams
#   headcounts   without them there is no capacity, budget burn or money
#   calendars    working days and hours of all teams are assumed as written below
#   absences     0 is assumed: `absence_share: 0.15` of the organisation or of a team
#   kinds        absent means stream; a platform is guessed where three others ask
#   paths        parts of a repository that belong to another team
#   pipelines    jobs that are not the repository owner's
"""
# The key of `owns` that says a subject, where it is not the subject's own word.
_KEYS = {"area": "group", "component": "group"}
_ORGANISATION = """\
version: 1
organisation:
  name: organisation
  # engineer_cost_per_hour: 100
  calendar: {zone: UTC, days: [mon, tue, wed, thu, fri], hours: ["09:00", "17:00"]}
  # roles: {manager: ["github:example-lead"]}
teams:
"""


def proposal_text(proposal: Proposal, sample: Iterable[str]) -> str:
    """The file; ``sample`` says in a few lines what was read."""
    head = [_HEAD + "#", "# The sample:", *(f"#   {line}" for line in sample)]
    if proposal.left_out:
        head.append("# Found, and in no line below (`friction teams gaps` says what")
        head.append("# is worth a line, by the hours it hides):")
        head += [f"#   {what}: {number:,}" for what, number in proposal.left_out]
    teams = [line for team in proposal.teams for line in _team(team)]
    return "\n".join([*head, _ORGANISATION + "\n".join(teams)]) + "\n"


def _team(team: ProposedTeam) -> Iterator[str]:
    named = f"  # named by {plural(team.named, 'thing')}" if team.named else ""
    yield f"  - id: {scalar(team.id)}{named}"
    if team.is_platform:
        yield f"    kind: platform  # a guess: {team.asked_by} other teams ask for it"
    else:
        yield "    # kind: stream"
    yield "    # headcount: 5"
    yield "    # calendar: {zone: Europe/Berlin}"
    if team.lines:
        yield "    owns:"
    for line in team.lines:
        yield f"      - {_claim(line)}  # {line.why}"


def _claim(line: ProposedLine) -> str:
    subject, name = line.seen
    if subject == "repo":
        name = claimed_repository(name)
    key = project_word(name) if subject == "project" else _KEYS.get(subject, subject)
    return f"{key}: {scalar(name)}"
