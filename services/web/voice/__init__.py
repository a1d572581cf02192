"""Ratings and complaints: the citizens' pages, and those of the citizens' office."""
