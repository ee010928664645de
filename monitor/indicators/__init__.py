"""Facts of an item to its timeline, timelines to totals and verdicts, pure."""
