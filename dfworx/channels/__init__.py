"""Channels: named places that contain threads."""
