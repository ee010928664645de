"""HTTP: /metrics, health and the page."""
