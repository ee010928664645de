"""The form of ``[decode]``: words of trackers and bridges, addresses of GitHub's."""

from __future__ import annotations

from decimal import Decimal
from typing import Annotated, Literal

from pydantic import BaseModel, Field

from monitor.config.addresses import Hosts
from monitor.config.jira import JiraSection
from monitor.config.model import Seconds
from monitor.config.scalars import Section
from monitor.config.words import AS_COMPARED, Words

WorkClass = Literal["feature", "defect", "debt", "risk", "request", "none"]
Classes = Annotated[dict[str, WorkClass], AS_COMPARED]


class GithubSection(Section, BaseModel):  # BaseModel: ruff looks for it (RUF012)
    """``hosts``: another address of a GitHub server, and the one that is its own."""

    hosts: Hosts = {}


class DecodeSection(Section, BaseModel):  # BaseModel: ruff looks for it (RUF012)
    """Words of trackers and bridges. Lists replace the defaults, tables add to them."""

    types: Classes = {}
    labels: Classes = {}
    prefixes: Classes = {}
    blocked_labels: Words | None = None
    blocked_on_prefixes: Words | None = None
    in_progress_labels: Words | None = None
    parked_labels: Words | None = None
    done_labels: Words | None = None
    github: GithubSection = GithubSection()
    jira: JiraSection = JiraSection()
    bots: Words = ()
    header_prefixes: Words | None = None
    max_body_bytes: Annotated[int, Field(ge=1_000, le=100_000_000)] = 25_000_000
    future_limit_seconds: Seconds = Decimal(300)
