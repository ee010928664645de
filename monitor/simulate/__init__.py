"""A simulated organisation and its true ledger."""
