"""People: registering, signing in, sessions, passwords."""
