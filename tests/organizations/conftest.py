"""Fixtures of these tests."""

from tests.people import configured, empty, fresh_limits, has_password

__all__ = ["configured", "empty", "fresh_limits", "has_password"]
