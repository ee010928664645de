"""What the commands of the command line do, but for those of a line or two."""
