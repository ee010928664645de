"""Jira: webhooks and issues to facts. It begins in ``webhooks``."""
