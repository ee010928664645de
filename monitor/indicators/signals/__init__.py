"""The seven signals of indicators 3, what they come to, and how many PMs that asks."""
