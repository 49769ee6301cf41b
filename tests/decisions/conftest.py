"""Fixtures of these tests."""

from tests.people import configured
from tests.postbox import postbox

__all__ = ["configured", "postbox"]
