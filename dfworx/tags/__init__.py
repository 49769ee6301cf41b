"""Tags: names with a color, put on threads and decisions; they know only the ids of what they hang on."""
