"""The command palette: channels, threads, people and decisions by a few letters of their names."""
