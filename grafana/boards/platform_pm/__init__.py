"""The Platform-PM board, a module for each of its rows."""
