"""Tests: real Postgres, real sockets, a real browser."""
