"""The national layer: events of all provinces folded into facts, verified and shown."""
