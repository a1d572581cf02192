"""The two slips a citizen takes home: application receipt and payment receipt."""
