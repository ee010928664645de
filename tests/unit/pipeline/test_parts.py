"""Parts of a number as rows: equal ones are one, exactly."""

from __future__ import annotations

from fractions import Fraction

from monitor.domain.pages import PartRow
from monitor.pipeline.showing.parts import Part, part_rows


def test_parts_that_are_shown_under_one_name_are_one_row() -> None:
    third = Fraction(1, 3)
    parts = [
        Part("a", "ticket_blocked", "acute", "small", third),
        Part("b", "ticket_blocked", "acute", "tiny", 2 * third),
        Part("a", "ticket_blocked", "chronic", "small", third),
        Part("a", "active", "feature", "", Fraction(5)),
    ]
    assert part_rows(parts, lambda part: part.on_team and "domain:shop") == (
        PartRow("active", "feature", "", 5.0),
        PartRow("ticket_blocked", "acute", "domain:shop", 1.0),
        PartRow("ticket_blocked", "chronic", "domain:shop", 1 / 3),
    )
