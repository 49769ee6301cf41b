"""DFWorX: a workspace in which a software team discusses, decides and publishes."""

__version__ = "0.1.0"
