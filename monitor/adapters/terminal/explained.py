"""What ``friction explain`` prints: segments with their reasons, in three forms."""

from __future__ import annotations

import csv
from collections.abc import Callable, Iterable, Sequence
from decimal import Decimal
from fractions import Fraction
from typing import Final, TextIO

from rich.console import Console
from rich.text import Text

from monitor.adapters.terminal.printable import csv_text
from monitor.adapters.terminal.tables import cell, seconds_text
from monitor.adapters.terminal.whole_tables import columns_of, print_whole
from monitor.domain.facts import Fact
from monitor.indicators.explaining.evidence import Reason
from monitor.indicators.totals.report import rfc3339
from monitor.pipeline.explaining import Explained

# The name of the record that a fact was read from, or of its pipeline.
Named = Callable[[Fact], str]
# What an item, or a part of one, is called on pages.
Called = Callable[[str], str]

_COLUMNS: Final = columns_of(
    ("item", "what", "on team", "phase", "from", "to", "share", "seconds", "because"),
    numbers=("share", "seconds"),
    times=("from", "to"),
)
_FACT_COLUMNS: Final = columns_of(
    ("from", "rule", "ended", "fact", "thing", "time", "record"),
    times=("from", "time"),
)
CSV_COLUMNS: Final = (
    "item",
    "team",
    "component",
    "on_team",
    "phase",
    "from",
    "to",
    "working_ms",
    "share",
    "seconds",
    "rule",
    "ended",
    "opened",
    "closed",
    "share_decimal",
    "name",
)


def print_lines(lines: Sequence[Explained], called: Called, console: Console) -> None:
    """The segments behind a number, and their exact sum."""
    counted = "1 segment" if len(lines) == 1 else f"{len(lines)} segments"
    rows = (
        (
            cell(called(line.item)),
            line.what,
            cell(line.on_team),
            line.phase,
            rfc3339(line.start),
            rfc3339(line.end),
            str(line.share),
            seconds_text(line.seconds),
            rules_of(because.reasons),
        )
        for line, because in lines
    )
    print_whole(None, _COLUMNS, rows, console)
    whole = seconds_text(sum((line.seconds for line, _ in lines), Fraction(0)))
    text = Text(f"{counted}, sum of seconds: {whole}")
    # Not broken into lines: it is what was asked for, and may be copied.
    console.print(text, soft_wrap=True)


def print_facts(
    lines: Iterable[Explained], named: Named, called: Called, console: Console
) -> None:
    """Below the segments of one item: what began and ended each."""
    rows = (
        (
            rfc3339(line.start),
            reason.rule,
            because.ended,
            f"{word}: {fact.kind}",
            cell(called(fact.entity)),
            rfc3339(fact.time),
            cell(named(fact)),
        )
        for line, because in lines
        for reason in because.reasons
        for word, facts in (("opened", reason.opened), ("closed", reason.closed))
        for fact in facts
    )
    print_whole("facts", _FACT_COLUMNS, rows, console)


def documents_of(
    lines: Iterable[Explained], named: Named, pipeline: Named, called: Called
) -> list[dict[str, object]]:
    """The segments as JSON objects; ``working_ms`` x ``share`` is exact."""
    return [
        {
            "item": line.item,
            "team": line.team,
            "component": line.what,
            "on_team": line.on_team or None,
            "phase": line.phase,
            "from": rfc3339(line.start),
            "to": rfc3339(line.end),
            "share": str(line.share),
            "working_ms": line.working_ms,
            "seconds": float(line.seconds),
            "ended": because.ended or None,
            "because": reason_documents(because.reasons, named, pipeline),
            "name": called(line.item),
        }
        for line, because in lines
    ]


def reason_documents(
    reasons: Iterable[Reason], named: Named, pipeline: Named
) -> list[object]:
    """Why something is there, as JSON objects."""
    return [
        {
            "rule": reason.rule,
            "thing": reason.entity or None,
            "opened": [_document(fact, named, pipeline) for fact in reason.opened],
            "closed": [_document(fact, named, pipeline) for fact in reason.closed],
        }
        for reason in reasons
    ]


def write_csv(
    lines: Iterable[Explained], named: Named, called: Called, out: TextIO
) -> None:
    """The segments as RFC 4180 has it: a header, lines that end with CR LF.

    ``seconds`` is cut to nanoseconds, half to even: a sum of n lines is exact to
    n half nanoseconds. ``working_ms`` x ``share`` is exact, and spreadsheets take a
    ``share`` of ``1/3`` for a date: ``share_decimal`` is cut as ``seconds`` is.
    """
    writer = csv.writer(out, lineterminator="\r\n")
    writer.writerow(CSV_COLUMNS)
    for line, because in lines:
        reasons = because.reasons
        writer.writerow(
            (
                csv_text(line.item),
                csv_text(line.team),
                line.what,
                csv_text(line.on_team),
                line.phase,
                rfc3339(line.start),
                rfc3339(line.end),
                line.working_ms,
                str(line.share),
                nanoseconds(line.seconds),
                rules_of(because.reasons),
                because.ended,
                csv_facts((fact for one in reasons for fact in one.opened), named),
                csv_facts((fact for one in reasons for fact in one.closed), named),
                nanoseconds(line.share),
                csv_text(called(line.item)),
            )
        )


def nanoseconds(value: Fraction) -> str:
    """Seconds, or a share, as a plain decimal of at most nine places, half to even."""
    text = f"{Decimal(round(value * 10**9)).scaleb(-9):f}"
    return text.rstrip("0").rstrip(".")


def rules_of(reasons: Iterable[Reason]) -> str:
    """The names of their rules, each once."""
    return " + ".join(dict.fromkeys(reason.rule for reason in reasons))


def csv_facts(facts: Iterable[Fact], named: Named) -> str:
    """What happened to what, when, and where it was read, as one cell."""
    return csv_text(
        "; ".join(
            " ".join(
                filter(None, (fact.kind, fact.entity, rfc3339(fact.time), named(fact)))
            )
            for fact in facts
        )
    )


def _document(fact: Fact, named: Named, pipeline: Named) -> dict[str, object]:
    return {
        "kind": fact.kind,
        "thing": fact.entity,
        "time": rfc3339(fact.time),
        "record": named(fact) or None,
        "pipeline": pipeline(fact) or None,
    }
