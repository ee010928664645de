"""Worlds in which a platform is left alone, and what only looks like it."""
