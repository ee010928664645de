"""Bytes to facts: a folder for each provider, pure."""
