"""Default deny, proven: what strangers, colleagues and programs cannot do."""
