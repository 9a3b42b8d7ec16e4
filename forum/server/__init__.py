"""The server: checks before the start, and how gunicorn is run."""
