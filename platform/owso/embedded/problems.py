"""The one error of the embedded servers: a sentence for the person at the terminal."""


class ServerError(Exception):
    """A server could not be made, started or trusted; the text says what to do."""
