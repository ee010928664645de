"""CDEvents 0.1 to 0.6-draft: the shape is decided by the keys that are there.

The version in a type says little (``ticket.created.0.1.0`` is spec 0.4,
``ticket.created.0.2.0`` is 0.5), so none is compared: ``content.uri`` and
``content.url``, ``specversion`` and ``version`` are both read.
"""

from __future__ import annotations

import hashlib
from collections.abc import Mapping
from typing import Final, NamedTuple, cast

from monitor.decode.cdevents.content import misshapen, text_of
from monitor.decode.cdevents.deploys import deploy_name
from monitor.decode.cdevents.friction import Friction, friction_of
from monitor.decode.cdevents.jenkins import jenkins_run
from monitor.decode.cdevents.links import Linked, linked_to, with_links
from monitor.decode.cdevents.names import name_mistakes
from monitor.decode.cdevents.pipelines import pipeline_called
from monitor.decode.cdevents.subjects import (
    KINDS,
    READERS,
    Subject,
    kind_of,
)
from monitor.decode.cdevents.types import nameless, recognise, why_ignored
from monitor.decode.cdviz.builds import ended_at
from monitor.decode.cdviz.issues import acted_on_issue
from monitor.decode.cdviz.keys import kept_by
from monitor.decode.cdviz.requests import request_of
from monitor.decode.cdviz.told import is_draft, people_of
from monitor.decode.checks import BACKSLASH, future
from monitor.decode.envelope import TIME
from monitor.decode.json_text import parse
from monitor.decode.native.fields import Said, fields_of
from monitor.decode.native.model import LONGEST_NAME
from monitor.decode.provider import Context, Provider
from monitor.decode.settings import DecodeSettings
from monitor.decode.times import read_time
from monitor.decode.touches import TOUCHED, who_touched
from monitor.domain.facts import Fact, Fields, Kind, People
from monitor.domain.making import make_fact
from monitor.domain.named_by_branch import hidden_page, hidden_service
from monitor.domain.outcomes import Decoded, Reason, ReasonCode

NAME: Final = "cdevents"
MARK: Final = b"dev.cdevent"
# Of which subjects are services: CDviz names an incident by its application.
_SERVICES: Final = ("service.", "incident.")
_NO_WORK: Final = "what was done says nothing of work or waiting"


class _Event(NamedTuple):
    kind: Kind | None
    raw_kind: str
    entity: str
    source: str
    time: int
    timed: bool
    subject: Subject
    linked: Linked
    unknown: int


def decode(body: bytes, raw_kind: str | None, context: Context) -> Decoded:
    """One CDEvent to facts, every mistake in it, or a stated ignore. Never raises."""
    body = context.settings.hosts.in_links(body)
    parsed = parse(body)
    if isinstance(parsed, Reason):
        return Decoded(reasons=(parsed,), provider=NAME)
    if not isinstance(parsed, dict):
        reason = Reason(ReasonCode.NOT_AN_OBJECT, "", "a CDEvent is a JSON object")
        return Decoded(reasons=(reason,), provider=NAME)
    raw_kind = raw_kind or recognise(frozenset(parsed), parsed) or ""
    why = why_ignored(raw_kind)
    if why:
        return Decoded(ignored=why, provider=NAME, raw_kind=raw_kind)
    event, wrong = _event(raw_kind, parsed, context)
    if len(body) > LONGEST_NAME or BACKSLASH in body:
        wrong += name_mistakes(parsed)
    friction = friction_of(_object(parsed, "customData"), KINDS.get(raw_kind))
    wrong += friction.mistakes
    if event is None or wrong:
        return Decoded(reasons=tuple(wrong), provider=NAME, raw_kind=raw_kind)
    return _decoded(event, friction, body, context)


def _decoded(
    event: _Event, friction: Friction, body: bytes, context: Context
) -> Decoded:
    kind = event.kind
    if kind is None:
        return Decoded(ignored=_NO_WORK, provider=NAME, raw_kind=event.raw_kind)
    said = _said(event, friction, context.settings)
    revision = said.pop("revision", 0)
    people = _people(kind, event, context.settings)
    fields = _fields(kind, event, said, people, context.settings)
    body_hash = "" if event.timed else hashlib.blake2b(body).hexdigest()
    entity = _entity(kind, event, fields, body_hash)
    who = who_touched(fields, people) if kind in TOUCHED else ""
    fact = make_fact(
        kind,
        event.time,
        entity,
        event.source,
        fields,
        people,
        revision=revision,
        body_hash=body_hash,
        identified=(entity, f"{body_hash or event.time}|{who}") if who else None,
    )
    return Decoded(
        (fact, *_as_draft(fact, event, body_hash)),
        provider=NAME,
        raw_kind=event.raw_kind,
        unknown_fields=event.unknown + friction.unknown,
    )


def _as_draft(opened: Fact, event: _Event, body_hash: str) -> tuple[Fact, ...]:
    """The draft that a change was opened as, which no event of its own tells."""
    if opened.kind is not Kind.CHANGE_OPENED or not is_draft(event.subject.custom):
        return ()
    fields: Fields = {}
    if "repo" in opened.fields:
        fields["repo"] = opened.fields["repo"]
    drafted = make_fact(
        Kind.CHANGE_DRAFTED,
        opened.time,
        opened.entity,
        event.source,
        fields,
        revision=opened.revision,
        body_hash=body_hash,
    )
    return (drafted,)


def _said(event: _Event, friction: Friction, settings: DecodeSettings) -> Said:
    """What the event says, by its content and its links; what is stated for us wins."""
    name = event.raw_kind.partition(".")[0]
    said = with_links(READERS[name](event.subject, settings), name, event.linked)
    if "change" in friction.said:
        said.pop("changes", None)
    if "branch" in friction.said:
        said.pop("default_branch", None)
    said |= friction.said
    if "pipeline" in said and "pipeline" not in friction.said:
        about, branch = event.subject, said.get("branch")
        said["pipeline"] = pipeline_called(
            said["pipeline"], about.id, about.source, about.custom, branch
        )
    return said


def _people(kind: Kind, event: _Event, settings: DecodeSettings) -> People:
    """Whom CDviz names beside a change or an issue; nobody else named is read."""
    subject = event.subject
    if event.raw_kind.startswith("ticket."):
        return acted_on_issue(subject.predicate, subject.custom, settings)
    if not event.raw_kind.startswith("change."):
        return {}
    return people_of(kind, subject.predicate, subject.custom, settings)


def _fields(
    kind: Kind, event: _Event, said: Said, people: People, settings: DecodeSettings
) -> Fields:
    by_title = said.pop("tickets", [])
    fields = fields_of(kind, said, settings)
    if by_title:
        fields["tickets"] = list(dict.fromkeys([*fields.get("tickets", []), *by_title]))
    subject = event.subject
    fields |= request_of(kind, event.time, subject.id, subject.custom, people)
    is_review = kind is Kind.CHANGE_REVIEWED
    if is_review and not people and "reviewed_by" not in fields:
        # Nobody says who reviewed: as for an unknown person, the repository's owner.
        fields["inferred"] = True
    if event.raw_kind.startswith("service.") and not subject.is_by_id:
        fields["deployed"] = hidden_page(event.entity)
    return fields


def _entity(kind: Kind, event: _Event, fields: Fields, body_hash: str) -> str:
    """The subject; of a service what happened to it then and there."""
    if "deployed" not in fields:
        return event.entity
    environment = fields.get("environment", "")
    return deploy_name(event.entity, environment, kind, event.time, body_hash)


def _event(
    raw_kind: str, body: Mapping[str, object], context: Context
) -> tuple[_Event | None, list[Reason]]:
    about = _object(body, "context")
    subject = _object(body, "subject")
    wrong: list[Reason] = []
    if raw_kind not in KINDS:
        text = nameless(context.headers)
        wrong.append(Reason(ReasonCode.UNKNOWN_KIND, "context.type", text))
    source = _needed(about, "context.source", wrong)
    id_ = _needed(subject, "subject.id", wrong)
    custom = _object(body, "customData")
    time, timed = _time(about, custom, context, wrong)
    if wrong:
        return None, wrong
    content = _object(subject, "content")
    by_id = kept_by(raw_kind, id_, custom)
    predicate = raw_kind.partition(".")[2]
    own = Subject(id_, source, predicate, content, custom, by_id is not None)
    named = hidden_service(id_) if raw_kind.startswith(_SERVICES) else id_
    entity = by_id or f"{text_of(subject.get('source')) or source}#{named}"
    found = (
        jenkins_run(predicate, id_, source, custom)
        if raw_kind.startswith("pipelinerun")
        else None
    )
    if found is not None:
        entity = found[0]
    breaches = _disagreements(about, context) + misshapen(content)
    return (
        _Event(
            kind_of(raw_kind, own, context.settings),
            raw_kind,
            entity,
            source,
            time,
            timed,
            own,
            linked_to(about, context.settings),
            breaches,
        ),
        wrong,
    )


def _time(
    about: Mapping[str, object],
    custom: Mapping[str, object],
    context: Context,
    wrong: list[Reason],
) -> tuple[int, bool]:
    stated, where = about.get("timestamp"), "context.timestamp"
    outer = context.outer_time if stated is None else None
    if stated is None and outer is None:
        if context.receipt is not None:
            return context.receipt, False
        text = "neither the event nor the record has a time"
        wrong.append(Reason(ReasonCode.MISSING_FIELD, where, text))
        return 0, False
    time = read_time(stated) if outer is None else outer
    if isinstance(time, str):
        wrong.append(Reason(ReasonCode.BAD_TIME, where, time))
        return 0, False
    time = ended_at(time, custom)
    limit = context.settings.future_limit_ms
    if context.receipt is not None and time > context.receipt + limit:
        wrong.append(future(limit, where if outer is None else "time"))
    return time, True


def _disagreements(about: Mapping[str, object], context: Context) -> int:
    """How often the CloudEvent around it says otherwise; the inner event wins."""
    outer = context.headers
    if "ce-id" not in outer:
        return 0
    own = context.settings.hosts.in_text
    names = ("id", "source", "type")
    told = {name: outer[f"ce-{name}"] for name in names if f"ce-{name}" in outer}
    count = sum(own(text) != about.get(name) for name, text in told.items())
    sent = outer.get(TIME)
    if sent is not None and "timestamp" in about:
        count += read_time(sent) != read_time(about["timestamp"])
    return count


def _needed(owner: Mapping[str, object], where: str, wrong: list[Reason]) -> str:
    value = owner.get(where.partition(".")[2])
    text = text_of(value)
    if text is not None:
        return text
    if value is None or isinstance(value, str):
        reason = Reason(ReasonCode.MISSING_FIELD, where, "every CDEvent needs it")
    else:
        reason = Reason(ReasonCode.WRONG_TYPE, where, "must be text")
    wrong.append(reason)
    return ""


def _object(owner: Mapping[str, object], name: str) -> Mapping[str, object]:
    value = owner.get(name)
    return cast("dict[str, object]", value) if isinstance(value, dict) else {}


PROVIDER: Final = Provider(NAME, (), recognise, decode)
