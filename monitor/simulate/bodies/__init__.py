"""What tools send: webhook bodies of things at an instant, as large as real ones."""
