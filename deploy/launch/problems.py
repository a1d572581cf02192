"""The launcher's one error: a sentence that says what is wrong and what to do."""


class LaunchError(Exception):
    """Something on this machine stops the system; run.py prints the text and ends."""
