"""Pages of the money in the drawers: tills, their reports, deposits and KHQR."""
