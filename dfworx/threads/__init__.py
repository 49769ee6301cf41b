"""Threads: titled conversations in a channel."""
