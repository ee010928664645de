"""Native events, friction-monitor's own format, to facts. It begins in ``events``."""
