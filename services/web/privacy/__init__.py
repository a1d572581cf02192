"""Data protection on the pages: the notice, a file, the rules of retention, copies of data."""
