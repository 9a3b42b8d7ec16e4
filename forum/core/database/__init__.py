"""How each kind of database is opened, questions compiled once, and why it does not work."""
