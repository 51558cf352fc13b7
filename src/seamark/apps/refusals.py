"""What an action says when it refuses."""


class ActionRefused(Exception):
    """The action was not done; `message` is shown as it is, `code` is for machines."""

    def __init__(self, code: str, message: str) -> None:
        super().__init__(message)
        self.code = code
        self.message = message
