"""What makes a self-check fail."""


class CheckError(Exception):
    """The system answered something else than it must; the text says where and what."""
