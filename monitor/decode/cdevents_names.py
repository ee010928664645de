"""The names in a CDEvent: what none may be, told by where the event has it."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Final

from monitor.decode.checks import misnamed
from monitor.domain.outcomes import Reason

# What keys and fields of facts are made of; other text is read and not kept.
_NAMES: Final = (
    "context.source",
    "subject.id",
    "subject.source",
    "subject.content.pipelineName",
    "subject.content.repository.id",
    "subject.content.service.id",
    "subject.content.environment.id",
    "customData.build.scmState.url",
    "customData.build.scmState.commit",
    "customData.build.scmState.branch",
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
    """A reason for each name that holds what none does."""
    return misnamed({where: _text_at(body, steps) for where, steps in _STEPS.items()})


def _text_at(body: Mapping[str, object], steps: list[str]) -> str:
    value: object = body
    for step in steps:
        value = value.get(step) if isinstance(value, dict) else None
    return value if isinstance(value, str) else ""
