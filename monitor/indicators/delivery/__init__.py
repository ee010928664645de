"""What an item delivered: deploys, changes that they brought, and its flow."""
