"""Fixtures of these tests."""

from tests.people import configured

__all__ = ["configured"]
