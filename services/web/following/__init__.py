"""Following a request: the citizens' pages, and the doors at which providers call."""
