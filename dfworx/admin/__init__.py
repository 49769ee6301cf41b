"""Looking after an installation: people, organizations, sessions, and what the server does."""
