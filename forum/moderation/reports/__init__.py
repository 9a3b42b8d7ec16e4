"""Reports: what can be reported, by whom, and what came of it."""
