"""The configuration: its form, where its values come from, and what they mean."""
