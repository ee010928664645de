"""What `friction doctor` looks at; nothing here changes anything."""
