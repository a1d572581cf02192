"""The ministry's pages."""
