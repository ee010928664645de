"""GitHub: webhooks to facts. It begins in ``webhooks``."""
