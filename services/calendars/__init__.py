"""Office hours, public holidays and the deadlines that follow from them."""
