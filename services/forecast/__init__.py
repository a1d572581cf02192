"""When a request will likely be ready, told from what really happened."""
