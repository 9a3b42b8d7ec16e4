"""Common Thread: a support-group forum that also measures whether taking part helps."""
