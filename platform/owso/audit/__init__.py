"""Who did or read what, when and from where: one row each, sealed in a chain afterwards."""
