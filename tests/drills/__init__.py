"""Drills: what happens is made to happen, under load, and afterwards everything is counted."""
