"""The names in a CDEvent: what none may be, told by where the event has it."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Final

from monitor.decode.cdevents.content import REFERENCES
from monitor.decode.checks import misnamed
from monitor.decode.native.model import LONGEST_NAME
from monitor.domain.outcomes import Reason, ReasonCode

# What keys and fields of facts are made of; other text is read and not kept.
_NAMES: Final = (
    "context.source",
    "subject.id",
    "subject.source",
    "subject.content.pipelineName",
    *(
        f"subject.content.{name}{part}"
        for name in REFERENCES
        for part in ("", ".id", ".name")
    ),
    "customData.build.scmState.url",
    "customData.build.scmState.commit",
    "customData.build.scmState.branch",
    "customData.github.changes.new_repository.full_name",
    "customData.github.changes.old_repository.full_name",
    "customData.github.deployment.environment",
    "customData.github.deployment.sha",
    "customData.github.pull_request.head.ref",
    "customData.github.pull_request.head.sha",
    "customData.github.pull_request.merge_commit_sha",
    "customData.github.repository.full_name",
    "customData.github.requested_team.html_url",
    "customData.github.requested_team.slug",
    "customData.github.workflow.name",
    "customData.github.workflow_run.head_branch",
    "customData.github.workflow_run.head_sha",
)
# Pages are as long as they are, as in native events.
_PAGES: Final = (
    "subject.content.uri",
    "subject.content.url",
    "subject.content.ticketURI",
    "subject.content.resourceTargetUrl",
)
_STEPS: Final = {where: where.split(".") for where in (*_NAMES, *_PAGES)}


def name_mistakes(body: Mapping[str, object]) -> list[Reason]:
    """Names that hold what none does, and names longer than any real one."""
    texts = {where: _text_at(body, steps) for where, steps in _STEPS.items()}
    return [*misnamed(texts), *_too_long(texts)]


def _too_long(texts: Mapping[str, str]) -> list[Reason]:
    text = f"is longer than {LONGEST_NAME} characters"
    return [
        Reason(ReasonCode.BAD_VALUE, where, text)
        for where in _NAMES
        if len(texts[where].strip()) > LONGEST_NAME
    ]


def _text_at(body: Mapping[str, object], steps: list[str]) -> str:
    value: object = body
    for step in steps:
        value = value.get(step) if isinstance(value, dict) else None
    return value if isinstance(value, str) else ""
