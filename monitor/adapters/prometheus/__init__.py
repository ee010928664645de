"""The catalogue of metrics and their exposition."""
