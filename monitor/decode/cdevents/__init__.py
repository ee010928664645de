"""CDEvents to facts. It begins in ``events``."""
