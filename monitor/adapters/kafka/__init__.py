"""Records from Kafka."""
