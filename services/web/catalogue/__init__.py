"""The services of all offices as citizens read them: lists, search, fees, places, days."""
