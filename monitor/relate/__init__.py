"""Which item a fact belongs to, and what one item must know of another, pure."""
