"""A citizen's request from the counter to its collection."""
