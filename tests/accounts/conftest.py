"""Fixtures of these tests."""

from tests.people import configured, empty, fresh_limits, has_password
from tests.postbox import postbox

__all__ = ["configured", "empty", "fresh_limits", "has_password", "postbox"]
