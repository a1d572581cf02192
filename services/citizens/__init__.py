"""What citizens may read of a province: their own file, receipts, offices and usual times.

Everything here goes through views and one function that the portal's role may use.
"""
