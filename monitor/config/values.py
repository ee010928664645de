"""What parts of the program need of the configuration, in their own words."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from fractions import Fraction

from monitor.config.decoding import DecodeSection
from monitor.config.jira import JiraSection
from monitor.config.sections import Config
from monitor.config.signals import label_table
from monitor.config.words import compared
from monitor.decode.hosts import ServerHosts
from monitor.decode.jira.rules import JiraRules, word
from monitor.decode.settings import (
    DecodeSettings,
    LabelRules,
    TopicHint,
    WorkClassTable,
)
from monitor.domain.model import Model
from monitor.domain.working_time import DAY
from monitor.pipeline.sealing import Retention


def model_of(config: Config) -> Model:
    """The costing model the configuration asks for, in exact numbers."""
    section = config.model
    return Model(
        omega_lower=Fraction(section.omega.lower),
        omega_central=Fraction(section.omega.central),
        omega_upper=Fraction(section.omega.upper),
        d0_ms=int(section.d0_seconds * 1_000),
        settle_ms=int(section.settle_seconds * 1_000),
        idle_days=section.idle_days,
        stale_days=section.stale_days,
        link_blocks=section.link_blocks,
        unclassified_as_feature=section.unclassified_as_feature,
        min_items_month=section.min_items_month,
        min_items_week=section.min_items_week,
        min_feature_share=Fraction(section.min_feature_share),
        withhold_share=Fraction(section.withhold_share),
        production=(
            *(name.strip().casefold() for name in section.production_environments),
            *([""] if section.unnamed_is_production else []),
        ),
    )


def retention_of(config: Config) -> Retention | None:
    """How long after closing what of an item is kept; None for everything for ever."""
    section = config.state
    if not section.seal:
        return None
    kept_days = max(section.retention_days, section.seal_after_days)
    return Retention(section.seal_after_days * DAY, kept_days * DAY)


def decode_settings(config: Config, projects: frozenset[str]) -> DecodeSettings:
    """What decoding needs: the configured words, and the directory's projects."""
    section, usual = config.decode, DecodeSettings()
    labels = _labels(section)
    return DecodeSettings(
        projects=projects,
        classes=_classes(section, labels),
        labels=labels,
        jira=_jira(section.jira),
        hosts=ServerHosts(section.github.hosts),
        signals=label_table(config.signals, labels.blocked_on),
        bots=frozenset(map(compared, section.bots)),
        header_prefixes=(
            usual.header_prefixes
            if section.header_prefixes is None
            else tuple(prefix.lower() for prefix in section.header_prefixes)
        ),
        max_body_bytes=section.max_body_bytes,
        future_limit_ms=int(section.future_limit_seconds * 1_000),
    )


def topic_hints(config: Config) -> dict[str, TopicHint]:
    """What the configuration says of each topic's bodies, in the order given."""
    return {
        topic.name: TopicHint(topic.provider, topic.unwrap, topic.event)
        for topic in config.kafka.topics
    }


def _classes(section: DecodeSection, labels: LabelRules) -> WorkClassTable:
    usual = WorkClassTable()
    return WorkClassTable(
        types=_merged(usual.types, section.types),
        labels=_merged(usual.labels, section.labels),
        prefixes=_merged(usual.prefixes, section.prefixes),
        blocked_on=labels.blocked_on,
    )


def _merged(usual: Mapping[str, str], more: Mapping[str, str]) -> dict[str, str]:
    """The usual words with more; a word that means ``none`` is taken out."""
    merged = {**usual, **more}
    return {word: meaning for word, meaning in merged.items() if meaning != "none"}


def _labels(section: DecodeSection) -> LabelRules:
    usual = LabelRules()
    return LabelRules(
        blocked=_folded(section.blocked_labels, usual.blocked, compared),
        blocked_on=tuple(
            usual.blocked_on
            if section.blocked_on_prefixes is None
            else (prefix.lower() for prefix in section.blocked_on_prefixes)
        ),
        in_progress=_folded(section.in_progress_labels, usual.in_progress, compared),
        parked=_folded(section.parked_labels, usual.parked, compared),
        done=_folded(section.done_labels, usual.done, compared),
    )


def _jira(section: JiraSection) -> JiraRules:
    usual = JiraRules()
    return JiraRules(
        statuses=section.statuses,
        blocked=_folded(section.blocked_statuses, usual.blocked),
        waiting={**usual.waiting, **section.waiting_statuses},
        cancelled_statuses=_folded(
            section.cancelled_statuses, usual.cancelled_statuses
        ),
        cancelled_resolutions=_folded(
            section.cancelled_resolutions, usual.cancelled_resolutions
        ),
        team_fields=_fields(section.team_fields, usual.team_fields),
        flagged_fields=_fields(section.flagged_fields, usual.flagged_fields),
        links={**usual.links, **section.link_types},
        sites=section.sites,
    )


def _fields(names: tuple[str, ...] | None, usual: tuple[str, ...]) -> tuple[str, ...]:
    return usual if names is None else tuple(word(name) for name in names)


def _folded(
    words: tuple[str, ...] | None,
    usual: frozenset[str],
    folded: Callable[[str], str] = word,
) -> frozenset[str]:
    """The words as they are compared: those of a Jira site, or as ``folded`` has it."""
    return usual if words is None else frozenset(map(folded, words))
