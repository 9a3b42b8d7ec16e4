"""Actions that wait for a second person, and who that may be."""
