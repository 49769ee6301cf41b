"""The journey through the slices: what calls several of them in one transaction."""
