"""Who did what, when and from where: one row for each action."""
