"""The tables of a release of aggregates, a file each."""
