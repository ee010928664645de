"""What happens to an item, step by step, and what the tools tell of it."""
