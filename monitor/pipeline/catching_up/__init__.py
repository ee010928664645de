"""Catch up: what is put off until the ends are reached, and who does it then."""
