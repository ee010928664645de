"""The segments of all items, added up: totals, windows, cost, verdicts, reports."""
