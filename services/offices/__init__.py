"""The offices of a province, their counters, and who may do what in them."""
