"""The outside world: database, embedded servers, settings, text rendering."""
