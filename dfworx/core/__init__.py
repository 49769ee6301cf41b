"""Plain Python that everything may import: who acts, what is refused, what is announced."""
