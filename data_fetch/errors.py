"""The one exception of this package: its message is a sentence for the person at the keyboard."""


class DataError(RuntimeError):
    """What happened and what to do about it, in one or two sentences."""
