"""``DataError``: its message is for the person at the keyboard. The others stay in a download."""


class DataError(RuntimeError):
    """What happened and what to do about it, in one or two sentences."""


class Broken(Exception):
    """The transfer broke off; ``wait`` is the pause the server asked for, in seconds."""

    def __init__(self, reason: str, wait: float = 0.0):
        super().__init__(reason)
        self.wait = wait


class Refused(Exception):
    """What this address gives is not the file; ``resumed``: it was put together from two."""

    def __init__(self, reason: str, resumed: bool = False):
        super().__init__(reason)
        self.resumed = resumed
