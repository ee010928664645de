"""The data path: ports, the runner, and its policies as values."""
