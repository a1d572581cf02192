"""The public page that tells whether a printed document is genuine."""
