"""Making facts: their identity, and the names that end where a fact is made. Pure."""

from __future__ import annotations

from typing import Final

from monitor.domain.decided import decision_word, role_word
from monitor.domain.facts import Fact, Fields, Kind, People, digest
from monitor.domain.named_by_branch import hidden_page, hidden_pipeline, hidden_service
from monitor.domain.opaque import branch_word, environment_word, pipeline_word
from monitor.domain.told_pipelines import repository_before

_TARGETS: Final = (
    "on_team",
    "group",
    "request",
    "blocker",
    "to_team",
    "decision",
    "needed_by",
)
_TARGET_NAMES: Final = frozenset((*_TARGETS, "reviewed_by"))
_ASKED_TEAM: Final = frozenset({"on_team"})
_POINTED_ROLES: Final = ("named", "asked", "reviewer", "receiver")
_POINTED_AT: Final = frozenset(_POINTED_ROLES)
# In the page of a job of Jenkins that is in a folder.
_OF_JOB: Final = "/job/"
# A member of an enumeration costs ten times a global name.
_DECIDED: Final = Kind.TICKET_DECIDED


def raw_target(fields: Fields, people: People) -> str:
    """What the fact points at, as the event said it, before attribution."""
    if not people or _POINTED_AT.isdisjoint(people):
        if _TARGET_NAMES.isdisjoint(fields):
            return ""
        if _TARGET_NAMES.intersection(fields) == _ASKED_TEAM:
            return fields["on_team"]
    named = [str(fields[name]) for name in _TARGETS if name in fields]
    if people:
        named += [people[role] for role in _POINTED_ROLES if role in people]
        named += people.get("beside", ())
    if "reviewed_by" in fields:
        named.extend(fields["reviewed_by"])
    return "|".join(named)


# Without the generated function around it a named tuple costs half.
_new: Final = tuple.__new__


def make_fact(
    kind: Kind,
    time: int,
    entity: str,
    source: str,
    fields: Fields | None = None,
    people: People | None = None,
    *,
    revision: int = 0,
    body_hash: str = "",
    identified: tuple[str, str] | None = None,
) -> Fact:
    """Build a fact with its identity: a hash of what happened, not of the delivery.

    ``body_hash`` takes the place of the time when the time is only that of receipt.
    ``identified`` takes the place of entity and time where the source numbers both:
    one thing under several keys, one change told by several clocks, is one fact.
    The names of its branch and environment end here, also where others hold them, and
    what is typed of a decision and of a role; its identity keeps them apart.
    """
    fields, people = fields or {}, people or {}
    attempt = str(fields["attempt"]) if "attempt" in fields else ""
    outcome = fields.get("outcome", "")
    target = raw_target(fields, people)
    about, at = identified or (entity, body_hash or str(time))
    identity = digest(source, kind, about, at, attempt, outcome, target)
    if body_hash:
        fields["receipt"] = True
    if "branch" in fields:
        entity = _without_branch(entity, fields)
    if _OF_JOB in entity or _OF_JOB in source:
        entity, source = hidden_page(entity), hidden_page(source)
    if "url" in fields and _OF_JOB in fields["url"]:
        fields["url"] = hidden_page(fields["url"])
    if "environment" in fields:
        fields["environment"] = environment_word(fields["environment"])
    if "service" in fields:
        fields["service"] = hidden_service(fields["service"])
    if "services" in fields:
        fields["services"] = [hidden_service(name) for name in fields["services"]]
    if "actor_role" in fields:
        fields["actor_role"] = role_word(fields["actor_role"])
    if kind is _DECIDED and "decision" in fields:
        # Of a deploy's approval it is one of a closed list.
        fields["decision"] = decision_word(fields["decision"])
    return _new(Fact, (kind, time, entity, source, identity, revision, fields, people))


def _without_branch(entity: str, fields: Fields) -> str:
    """Put a word in the place of the branch's name; in a push's key, too.

    And in the name of its pipeline, but for the default branch's: that is no person's,
    and what runs on other branches is compared with its jobs by their names.
    """
    name = fields["branch"]
    word = fields["branch"] = branch_word(name)
    if "pipeline" in fields and not fields.get("default_branch"):
        _hide_in_pipeline(fields, name)
    if entity.endswith(f"@{name}"):
        return f"{entity[: -len(name)]}{word}"
    return entity


def _hide_in_pipeline(fields: Fields, branch: str) -> None:
    """Beside what is shown of a name stays a word of the whole of it.

    For others call the same pipeline so and do not tell their branch.
    """
    told, repo = fields["pipeline"], fields.get("repo", "")
    shown = hidden_pipeline(told, branch, repo)
    if shown != told:
        fields["pipeline"] = shown
        behind = told[len(repository_before(told, repo)) :]
        fields["pipeline_told"] = pipeline_word(behind)
