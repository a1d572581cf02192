"""The counter of an office, on the host of its province."""
