"""The citizens' pages on the public host."""
