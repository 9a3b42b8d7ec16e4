"""The activity record: rows from events and from reading."""
