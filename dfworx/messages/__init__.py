"""Messages: markdown in a thread, live."""
