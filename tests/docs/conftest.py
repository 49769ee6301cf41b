"""Fixtures of these tests."""

from tests.people import configured, fresh_limits, has_password

__all__ = ["configured", "fresh_limits", "has_password"]
