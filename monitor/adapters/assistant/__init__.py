"""A process beside the service that does a part of the work of catching up."""
