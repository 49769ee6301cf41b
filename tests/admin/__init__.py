"""Looking after an installation."""
