"""Asking for a release: the request, the queue, the worker, the download."""
