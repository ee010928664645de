"""The waits of an item: each kind as stretches of time, before they are charged."""
