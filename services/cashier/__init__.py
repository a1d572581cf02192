"""Fees, payments and receipts of a province; everything that was paid stays written."""
