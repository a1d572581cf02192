"""The capital and provinces, each in a schema of its own, and the only ways to enter them."""
