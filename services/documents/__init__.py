"""Scans and photos of a request's papers: checked, sealed on the disk, never simply deleted."""
