"""Stretches to segments: one item, one second; and what is counted beside them."""
