"""Processes that evaluate items beside the one that reads and stores."""
