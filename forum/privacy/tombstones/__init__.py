"""Tombstones: what was erased or withdrawn, kept outside the database and its backups.

A backup holds people who have erased themselves since it was made. A tombstone names one of them by
a digest of a random number, so a restored forum finds whom to erase again, and nobody learns more.
"""
