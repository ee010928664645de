"""Record files."""
