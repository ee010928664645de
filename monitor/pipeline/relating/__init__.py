"""Relate: where each fact belongs, whatever order things become known in."""
