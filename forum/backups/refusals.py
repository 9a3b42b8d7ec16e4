"""Why a backup cannot be made or put back."""


class Refused(Exception):
    """The message is one clear sentence for the operator."""
