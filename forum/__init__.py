"""Common Thread: a support-group forum that also measures whether taking part helps."""

from importlib.metadata import PackageNotFoundError, version

try:
    __version__ = version("common-thread")
except PackageNotFoundError:
    __version__ = "0+checkout"
