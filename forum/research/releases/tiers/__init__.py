"""What a release tells: aggregates, microdata, events."""
