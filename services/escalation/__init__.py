"""Reminders before the limit of a stage, a ladder after it, and the notices people get."""
