"""Journeys: what people do, in a real Chromium."""
