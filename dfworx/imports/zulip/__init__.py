"""Zulip's public archives: the tree of JSON files, and the HTML inside."""
