"""Shared computers of an office, and the PINs by which people change places there."""
