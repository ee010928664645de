"""Is a Platform PM needed: the seven signals, and how many the patterns ask for."""

from __future__ import annotations

from collections.abc import Mapping
from fractions import Fraction
from types import MappingProxyType
from typing import Final

from grafana_foundation_sdk.builders import common, statetimeline
from grafana_foundation_sdk.models import common as options

from grafana.boards.links import link_to_page
from grafana.boards.promql import select
from grafana.boards.queries import now, over_time
from grafana.boards.style import (
    BLUE,
    COUNT,
    ORANGE,
    RATIO,
    WHOLE,
    About,
    Panel,
    described,
    stat_panel,
    text_panel,
)
from grafana.boards.tables import Column, Words, table_panel, told_by
from monitor.domain.signal_rules import Signal
from monitor.indicators.signals import (
    different_ways,
    hard_interfaces,
    leaders_decide,
    platform_postponed,
    slow_tooling,
    systemic_findings,
    upkeep_neglected,
)
from monitor.indicators.signals.hysteresis import DAYS_TO_TURN
from monitor.indicators.signals.need import SENTENCE, SIGNALS_NEEDED

TITLE: Final = "Is a Platform PM needed, and how many?"

# No metric tells thresholds: they are constants of the program, taken from where it
# judges by them. A ratio turns its signal on from these values on.
AT_LEAST: Final[Mapping[Signal, Fraction]] = MappingProxyType(
    {
        Signal.DIFFERENT_WAYS: different_ways.THRESHOLD,
        Signal.SLOW_TOOLING: slow_tooling.THRESHOLD,
        Signal.HARD_INTERFACES: hard_interfaces.THRESHOLD,
        Signal.LEADERS_DECIDE: leaders_decide.THRESHOLD,
        Signal.PLATFORM_POSTPONED: platform_postponed.THRESHOLD,
        Signal.SYSTEMIC_FINDINGS: systemic_findings.THRESHOLD,
    }
)
# And these ratios below theirs.
BELOW: Final[Mapping[Signal, Fraction]] = MappingProxyType(
    {Signal.UPKEEP_NEGLECTED: upkeep_neglected.FLOOR}
)

_SECTION: Final = "asked"
_NOT_YET: Final = "not known yet: catching up, or no data"
# Not "text": a line filled with it would be black, or white.
_GREY: Final = "#7d7d7d"

# "Off" is also said where nothing could be judged; without a ratio that may be why.
_ON: Final = Words(1, "on", ORANGE)
_OFF: Final = Words(0, "off", BLUE)
_NO_RATIO: Final = Words(-1, "off, no ratio", _GREY)
_STATES: Final = (_ON, _OFF, _NO_RATIO)
_SIDES: Final = (Words(1, "at least", "text"), Words(0, "below", "text"))
_NOT_STATED: Final = Words(-1, "not stated", _GREY)

_WHAT_FOR: Final = f"""\
**{SENTENCE}**

That it does, the first row says; these seven say what it looks like. *Needed* means
all of it: {SIGNALS_NEEDED} signals on, **R** of all stream teams above 1 in 28 days and
in 7, and fewer Platform PMs than the range begins with. It is a count and no score; the
alert PlatformPMNeeded says when.

Thresholds are judgement, no target, and nothing to rank teams by. What made a signal,
teams and items, and since which day, is printed by `friction evaluate`. Is it right,
and known? Declare it in `[[signals.exempt]]`, with its last day. More in
`docs/signals.md` and `docs/runbooks/PlatformPMNeeded.md`.
"""


def panels() -> list[Panel]:
    """The row's panels: signals over time, Platform PMs, signals now, the sentence."""
    return [_states(), _platform_pms(), _signals(), _sentence()]


def _states() -> Panel:
    about = About(
        701,
        "Which signals are on, and since when",
        "Of the whole organisation, whichever teams are chosen above: a line for each"
        f" signal. On after {DAYS_TO_TURN} whole UTC days in a row at its threshold,"
        f" off after {DAYS_TO_TURN} clear of it, so that changes show a fortnight late."
        " On from the left edge: since before, choose a longer range. Grey: off without"
        " a ratio, which may be for want of data. False when the cause is known and"
        " allowed, as a migration or a push: exempt it, and those days count as off.",
        16,
        9,
        _SECTION,
        empty=_NOT_YET,
    )
    panel = described(
        statetimeline.Panel(), about, WHOLE, over_time("A", _state(), "{{signal}}")
    )
    legend = common.VizLegendOptions().show_legend(True)
    tooltip = common.VizTooltipOptions().mode(options.TooltipDisplayMode.MULTI)
    return (
        panel.legend(
            legend.display_mode(options.LegendDisplayMode.LIST)
            .placement(options.LegendPlacement.BOTTOM)
            .calcs([])
        )
        .tooltip(tooltip)
        .mappings([told_by(_STATES)])
        .data_links([link_to_page(f"#{_SECTION}")])
    )


def _platform_pms() -> Panel:
    about = About(
        702,
        "Platform PMs there are, and the usual range",
        f"{SENTENCE} How many is a range and never one number. From: one as soon as"
        " there is a platform team, and one for each ten of them. To: one for each"
        " platform domain, or for each six teams, whichever is more. Patterns, not a"
        " law. False when the teams file is out of date: all three come from it, and"
        " without platform teams in it the range begins at 0.",
        8,
        9,
        _SECTION,
        empty=_NOT_YET,
    )
    usual = "friction_platform_pm_recommended"
    least = f"max({select(usual, pattern='minimum')})"
    most = f"max({select(usual, pattern='=~domain|teams_high')})"
    there_are = f"max({select('friction_platform_pm_current')})"
    # Nobody said how many there are: that is not 0.
    stated = f"{there_are} or {least} * 0 - {-_NOT_STATED.code}"
    return (
        stat_panel(
            about,
            WHOLE,
            now("A", stated, "there are"),
            now("B", least, "usual: from"),
            now("C", most, "usual: to"),
        )
        .decimals(0)
        .mappings([told_by([_NOT_STATED])])
    )


def _signals() -> Panel:
    about = About(
        703,
        "Signals on the newest whole day",
        "The ratio of each signal beside the threshold that it is judged by; - where"
        " there is no ratio, which is not 0. A signal may be on below its threshold, or"
        f" off above it: it takes {DAYS_TO_TURN} days, and some have another condition"
        " beside the ratio. False when a difference is legitimate, a service popular or"
        " new, the organisation small, a backlog a store of ideas, a push deliberate,"
        " or after a campaign of labels.",
        16,
        10,
        _SECTION,
        empty=_NOT_YET,
    )
    sides = dict.fromkeys(AT_LEAST, 1) | dict.fromkeys(BELOW, 0)
    columns = (
        Column("State", _state(), COUNT, words=_STATES),
        Column("Ratio", _by_signal(select("friction_signal_ratio")), RATIO, 2),
        Column("On when it is", _stated(sides), COUNT, words=_SIDES),
        Column("Threshold", _stated({**AT_LEAST, **BELOW}), RATIO, 2),
    )
    return table_panel(about, {"signal": "Signal"}, columns, sort="Signal")


def _sentence() -> Panel:
    about = About(
        704,
        "When a Platform PM becomes essential",
        "What the signals and the range are for, when one is needed, and where more is"
        " said about it.",
        8,
        10,
        _SECTION,
    )
    return text_panel(about, _WHAT_FOR)


def _state() -> str:
    """The code of ``_STATES`` of each signal that the monitor tells of."""
    active = _by_signal(select("friction_signal_active"))
    ratio = _by_signal(select("friction_signal_ratio"))
    return (
        f"{active} == 1 or {active} and on (signal) {ratio}"
        f" or {active} * 0 - {-_NO_RATIO.code}"
    )


def _stated(numbers: Mapping[Signal, Fraction | int]) -> str:
    """A number of the program's for each signal that the monitor tells of.

    Where it tells of none nothing is shown, as for all that is measured.
    """
    signals: dict[Fraction | int, list[str]] = {}
    for signal, number in numbers.items():
        signals.setdefault(number, []).append(signal)
    cases = (
        f"{select('friction_signal_active', signal='=~' + '|'.join(names))}"
        f" * 0 + {float(number):g}"
        for number, names in signals.items()
    )
    return _by_signal(" or ".join(cases))


def _by_signal(expr: str) -> str:
    return f"max by (signal) ({expr})"
