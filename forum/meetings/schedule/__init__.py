"""When a group meets: series, their occurrences, reminders."""
