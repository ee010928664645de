"""An item: when it is in flight, whose it is, of which class, and who is charged."""
