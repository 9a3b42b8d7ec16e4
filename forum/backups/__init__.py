"""Backups: the database and the files of the forum in one file, and putting them back."""
