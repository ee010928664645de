"""What a person sees in the terminal: tables, progress, logs."""
