"""The benchmark: the real server, measured beside the limit that the same machine sets in the same run."""
