"""What the back office does with a file between its registration and its result."""
