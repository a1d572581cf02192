"""The pages: the citizens' portal on the public host and the counter of each province."""
