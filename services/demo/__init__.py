"""Invented people and history, so that the system can be tried before real offices use it."""
