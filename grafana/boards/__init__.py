"""The boards, and what they are made of."""
