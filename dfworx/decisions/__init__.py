"""Decisions: numbered records that grow out of a conversation, with who agreed, who did not, and why."""
