"""Taking over older registers: files are read, checked row by row, and imported case by case."""
