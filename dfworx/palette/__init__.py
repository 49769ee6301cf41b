"""The command palette: channels, threads and people by a few letters of their names."""
