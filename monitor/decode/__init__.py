"""Bytes to facts: one file a provider, pure."""
