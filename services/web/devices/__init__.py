"""The pages of a shared computer: locking, changing places, setting a PIN, enrolling."""
