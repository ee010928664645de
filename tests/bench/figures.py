"""What was measured, beside what is promised: a table for people, JSON for machines."""

import json
from collections.abc import Iterable
from dataclasses import dataclass
from pathlib import Path
from typing import Literal

Better = Literal["higher", "lower"]


@dataclass(frozen=True, slots=True)
class Figure:
    """One measured value with its bound and aim; ``note`` says what it was made of.

    Without a bound it is told for its own sake, and nothing is promised of it.
    """

    name: str
    value: float
    unit: str
    bound: float | None = None
    aim: float | None = None
    better: Better = "lower"
    note: str = ""

    @property
    def ok(self) -> bool | None:
        """Whether the bound holds; ``None`` without a bound."""
        return None if self.bound is None else self._reaches(self.bound)

    @property
    def verdict(self) -> str:
        """The bound and the aim in one word."""
        if self.bound is None or self.aim is None:
            return ""
        if not self.ok:
            return "MISSED"
        return "aim" if self._reaches(self.aim) else "ok"

    def _reaches(self, limit: float) -> bool:
        if self.better == "higher":
            return self.value >= limit
        return self.value <= limit


def write(figures: Iterable[Figure], path: Path) -> None:
    """Write ``[{name, value, unit, bound, aim, ok, note}]``."""
    rows = [
        {
            "name": one.name,
            "value": round(one.value, 4),
            "unit": one.unit,
            "bound": one.bound,
            "aim": one.aim,
            "ok": one.ok,
            "note": one.note,
        }
        for one in figures
    ]
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_text(json.dumps(rows, indent=2) + "\n")


def table(figures: Iterable[Figure]) -> str:
    """The figures in columns, notes below their rows."""
    lines = [_line("what", "value", "bound", "aim", "")]
    for one in figures:
        value = f"{_short(one.value)} {one.unit}".strip()
        bound, aim = _short(one.bound), _short(one.aim)
        lines.append(_line(one.name, value, bound, aim, one.verdict))
        if one.note:
            lines.append(f"    {one.note}")
    return "\n".join(lines)


def _line(name: str, value: str, bound: str, aim: str, verdict: str) -> str:
    return f"{name:<58}{value:>14}{bound:>9}{aim:>8}  {verdict}".rstrip()


def _short(value: float | None) -> str:
    if value is None:
        return ""
    return f"{value:.0f}" if value >= 100 else f"{value:.3g}"
