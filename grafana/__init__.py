"""Boards for Grafana, generated from Python."""
