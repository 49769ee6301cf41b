"""Plain Python that everything stands on."""
