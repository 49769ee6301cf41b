"""Bringing in what a team already has."""
