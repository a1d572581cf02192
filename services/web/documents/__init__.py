"""Documents of a request: the page, the form, and uploads that survive a cut line."""
